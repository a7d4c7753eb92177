/** Owns where a change is told of a finding that stands on lines which did not change: at the line that brought it about. */
import type { Finding, RelatedPlace } from '../core/finding.ts'
import type { Rule } from '../rule/rule.ts'
import type { ChangedLines } from './changed-lines.ts'
import { fillMessage, type ShownProblem } from './report.ts'

/** The findings that are told of in another place than their own. */
const moved = new WeakSet<Finding>()

/** A finding in its place, with the changed line that brought it about where that is another one. */
export function placed(finding: Finding, { problem }: ShownProblem, lines: ChangedLines): Finding {
  if (lines.firstNew(finding.path, finding.line, finding.endLine) !== undefined) return finding
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
    moved.add(there)
    return there
  }
  // Where something was taken away no line is new; that of its own file brought the finding about is no more than a guess.
  const isElsewhere = ({ path }: RelatedPlace) => path !== finding.path && lines.differ(path)
  const cause = changed ?? places.find(isElsewhere)
  if (!cause) return finding
  return { ...finding, cause: { path: cause.path, line: cause.changed ?? cause.line, message: cause.message } }
}

/**
 * Puts findings together that one rule tells of in one changed place: what led to the others is noted with the first. One
 * that another rule replaces in that place is left out.
 */
export function saidOncePerPlace(findings: readonly Finding[], rules: readonly Pick<Rule, 'meta'>[]): Finding[] {
  const keyOf = ({ path, line, column }: Finding, rule: string) => JSON.stringify([rule, path, line, column])
  const replacing = new Map(rules.map(({ meta }) => [meta.name, meta.replaces ?? []]))
  const replaced = new Set(findings.flatMap((one) => replacing.get(one.rule)?.map((rule) => keyOf(one, rule)) ?? []))
  const firsts = new Map<string, Finding>()
  for (const finding of findings) {
    const key = keyOf(finding, finding.rule)
    if (!moved.has(finding) || replaced.has(key)) continue
    const first = firsts.get(key) ?? finding
    const isNoted = (one: RelatedPlace) =>
      first.related.some(({ path, line }) => path === one.path && line === one.line)
    const related = [...first.related, ...finding.related.filter((one) => !isNoted(one))]
    firsts.set(key, { ...first, related })
  }
  return [...findings.filter((finding) => !moved.has(finding)), ...firsts.values()]
}
