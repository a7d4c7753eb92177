/** Owns the two questions that the engine answers: what is wrong with a project, and what a change brought about. */

import type { FileFacts } from '../celery/facts.ts'
import { CeleryProject } from '../celery/project.ts'
import type { Finding, Report } from '../core/finding.ts'
import type { FileChange, Snapshot } from '../core/snapshot.ts'
import type { ChangeContext, Rule } from '../rule/rule.ts'
import { type FactsCache, type LoadedProject, loadProject, MemoryFactsCache } from './load-project.ts'
import { proveFixes } from './prove-fixes.ts'
import { toFindings } from './report.ts'
import { runRules } from './run-rules.ts'
import type { EngineSettings } from './settings.ts'

export interface AnalysisOptions {
  readonly rules: readonly Rule[]
  readonly settings?: EngineSettings
  /** Remembers facts between runs; without it they are remembered for this run only. */
  readonly cache?: FactsCache
}

/** All findings of one state of a project. Change rules stay silent. */
export async function checkProject(
  snapshot: Snapshot,
  { rules, settings = {}, cache }: AnalysisOptions,
): Promise<Report> {
  const loaded = await loadProject(snapshot, settings, cache ?? new MemoryFactsCache())
  return analyse(loaded, rules, settings)
}

export interface Comparison {
  /** The project at the merge base. */
  readonly before: Snapshot
  /** The project at the head. */
  readonly after: Snapshot
  readonly changes: readonly FileChange[]
}

/** The findings that a change introduces: those of its head that its merge base does not have, and those of the change itself. */
export async function compareProjects(
  { before, after, changes }: Comparison,
  { rules, settings = {}, cache = new MemoryFactsCache() }: AnalysisOptions,
): Promise<Report> {
  const head = await loadProject(after, settings, cache)
  const base = await loadProject(before, settings, cache)
  const origin = new Map(
    changes.flatMap((change): [string, string | undefined][] => {
      if (change.status === 'added') return [[change.path, undefined]]
      return change.status === 'renamed' ? [[change.path, change.previousPath]] : []
    }),
  )
  const previousPath = (path: string) => (origin.has(path) ? origin.get(path) : path)
  const change: ChangeContext = { before: base.project, after: head.project, previousPath }
  const report = analyse(head, rules, settings, change)

  const renamed = new Map([...origin].flatMap(([to, from]) => (from ? [[from, to] as const] : [])))
  const suspects = new Set(report.findings.map((finding) => previousPath(finding.path) ?? finding.path))
  const problems = base.usesCelery ? runRules(rules, base.project, settings, undefined, suspects).problems : []
  const old = toFindings(base.project, problems, rules, settings, (file) => renamed.get(file.path) ?? file.path)
  const known = new Set(old.map((finding) => finding.fingerprint))
  const changed = new Set(changes.map(({ path }) => path))
  const findings = report.findings
    .filter((finding) => !known.has(finding.fingerprint))
    .map((finding) => withCause(finding, changed))
  return { ...report, findings, skipped: report.skipped.filter(({ path }) => changed.has(path)) }
}

/** A finding in a file that did not change was brought about by a related place that did. */
function withCause(finding: Finding, changed: ReadonlySet<string>): Finding {
  if (changed.has(finding.path)) return finding
  const cause = finding.related.find(({ path }) => changed.has(path))
  return cause ? { ...finding, cause } : finding
}

function analyse(
  loaded: LoadedProject,
  rules: readonly Rule[],
  settings: EngineSettings,
  change?: ChangeContext,
): Report {
  const { project, skipped, usesCelery, files, parsed, cached } = loaded
  const stats = { files, parsed, cached }
  if (!usesCelery && !change?.before.tasks.length) return { findings: [], skipped, crashes: [], stats, usesCelery }
  const { problems, crashes } = runRules(rules, project, settings, change)
  const findings = toFindings(project, problems, rules, settings)
  const reanalyse = (replaced: ReadonlyMap<string, FileFacts>) => {
    const facts = new Map([...project.files].map(([path, file]) => [path, replaced.get(path) ?? file.facts]))
    const fixed = new CeleryProject(project.paths, facts, settings, project.requirements)
    const rerun = runRules(rules, fixed, settings, change && { ...change, after: fixed })
    return toFindings(fixed, rerun.problems, rules, settings)
  }
  return { findings: proveFixes(project, findings, reanalyse), skipped, crashes, stats, usesCelery }
}
