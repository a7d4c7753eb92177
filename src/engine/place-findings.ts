/** Owns where a change is told of a finding that stands on lines which did not change: at the line that brought it about. */
import type { Finding, RelatedPlace } from '../core/finding.ts'
import type { Rule } from '../rule/rule.ts'
import type { ChangedLines } from './changed-lines.ts'
import { fillMessage, type ShownProblem } from './report.ts'

export interface PlacedFinding {
  readonly finding: Finding
  /** Whether it is told of in another place than its own. */
  readonly isMoved: boolean
}

/** A finding in its place, with the changed line that brought it about where that is another one. */
export function placed(finding: Finding, { problem }: ShownProblem, lines: ChangedLines): PlacedFinding {
  if (lines.firstNew(finding.path, finding.line, finding.endLine) !== undefined) return { finding, isMoved: false }
  const places = finding.related.map((place, index) => {
    const { file, span, instead } = problem.related![index]!
    const range = file.rangeOf(span)
    return { ...place, range, instead, changed: lines.firstNew(place.path, range.line, range.endLine) }
  })
  const changed = places.find((place) => place.changed !== undefined)
  if (changed?.instead) {
    const { messageId, note } = changed.instead
    const own = { path: finding.path, line: finding.line, message: fillMessage(note, problem.data) }
    const there: Finding = {
      ...finding,
      ...changed.range,
      path: changed.path,
      message: fillMessage(problem.rule.meta.messages[messageId] ?? messageId, problem.data),
      related: [own, ...finding.related.filter((_, index) => places[index] !== changed)],
      fix: undefined,
    }
    return { finding: there, isMoved: true }
  }
  // Where something was taken away no line is new; that of its own file brought the finding about is no more than a guess.
  const isElsewhere = ({ path }: RelatedPlace) => path !== finding.path && lines.differ(path)
  const cause = changed ?? places.find(isElsewhere)
  if (!cause) return { finding, isMoved: false }
  const { path, line, changed: first = line, message } = cause
  return { finding: { ...finding, cause: { path, line: first, message } }, isMoved: false }
}

/**
 * Puts findings together that one rule tells of in one changed place: what led to the others is noted with the first. One
 * that another rule replaces in that place is left out.
 */
export function saidOncePerPlace(all: readonly PlacedFinding[], rules: readonly Pick<Rule, 'meta'>[]): Finding[] {
  const keyOf = ({ path, line, column }: Finding, rule: string) => JSON.stringify([rule, path, line, column])
  const replacing = new Map(rules.map(({ meta }) => [meta.name, meta.replaces ?? []]))
  const replaced = new Set(
    all.flatMap(({ finding }) => replacing.get(finding.rule)?.map((rule) => keyOf(finding, rule)) ?? []),
  )
  const firsts = new Map<string, Finding>()
  for (const { finding, isMoved } of all) {
    const key = keyOf(finding, finding.rule)
    if (!isMoved || replaced.has(key)) continue
    const first = firsts.get(key) ?? finding
    const isNoted = (one: RelatedPlace) =>
      first.related.some(({ path, line }) => path === one.path && line === one.line)
    const related = [...first.related, ...finding.related.filter((one) => !isNoted(one))]
    firsts.set(key, { ...first, related })
  }
  return [...all.flatMap(({ finding, isMoved }) => (isMoved ? [] : finding)), ...firsts.values()]
}
