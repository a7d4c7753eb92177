/**
 * Owns the proof of fixes: each is applied in memory, parsed and analysed again. It holds when the finding is gone,
 * nothing new has appeared and no comment was lost; only then does a finding carry a suggestion.
 */

import { extractFacts, type FileFacts } from '../celery/facts.ts'
import type { CeleryProject } from '../celery/project.ts'
import type { Finding } from '../core/finding.ts'
import { applyEdits, type Fix, toSuggestion } from '../core/fix.ts'
import { ParseRefused } from '../python/parse.ts'

/** What a proof needs of the engine: the findings of the project with some files' facts replaced. */
export type Reanalyse = (replaced: ReadonlyMap<string, FileFacts>) => readonly Finding[]

/**
 * Gives each finding whose fix can be proven its suggestion. One fix per file is tried at a time, those of different
 * files together, so that the work grows with the fixes of the worst file and not with all of them.
 */
export function proveFixes(project: CeleryProject, findings: readonly Finding[], reanalyse: Reanalyse): Finding[] {
  const proven = new Map<Finding, Finding>()
  const waiting = new Map<string, Finding[]>()
  for (const finding of findings) {
    if (!finding.fix || finding.fix.applicability === 'display-only') continue
    const queue = waiting.get(finding.path)
    if (queue) queue.push(finding)
    else waiting.set(finding.path, [finding])
  }
  const known = countOf(findings)
  for (let round = 0; ; round++) {
    const batch = [...waiting.values()].flatMap((queue) => queue[round] ?? [])
    if (batch.length === 0) break
    for (const finding of proveBatch(project, batch, known, reanalyse))
      proven.set(finding, withSuggestion(project, finding))
  }
  return findings.map((finding) => proven.get(finding) ?? finding)
}

function proveBatch(
  project: CeleryProject,
  batch: readonly Finding[],
  known: ReadonlyMap<string, number>,
  reanalyse: Reanalyse,
): readonly Finding[] {
  const applied = new Map<string, FileFacts>()
  const sound = batch.filter((finding) => {
    const facts = fixedFacts(project, finding)
    if (facts) applied.set(finding.path, facts)
    return facts !== undefined
  })
  if (sound.length === 0) return []
  const after = countOf(reanalyse(applied))
  const news = new Set([...after].filter(([key, count]) => count > (known.get(key) ?? 0)).map(([key]) => pathOf(key)))
  // What appears in a file that was not touched could come from any fix of the batch.
  if ([...news].some((path) => !applied.has(path)))
    return sound.length === 1 ? [] : sound.flatMap((one) => proveBatch(project, [one], known, reanalyse))
  return sound.filter(
    (finding) => !news.has(finding.path) && (after.get(keyOf(finding)) ?? 0) < known.get(keyOf(finding))!,
  )
}

/** The facts of a file with a fix applied; undefined when the result does not parse as well as before, or loses a comment. */
function fixedFacts(project: CeleryProject, finding: Finding): FileFacts | undefined {
  const { facts } = project.files.get(finding.path)!
  const text = applyFix(facts.text, finding.fix!)
  if (text === undefined || text === facts.text) return undefined
  try {
    const fixed = extractFacts(text)
    const keepsComments =
      fixed.comments.map((comment) => comment.text).join('\n') ===
      facts.comments.map((comment) => comment.text).join('\n')
    return fixed.errors.length <= facts.errors.length && keepsComments ? fixed : undefined
  } catch (error) {
    if (error instanceof ParseRefused) return undefined
    throw error
  }
}

function applyFix(text: string, fix: Fix): string | undefined {
  try {
    return applyEdits(text, fix.edits)
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

function countOf(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1)
  return counts
}
