/** Owns the commands `check` and `diff`: from what is looked at, through the engine, to the output and the exit code. */
import { decodeSource } from '../celery/decode.ts'
import { UserError } from '../core/errors.ts'
import { type Finding, isAtLeast, type Report, type Severity, type Skipped } from '../core/finding.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { Lines } from '../core/text.ts'
import { type AnalysisOptions, checkProject, compareProjects } from '../engine/analyse.ts'
import { explainSilence, type Place } from '../engine/explain-silence.ts'
import { MemoryFactsCache, TieredFactsCache } from '../engine/facts-cache.ts'
import { fixProject } from '../engine/fix-project.ts'
import { loadRules } from '../rule/registry.ts'
import { catalogueOf } from './catalogue.ts'
import { cacheDirectory, DiskFactsCache } from './facts-cache.ts'
import { type FormatName, formats } from './formats/formats.ts'
import type { Io } from './io.ts'
import { engineVersion } from './package.ts'
import { Progress } from './progress.ts'
import { readSettings, type SettingsOptions } from './settings.ts'
import { type ChangeTarget, readChange, readCommitTree, readTree, type Target } from './target.ts'
import { count, paintFor, printable, textWidth } from './terminal.ts'
import { formatFixes, writeFixes } from './write-fixes.ts'

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

export interface CheckOptions extends ReviewOptions {
  readonly ref?: string
  /** Applies safe fixes to the files on disk. */
  readonly fix?: boolean
  /** Shows what `fix` would change instead of findings. */
  readonly diff?: boolean
  /** Takes the fixes that may change what the code does, too. */
  readonly unsafeFixes?: boolean
}

/** A report, and how it differs from the tree that was read. */
interface Reviewed extends Report {
  /** The tree that the report is about, when it is not the one that was read. */
  readonly snapshot?: Snapshot
  /** What is printed in place of the findings. */
  readonly output?: string
}

/**
 * Shows all findings of a tree, or fixes them. The answer is the exit code.
 * @throws UserError when the tree or the configuration cannot be read.
 */
export async function check(paths: readonly string[], options: CheckOptions, io: Io): Promise<number> {
  const { repo, ref } = options
  const fromCommit = repo !== undefined || ref !== undefined
  if (options.fix || options.diff) {
    if (fromCommit) throw new UserError('--fix and --diff are for files on disk: leave out --repo and --ref')
    return review(readTree(io.cwd, paths), options, io, (target, analysis) => fix(target, analysis, options, io))
  }
  if (options.unsafeFixes) throw new UserError('--unsafe-fixes says which fixes are applied: add --fix or --diff')
  const reading = fromCommit ? readCommitTree(io.cwd, { repo, ref: ref ?? 'HEAD' }, paths) : readTree(io.cwd, paths)
  if (options.explainSilence) return explain(reading, (target) => target, options, io)
  return review(reading, options, io, ({ snapshot }, analysis) => checkProject(snapshot, analysis))
}

/** Applies the fixes of what is shown, or shows them; reports what remains on disk. */
async function fix(
  { snapshot, root, isShown }: Target,
  analysis: AnalysisOptions,
  { diff, unsafeFixes, severity }: CheckOptions,
  io: Io,
): Promise<Reviewed> {
  const isWanted = (finding: Finding) =>
    isShown(finding.path) &&
    isAtLeast(finding.severity, severity) &&
    (finding.fix?.applicability === 'safe' || unsafeFixes === true)
  const { report, snapshot: after, files, fixed } = await fixProject(snapshot, analysis, isWanted)
  const what = `${count(fixed, 'finding')} in ${count(files.size, 'file')}`
  if (diff) {
    io.stderr.write(`${fixed === 0 ? 'Nothing to fix' : `Would fix ${what}`}\n`)
    return { ...(await checkProject(snapshot, analysis)), output: formatFixes(files) }
  }
  writeFixes(root!, files)
  io.stderr.write(`${fixed === 0 ? 'Nothing to fix' : `Fixed ${what}`}\n`)
  return { ...report, snapshot: after }
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
  analyse: (target: T, analysis: AnalysisOptions) => Promise<Reviewed>,
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
    sources: await readSources(report.snapshot ?? target.snapshot, findings),
    rules: catalogueOf(rules).map(({ meta }) => meta),
  }
  const presentation = {
    paint: paintFor(io.stdout, io.environment),
    width: textWidth(io.stdout),
    displayPath: target.displayPath,
  }
  io.stdout.write(report.output ?? formats[options.format](outcome, presentation))
  return findings.some(({ severity }) => isAtLeast(severity, options.failOn)) ? 1 : 0
}

async function withFacts<T>(
  { cache: isCached }: ReviewOptions,
  io: Io,
  analyse: (cache: NonNullable<AnalysisOptions['cache']>) => Promise<T>,
): Promise<T> {
  const progress = new Progress(io.stderr, io.now)
  const disk = isCached ? new DiskFactsCache(cacheDirectory(io.environment), engineVersion()) : undefined
  try {
    const memory = new MemoryFactsCache()
    return await analyse(progress.watch(disk ? new TieredFactsCache(memory, disk) : memory))
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
