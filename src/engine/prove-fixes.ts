/**
 * Owns the proof of fixes: they are applied in memory, parsed and analysed again. One holds when its finding is gone,
 * nothing new has appeared and no comment was lost; only then does a finding carry a suggestion.
 */

import { type FileFacts, factsOf } from '../celery/facts.ts'
import type { CeleryProject } from '../celery/project.ts'
import type { Finding } from '../core/finding.ts'
import { applyEdits, type Edit, toSuggestion } from '../core/fix.ts'
import { ParseRefused } from '../python/parse.ts'

/** What a proof needs of the engine: the findings of the project with some files' facts replaced. */
export type Reanalyse = (replaced: ReadonlyMap<string, FileFacts>) => readonly Finding[]

/** Each costs an analysis of the project. What is not proven by then was made to take long. */
const MAX_BATCHES = 40

/** Fixes of one file that are tried together. */
type Group = readonly Finding[]

/**
 * Gives each finding whose fix can be proven its suggestion. The fixes of a project are tried together first; where that
 * fails, in halves, so that the work hardly grows with their number.
 * @param findings all of the project's: what is not among them afterwards is gone, what is more is new
 */
export function proveFixes(project: CeleryProject, findings: readonly Finding[], reanalyse: Reanalyse): Finding[] {
  const known = countOf(findings)
  const proven = new Set<Finding>()
  let waiting = groupsOf(findings)
  for (let tried = 0; waiting.length > 0 && tried < MAX_BATCHES; tried++) {
    // One group of each file at a time: what appears in a file is then due to its own group.
    const batch = new Map(waiting.toReversed().map((group) => [group[0]!.path, group]))
    const postponed = waiting.filter((group) => batch.get(group[0]!.path) !== group)
    const failed = tryBatch(project, [...batch.values()], known, reanalyse, proven)
    waiting = [...failed.flatMap(halves), ...postponed]
  }
  return findings.map((finding) => (proven.has(finding) ? withSuggestion(project, finding) : finding))
}

/** The findings with a fix by their files, in as few groups as their edits allow: none may touch another's. */
function groupsOf(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, { end: number; findings: Finding[] }[]>()
  const byStart = findings.filter(isApplicable).toSorted((a, b) => startOf(a) - startOf(b))
  for (const finding of byStart) {
    const own = groups.get(finding.path) ?? []
    groups.set(finding.path, own)
    const free = own.find(({ end }) => end < startOf(finding))
    if (free) {
      free.findings.push(finding)
      free.end = endOf(finding)
    } else own.push({ end: endOf(finding), findings: [finding] })
  }
  return [...groups.values()].flat().map((group) => group.findings)
}

const isApplicable = ({ fix }: Finding) => fix !== undefined && fix.applicability !== 'display-only'
const startOf = ({ fix }: Finding) => Math.min(...fix!.edits.map(({ span }) => span.start))
const endOf = ({ fix }: Finding) => Math.max(...fix!.edits.map(({ span }) => span.end))

const halves = (group: Group): Group[] =>
  group.length === 1 ? [] : [group.slice(0, group.length >> 1), group.slice(group.length >> 1)]

/** Tries groups of different files together, notes which fixes hold, and answers the groups in which one does not. */
function tryBatch(
  project: CeleryProject,
  batch: readonly Group[],
  known: ReadonlyMap<string, number>,
  reanalyse: Reanalyse,
  proven: Set<Finding>,
): Group[] {
  const failed: Group[] = []
  const applied = new Map<string, FileFacts>()
  const sound = batch.filter((group) => {
    const facts = fixedFacts(project, group)
    if (facts) applied.set(group[0]!.path, facts)
    else failed.push(group)
    return facts !== undefined
  })
  if (sound.length === 0) return failed
  const after = countOf(reanalyse(applied))
  const news = new Set(newKeys(after, known, rulesOf(sound.flat())).map(pathOf))
  // What appears in a file that was not touched could come from any group.
  if (sound.length > 1 && [...news].some((path) => !applied.has(path)))
    return [...failed, ...sound.flatMap((group) => tryBatch(project, [group], known, reanalyse, proven))]
  for (const group of sound) {
    const tried = countOf(group)
    const isQuiet = [...news].every((path) => applied.has(path) && path !== group[0]!.path)
    const holds = (finding: Finding) => {
      const key = keyOf(finding)
      return isQuiet && (after.get(key) ?? 0) <= known.get(key)! - tried.get(key)!
    }
    for (const finding of group.filter(holds)) proven.add(finding)
    failed.push(group.filter((finding) => !holds(finding)))
  }
  return failed.filter((group) => group.length > 0)
}

/** The facts of a file with fixes applied; undefined when the result does not parse as well as before, or loses a comment. */
function fixedFacts(project: CeleryProject, group: Group): FileFacts | undefined {
  const { facts } = project.files.get(group[0]!.path)!
  const text = applied(
    facts.text,
    group.flatMap(({ fix }) => fix!.edits),
  )
  if (text === undefined || text === facts.text) return undefined
  try {
    const fixed = factsOf(group[0]!.path, text)
    const keepsComments =
      fixed.comments.map((comment) => comment.text).join('\n') ===
      facts.comments.map((comment) => comment.text).join('\n')
    return fixed.errors.length <= facts.errors.length && keepsComments ? fixed : undefined
  } catch (error) {
    if (error instanceof ParseRefused) return undefined
    throw error
  }
}

function applied(text: string, edits: readonly Edit[]): string | undefined {
  try {
    return applyEdits(text, edits)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function withSuggestion(project: CeleryProject, finding: Finding): Finding {
  return { ...finding, suggestion: toSuggestion(project.files.get(finding.path)!.lines, finding.fix!) }
}

/** What tells findings apart across an edit: the messages too, so that one mistake does not stand in for another. */
const keyOf = (finding: Finding) => JSON.stringify([finding.path, finding.rule, finding.message])
const pathOf = (key: string) => (JSON.parse(key) as string[])[0]!

const ruleOf = (key: string) => (JSON.parse(key) as string[])[1]!
const rulesOf = (findings: readonly Finding[]): Set<string> => new Set(findings.map(({ rule }) => rule))

/**
 * The keys that there are more of. A fix may change the words of what another rule says about the same code, so those
 * of other rules than the fixed ones count only where the rule says more about the file than before.
 */
function newKeys(
  after: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
  fixed: ReadonlySet<string>,
): string[] {
  const [now, then] = [after, before].map(countByRule) as [Map<string, number>, Map<string, number>]
  return [...after]
    .filter(([key, count]) => count > (before.get(key) ?? 0))
    .map(([key]) => key)
    .filter((key) => fixed.has(ruleOf(key)) || now.get(placeOf(key))! > (then.get(placeOf(key)) ?? 0))
}

const placeOf = (key: string) => `${ruleOf(key)} ${pathOf(key)}`

function countByRule(counts: ReadonlyMap<string, number>): Map<string, number> {
  const sums = new Map<string, number>()
  for (const [key, count] of counts) sums.set(placeOf(key), (sums.get(placeOf(key)) ?? 0) + count)
  return sums
}

/**
 * What an analysis found that the one before an edit had not: one text for each kind of finding.
 * @param fixed the findings that the edit was to fix
 */
export const newsIn = (after: readonly Finding[], before: readonly Finding[], fixed: readonly Finding[]): string[] =>
  newKeys(countOf(after), countOf(before), rulesOf(fixed))

function countOf(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1)
  return counts
}
