/** Owns what a corpus of repositories says about the rules: how often each speaks, how long it takes, and a sample to judge. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { decodeSource } from '../../celery/decode.ts'
import type { ProjectFile } from '../../celery/project-file.ts'
import type { Finding, RuleCrash, Skipped } from '../../core/finding.ts'
import { Lines } from '../../core/text.ts'
import { checkProject } from '../../engine/analyse.ts'
import type { Problem, Rule } from '../../rule/rule.ts'
import { readCommitTree, readTree } from '../target.ts'

/** One repository, with every rule asked about it. */
export interface ExaminedRepository {
  readonly name: string
  readonly files: number
  readonly ms: number
  readonly findings: readonly Finding[]
  readonly skipped: readonly Skipped[]
  readonly crashes: readonly RuleCrash[]
  /** What the rules took, proofs of fixes included, by their names. */
  readonly ruleMs: Readonly<Record<string, number>>
  /** What all the rules that look at one file took for it the first time, by its path. */
  readonly fileMs: ReadonlyMap<string, number>
  /** The text of a file; undefined when it cannot be read. */
  readonly read: (path: string) => Promise<Lines | undefined>
}

export interface Sampled {
  readonly repository: string
  readonly finding: Finding
  readonly lines: Lines | undefined
}

export interface CorpusReport {
  readonly seed: string
  readonly repositories: readonly ExaminedRepository[]
  readonly sample: readonly Sampled[]
}

/**
 * Runs rules on a repository: at its HEAD when it is one of git, else on what the directory holds.
 * @param place a directory, or `directory@commit`
 * @throws UserError when it cannot be read.
 */
export async function examineRepository(
  place: string,
  rules: readonly Rule[],
  select?: ReadonlySet<string>,
): Promise<ExaminedRepository> {
  const [, directory = place, ref = 'HEAD'] = existsSync(place) ? [] : (/^(.+)@([^@]+)$/.exec(place) ?? [])
  const isGit = existsSync(join(directory, '.git')) || existsSync(join(directory, 'HEAD'))
  const { snapshot } = isGit ? await readCommitTree(directory, { repo: '.', ref }, []) : await readTree(directory, [])
  const ruleMs: Record<string, number> = {}
  const fileMs = new Map<string, number>()
  const startedAt = performance.now()
  const report = await checkProject(snapshot, {
    rules: rules.map((rule) => timed(rule, ruleMs, fileMs)),
    settings: { preview: true, select },
  })
  const read = async (path: string) => {
    const contents = await snapshot.read(snapshot.files.filter((file) => file.path === path))
    const bytes = contents.get(path)
    const decoded = bytes && decodeSource(bytes)
    return decoded && 'text' in decoded ? new Lines(decoded.text) : undefined
  }
  const { findings, crashes } = report
  const skipped = [...report.skipped, ...snapshot.skipped]
  const ms = Math.round(performance.now() - startedAt)
  return { name: place, files: snapshot.files.length, ms, findings, skipped, crashes, ruleMs, fileMs, read }
}

/** The same rule, with the time that it takes added up. */
function timed(rule: Rule, ruleMs: Record<string, number>, fileMs: Map<string, number>): Rule {
  const seen = new Set<string>()
  const check = (context: { file?: ProjectFile }): Iterable<Problem> => {
    const startedAt = performance.now()
    try {
      return [...rule.check(context as never)]
    } finally {
      const ms = performance.now() - startedAt
      ruleMs[rule.meta.name] = (ruleMs[rule.meta.name] ?? 0) + ms
      const path = context.file?.path
      if (path !== undefined && !seen.has(path)) fileMs.set(path, (fileMs.get(path) ?? 0) + ms)
      if (path !== undefined) seen.add(path)
    }
  }
  return { ...rule, check } as Rule
}

/** Some findings, chosen by a seed alone: another finding more or less changes no other's chance. */
export async function sampleOf(
  repositories: readonly ExaminedRepository[],
  count: number,
  seed: string,
): Promise<Sampled[]> {
  const drawn = repositories
    .flatMap((repository) => repository.findings.map((finding) => ({ repository, finding })))
    .map((one) => ({ ...one, lot: lotOf(seed, one.repository.name, one.finding.fingerprint) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, count)
  return Promise.all(
    drawn.map(async ({ repository, finding }) => ({
      repository: repository.name,
      finding,
      lines: await repository.read(finding.path),
    })),
  )
}

const lotOf = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** The report as Markdown. */
export function formatCorpus({ repositories, sample, seed }: CorpusReport, rules: readonly Rule[]): string {
  const all = repositories.flatMap(({ findings }) => findings)
  const ruleRows = rules.map(({ meta: { name, status } }) => {
    const own = repositories.map(({ findings }) => findings.filter(({ rule }) => rule === name).length)
    const fixes = all.filter(({ rule, suggestion }) => rule === name && suggestion).length
    const ms = repositories.reduce((sum, { ruleMs }) => sum + (ruleMs[name] ?? 0), 0)
    const total = own.reduce((sum, count) => sum + count, 0)
    return [name, status, total, own.filter((count) => count > 0).length, fixes, Math.round(ms)]
  })
  const repositoryRows = repositories.map(({ name, files, findings, ms, fileMs }) => {
    const [slowest = ['', 0]] = [...fileMs].sort(([, a], [, b]) => b - a)
    const [path, most] = slowest
    return [name, files, findings.length, ms, `${Math.round(most)} (${path})`]
  })
  const troubles = repositories.flatMap(({ name, skipped, crashes }) => [
    ...skipped.map(({ path, reason }) => `- ${name}: ${path}: ${reason}`),
    ...crashes.map(({ rule, path, message }) => `- ${name}: ${path ?? '.'}: the rule ${rule} crashed: ${message}`),
  ])
  return `${[
    '# Corpus',
    table(['repository', 'files', 'findings', 'ms', 'most ms of rules in one file'], repositoryRows),
    '## Rules',
    table(
      ['rule', 'status', 'findings', 'in repositories', 'with a fix', 'ms'],
      ruleRows.sort((a, b) => Number(b[2]) - Number(a[2])),
    ),
    ...(troubles.length > 0 ? ['## Not looked at', troubles.join('\n')] : []),
    `## ${sample.length} of ${all.length} findings, by the seed ${seed}`,
    ...sample.map(formatSampled),
  ].join('\n\n')}\n`
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}

const contextLines = 6

function formatSampled({ repository, finding, lines }: Sampled): string {
  const { rule, severity, path, line, endLine, message, suggestion } = finding
  const first = Math.max(1, line - contextLines)
  const last = Math.min(lines?.count ?? 0, Math.max(line, Math.min(endLine, line + contextLines)) + contextLines)
  const code = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const at = first + index
    return `    ${at >= line && at <= endLine ? '>' : ' '} ${String(at).padStart(5)} ${lines!.textOf(at).slice(0, 200)}`
  })
  const fix = suggestion && `Fix (${suggestion.applicability}):\n\n${suggestion.replacement.replace(/^/gm, '    ')}`
  return [
    `### ${rule} (${severity})`,
    `${repository} ${path}:${line}`,
    message,
    code.join('\n'),
    ...(fix ? [fix] : []),
  ].join('\n\n')
}
