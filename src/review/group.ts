/** Owns which findings share one comment, so that one mistake made many times is said once. */
import type { Finding } from '../core/finding.ts'
import type { Anchor } from './place.ts'

/** A comment before it is written: where it stands, and what it is about. The first finding is the one that it explains. */
export interface Draft {
  readonly anchor: Anchor
  readonly findings: readonly [Finding, ...Finding[]]
}

/** More findings of one rule in one file than this become one comment. */
const mostOfOneRule = 3

/** So that the fingerprints of a comment leave room for its text. */
const mostInOneComment = 100

/** Whether the finding stands on other lines than the comment about it. */
export function isElsewhere(finding: Finding, anchor: Anchor): boolean {
  const { path, line, endLine } = anchor.isDeleted && finding.gone ? { ...finding.gone, path: anchor.path } : finding
  return path !== anchor.path || line > anchor.line || endLine < anchor.startLine
}

/** Puts together findings of one rule that one line has or caused, and those of one rule when a file has many. Keeps the order. */
export function shareComments(drafts: readonly Draft[]): Draft[] {
  const byLine = merge(drafts, ({ anchor: { path, startLine, line, isDeleted }, findings: [finding] }) =>
    keyOf(finding.rule, path, startLine, line, String(isDeleted)),
  )
  const count = new Map<string, number>()
  const ruleInFile = ({ anchor, findings: [finding] }: Draft) => keyOf(finding.rule, anchor.path)
  for (const draft of byLine) count.set(ruleInFile(draft), (count.get(ruleInFile(draft)) ?? 0) + 1)
  return merge(byLine, (draft) => (count.get(ruleInFile(draft))! > mostOfOneRule ? ruleInFile(draft) : undefined))
}

/** Merges each draft into the first one with the same key, as long as there is room; one without a key stays alone. */
function merge(drafts: readonly Draft[], keyFor: (draft: Draft) => string | undefined): Draft[] {
  const merged: { anchor: Anchor; findings: [Finding, ...Finding[]] }[] = []
  const open = new Map<string, (typeof merged)[number]>()
  for (const draft of drafts) {
    const key = keyFor(draft)
    const mate = key === undefined ? undefined : open.get(key)
    if (mate && mate.findings.length + draft.findings.length <= mostInOneComment) {
      mate.findings.push(...draft.findings)
      continue
    }
    const own = { anchor: draft.anchor, findings: [...draft.findings] as [Finding, ...Finding[]] }
    if (key !== undefined) open.set(key, own)
    merged.push(own)
  }
  return merged
}

const keyOf = (...parts: readonly (string | number)[]): string => JSON.stringify(parts)
