/** Owns the two questions that the engine answers: what is wrong with a project, and what a change brought about. */

import type { FileFacts } from '../celery/facts.ts'
import { CeleryProject } from '../celery/project.ts'
import { isRead } from '../core/file-kinds.ts'
import type { Finding, Report } from '../core/finding.ts'
import type { FileChange, Snapshot } from '../core/snapshot.ts'
import type { ChangeContext, Rule } from '../rule/rule.ts'
import { ChangedLines } from './changed-lines.ts'
import { type FactsCache, MemoryFactsCache } from './facts-cache.ts'
import { introduced } from './introduced.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { type PlacedFinding, placed, saidOncePerPlace } from './place-findings.ts'
import { proveFixes } from './prove-fixes.ts'
import { byLine, type ShownProblem, shownProblems, toFinding, toFindings, unusedSuppression } from './report.ts'
import { MAX_PROBLEMS, readsDeployment, runRules } from './run-rules.ts'
import type { EngineSettings } from './settings.ts'

export interface AnalysisOptions {
  readonly rules: readonly Rule[]
  readonly settings?: EngineSettings
  /** Remembers facts between runs; without it they are remembered for this run only. */
  readonly cache?: FactsCache
}

/** What a comparison is made with. */
interface ComparisonOptions extends AnalysisOptions {
  /** The state of the repository that was analysed last, from which the next one is derived. */
  readonly recent?: RecentProject
}

/** Remembers one state of a repository, as it is linked under the settings of the analysis. */
export interface RecentProject {
  project?: CeleryProject
}

/** All findings of one state of a project. Change rules stay silent. */
export async function checkProject(
  snapshot: Snapshot,
  { rules, settings = {}, cache }: AnalysisOptions,
): Promise<Report> {
  const loaded = await loadProject(
    snapshot,
    settings,
    cache ?? new MemoryFactsCache(),
    readsDeployment(rules, settings),
  )
  const { standing, ...report } = analyse(loaded, rules, settings)
  return report
}

export interface Comparison {
  /** The project at the merge base. */
  readonly before: Snapshot
  /** The project at the head. */
  readonly after: Snapshot
  readonly changes: readonly FileChange[]
}

/** What a change introduces, and what it found there. */
export interface ChangeReport extends Report {
  /** The findings of the changed files that the change did not introduce. They carry no fix. */
  readonly standing: readonly Finding[]
}

/** The findings that a change introduces: those of its head that its merge base does not have, and those of the change itself. */
export async function compareProjects(
  { before, after, changes }: Comparison,
  { rules, settings = {}, cache = new MemoryFactsCache(), recent }: ComparisonOptions,
): Promise<ChangeReport> {
  if (!changes.some(isSeen)) {
    const stats = { files: after.files.length, parsed: 0, cached: 0 }
    return { findings: [], standing: [], skipped: [], crashes: [], stats, usesCelery: undefined }
  }
  const { head, base, change } = await loadComparison({ before, after, changes }, { rules, settings, cache, recent })
  const report = analyse(head, rules, settings, { base, change, changes })
  if (recent) {
    recent.project = head.project
    head.project.forgetOthers()
  }
  const changed = new Set(changes.map(({ path }) => path))
  return {
    ...report,
    standing: report.standing.filter(({ path }) => changed.has(path)),
    skipped: report.skipped.filter(({ path }) => changed.has(path)),
  }
}

/** Whether a change can make a difference: what lies where decides which modules there are, whatever else a file is. */
const isSeen = ({ status, path }: FileChange): boolean => status !== 'modified' || isRead(path)

/** Both states of a change, linked. */
export async function loadComparison(
  { before, after, changes }: Comparison,
  { rules, settings = {}, cache = new MemoryFactsCache(), recent }: ComparisonOptions,
): Promise<{ head: LoadedProject; base: LoadedProject; change: ChangeContext }> {
  const withDeployment = readsDeployment(rules, settings)
  const head = await loadProject(after, { ...settings, like: recent?.project }, cache, withDeployment)
  // Both states have the same roots and services, or one of them would seem to have lost what the other holds.
  const previous = (directories: readonly string[]) =>
    directories.map((directory) => previousDirectory(directory, before, changes))
  const { importRoots, serviceDirectories } = head.project
  const alike = { importRoots: previous(importRoots), services: serviceDirectories.map(previous), like: head.project }
  const base = await loadProject(before, { ...settings, ...alike }, cache, withDeployment)
  const unread = new Set(head.skipped.map(({ path }) => path))
  const change = { before: base.project, after: head.project, previousPath: previousPaths(changes), unread }
  return { head, base, change }
}

/** Where a directory of the head was at the base, as far as one of its files tells. */
function previousDirectory(directory: string, { files }: Snapshot, changes: readonly FileChange[]): string {
  if (files.some(({ path }) => path.startsWith(`${directory}/`))) return directory
  for (const { path, previousPath } of changes) {
    const below = path.startsWith(`${directory}/`) ? path.slice(directory.length) : undefined
    if (below && previousPath?.endsWith(below)) return previousPath.slice(0, -below.length)
  }
  return directory
}

/** Where a file of the head was at the base; undefined for one that is new. */
function previousPaths(changes: readonly FileChange[]): ChangeContext['previousPath'] {
  const origins = new Map(
    changes.flatMap((change): [string, string | undefined][] => {
      if (change.status === 'added') return [[change.path, undefined]]
      return change.status === 'renamed' ? [[change.path, change.previousPath]] : []
    }),
  )
  return (path) => (origins.has(path) ? origins.get(path) : path)
}

/** A change with what it started from. */
interface ComparedTo {
  readonly base: LoadedProject
  readonly change: ChangeContext
  readonly changes: readonly FileChange[]
}

function analyse(
  loaded: LoadedProject,
  rules: readonly Rule[],
  settings: EngineSettings,
  comparedTo?: ComparedTo,
): ChangeReport {
  const { project, skipped, usesCelery, files, parsed, cached } = loaded
  const change = comparedTo?.change
  const stats = { files, parsed, cached, tasks: project.tasks.filter(({ file }) => !file.isTest).length }
  if (!usesCelery && !change?.before.tasks.length) {
    return { findings: [], standing: [], skipped, crashes: [], stats, usesCelery }
  }
  const { problems, crashes, cut } = runRules(rules, project, settings, change)
  const isCut = (finding: Finding) => cut.some(({ rule, path }) => rule === finding.rule && path === finding.path)
  const unlisted = cut.map(({ rule, path }) => ({ path, reason: `has more than ${MAX_PROBLEMS} findings of ${rule}` }))
  const shown = shownProblems(project, problems, rules, settings)
  const lines = change && new ChangedLines(change)
  const reported = new Set(comparedTo && lines ? introducedBy(comparedTo, shown, rules, settings, lines) : shown)
  const fingerprints = new Set([...reported].map(({ fingerprint }) => fingerprint))
  // What is not reported is there for the proofs to compare with, and needs none itself.
  const findings = shown.map((one): PlacedFinding => {
    const finding = toFinding(one)
    // Of a fix among too many findings nobody can tell whether its own is gone.
    if (!reported.has(one) || isCut(finding)) return { finding: { ...finding, fix: undefined }, isMoved: false }
    return lines ? placed(finding, one, lines) : { finding, isMoved: false }
  })
  const reanalyse = (replaced: ReadonlyMap<string, FileFacts>) => {
    const facts = new Map([...project.files].map(([path, file]) => [path, replaced.get(path) ?? file.facts]))
    const { importRoots, serviceDirectories: services } = project
    const options = { ...settings, importRoots, services, like: project }
    const fixed = new CeleryProject(project.paths, facts, options, project.requirements)
    const rerun = runRules(rules, fixed, settings, change && { ...change, after: fixed })
    return toFindings(fixed, rerun.problems, rules, settings)
  }
  const proven = proveFixes(project, saidOncePerPlace(findings, rules).sort(byLine), reanalyse)
  return {
    findings: proven.filter(({ fingerprint }) => fingerprints.has(fingerprint)),
    standing: proven.filter(({ fingerprint }) => !fingerprints.has(fingerprint)),
    skipped: [...skipped, ...unlisted],
    crashes,
    stats,
    usesCelery,
  }
}

/**
 * The problems that the base of a change does not have. Only the rules that have something to say of the head are asked about
 * the base, and those about a single file only where files changed or have problems now.
 */
function introducedBy(
  { base, change, changes }: ComparedTo,
  shown: readonly ShownProblem[],
  rules: readonly Rule[],
  settings: EngineSettings,
  lines: ChangedLines,
): ShownProblem[] {
  if (!base.usesCelery) return [...shown]
  const changed = changes.map(({ path, previousPath }) => previousPath ?? path)
  const suspects = shown.map(({ problem: { file } }) => change.previousPath(file.path) ?? file.path)
  const asked = askedAgain(rules, shown)
  const { problems, cut } = runRules(asked, base.project, settings, undefined, new Set([...changed, ...suspects]))
  // Where the old problems were too many to be counted, none can be told to be new.
  const uncounted = new Set(cut.map(({ rule, path }) => `${rule} ${path}`))
  const countable = shown.filter(({ problem: { rule, file } }) => {
    return !uncounted.has(`${rule.meta.name} ${change.previousPath(file.path) ?? file.path}`)
  })
  return introduced(countable, shownProblems(base.project, problems, rules, settings), change, lines)
}

/** The rules that raised problems, those that would speak in their place, and those that comments silence in vain. */
function askedAgain(rules: readonly Rule[], shown: readonly ShownProblem[]): Rule[] {
  const raised = new Set(
    shown.map(({ problem: { rule, data } }) => (rule.meta === unusedSuppression ? data!.rule : rule.meta.name)),
  )
  return rules.filter(({ meta }) => raised.has(meta.name) || meta.replaces?.some((name) => raised.has(name)))
}
