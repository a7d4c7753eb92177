/** Owns the commands `check` and `diff`: from what is looked at, through the engine, to the output and the exit code. */
import { decodeSource } from '../celery/decode.ts'
import { FACTS_VERSION } from '../celery/facts.ts'
import { type Finding, isAtLeast, type Report, type Severity, type Skipped } from '../core/finding.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { Lines } from '../core/text.ts'
import { type AnalysisOptions, checkProject, compareProjects } from '../engine/analyse.ts'
import { explainSilence, type Place } from '../engine/explain-silence.ts'
import { MemoryFactsCache } from '../engine/load-project.ts'
import { loadRules } from '../rule/registry.ts'
import { catalogueOf } from './catalogue.ts'
import { cacheDirectory, DiskFactsCache } from './facts-cache.ts'
import { type FormatName, formats } from './formats/formats.ts'
import type { Io } from './io.ts'
import { packageVersion } from './package.ts'
import { Progress } from './progress.ts'
import { readSettings, type SettingsOptions } from './settings.ts'
import { type ChangeTarget, readChange, readCommitTree, readTree, type Target } from './target.ts'
import { paintFor, printable, textWidth } from './terminal.ts'

export interface ReviewOptions extends SettingsOptions {
  readonly format: FormatName
  /** Findings below it are not shown, and do not count. */
  readonly severity: Severity
  /** The severity from which a finding makes the command fail. */
  readonly failOn: Severity
  /** Whether facts are remembered between runs. */
  readonly cache: boolean
  readonly repo?: string
  /** Says why this place was not reported, instead of reporting anything. */
  readonly explainSilence?: Place
}

/**
 * Shows all findings of a tree. The answer is the exit code.
 * @throws UserError when the tree or the configuration cannot be read.
 */
export async function check(
  paths: readonly string[],
  options: ReviewOptions & { readonly ref?: string },
  io: Io,
): Promise<number> {
  const { repo, ref } = options
  const fromCommit = repo !== undefined || ref !== undefined
  const reading = fromCommit ? readCommitTree(io.cwd, { repo, ref: ref ?? 'HEAD' }, paths) : readTree(io.cwd, paths)
  if (options.explainSilence) return explain(reading, (target) => target, options, io)
  return review(reading, options, io, ({ snapshot }, analysis) => checkProject(snapshot, analysis))
}

/**
 * Shows the findings that a change introduces. The answer is the exit code.
 * @throws UserError when a commit or the configuration cannot be read.
 */
export async function diff(base: string, head: string | undefined, options: ReviewOptions, io: Io): Promise<number> {
  const reading = readChange(io.cwd, { repo: options.repo, base, head })
  const comparison = ({ snapshot: after, base: before, changes }: ChangeTarget) => ({ before, after, changes })
  if (options.explainSilence) return explain(reading, comparison, options, io)
  return review(reading, options, io, (target, analysis) => compareProjects(comparison(target), analysis))
}

async function explain<T extends Target & Partial<ChangeTarget>>(
  reading: Promise<T>,
  subjectOf: (target: T) => Parameters<typeof explainSilence>[0],
  options: ReviewOptions,
  io: Io,
): Promise<number> {
  const [target, rules] = await Promise.all([reading, loadRules()])
  const settings = await readSettings(target.base ?? target.snapshot, rules, options, io.cwd)
  const place = options.explainSilence!
  const left = target.snapshot.skipped.find(({ path }) => path === place.path)
  const answer = left
    ? [`the file is left out: it ${left.reason}`]
    : await withFacts(options, io, (cache) => explainSilence(subjectOf(target), place, { rules, settings, cache }))
  io.stdout.write(`${printable(`${place.path}:${place.line}`)}\n`)
  for (const line of answer) io.stdout.write(`  ${printable(line)}\n`)
  return 0
}

async function review<T extends Target & Partial<ChangeTarget>>(
  reading: Promise<T>,
  options: ReviewOptions,
  io: Io,
  analyse: (target: T, analysis: AnalysisOptions) => Promise<Report>,
): Promise<number> {
  const startedAt = io.now()
  const [target, rules] = await Promise.all([reading, loadRules()])
  // A change does not decide how it is judged: its base does.
  const settings = await readSettings(target.base ?? target.snapshot, rules, options, io.cwd)
  const report = await withFacts(options, io, (cache) => analyse(target, { rules, settings, cache }))
  const findings = report.findings.filter(
    ({ path, severity }) => target.isShown(path) && isAtLeast(severity, options.severity),
  )
  const outcome = {
    ...report,
    findings,
    skipped: [...report.skipped, ...newlySkipped(target)].filter(({ path }) => target.isShown(path)),
    stats: { ...report.stats, ms: Math.round(io.now() - startedAt) },
    sources: await readSources(target.snapshot, findings),
    rules: catalogueOf(rules).map(({ meta }) => meta),
  }
  const presentation = {
    paint: paintFor(io.stdout, io.environment),
    width: textWidth(io.stdout),
    displayPath: target.displayPath,
  }
  io.stdout.write(formats[options.format](outcome, presentation))
  return findings.some(({ severity }) => isAtLeast(severity, options.failOn)) ? 1 : 0
}

async function withFacts<T>(
  { cache: isCached }: ReviewOptions,
  io: Io,
  analyse: (cache: NonNullable<AnalysisOptions['cache']>) => Promise<T>,
): Promise<T> {
  const progress = new Progress(io.stderr, io.now)
  const version = `${packageVersion()}-${FACTS_VERSION}`
  const disk = isCached ? new DiskFactsCache(cacheDirectory(io.environment), version) : undefined
  try {
    return await analyse(progress.watch(disk ?? new MemoryFactsCache()))
  } finally {
    disk?.close()
    progress.clear()
  }
}

/** What is left out of the listing; for a change, what its base did not leave out already. */
function newlySkipped({ snapshot, base }: Target & Partial<ChangeTarget>): Skipped[] {
  const known = new Set(base?.skipped.map(({ path }) => path))
  return snapshot.skipped.filter(({ path }) => !known.has(path))
}

async function readSources(snapshot: Snapshot, findings: readonly Finding[]): Promise<Map<string, Lines>> {
  const paths = new Set(findings.map(({ path }) => path))
  const contents = await snapshot.read(snapshot.files.filter(({ path }) => paths.has(path)))
  const sources = new Map<string, Lines>()
  for (const [path, bytes] of contents) {
    const decoded = decodeSource(bytes)
    if ('text' in decoded) sources.set(path, new Lines(decoded.text))
  }
  return sources
}
