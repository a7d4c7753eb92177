/** Owns edits: what a fix is, how it is applied to a text, and the whole-line replacement that GitHub calls a suggestion. */
import type { Lines, Span } from './text.ts'

/** Replaces a span by other text; an empty span inserts. */
export interface Edit {
  readonly span: Span
  readonly replacement: string
}

/** `safe` keeps the meaning but for the mistake; `unsafe` may change it; `display-only` is shown, never applied. */
export type Applicability = 'safe' | 'unsafe' | 'display-only'

export interface Fix {
  /** What the fix does, as an imperative without a full stop. */
  readonly title: string
  readonly applicability: Applicability
  readonly edits: readonly [Edit, ...Edit[]]
}

/** Replacement of the whole lines `startLine`..`endLine` (1-based, inclusive); `replacement` has no final terminator. */
export interface Suggestion {
  readonly startLine: number
  readonly endLine: number
  readonly replacement: string
  readonly applicability: Applicability
}

/**
 * Applies edits to a text. Insertions at one place keep their order.
 * @throws RangeError when two edits overlap or one lies outside the text.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
  let result = ''
  let done = 0
  for (const { span, replacement } of sorted) {
    if (span.start < done || span.end < span.start || span.end > text.length) {
      throw new RangeError(`edit ${span.start}-${span.end} overlaps another or lies outside the text`)
    }
    result += text.slice(done, span.start) + replacement
    done = span.end
  }
  return result + text.slice(done)
}

/** The smallest replacement of whole lines that has the effect of the fix. No edit may start or end inside a line terminator. */
export function toSuggestion(lines: Lines, fix: Fix): Suggestion {
  const start = Math.min(...fix.edits.map((edit) => edit.span.start))
  const end = Math.max(...fix.edits.map((edit) => edit.span.end))
  const startLine = lines.lineAt(start)
  const endLine = lines.lineAt(end)
  const from = lines.startOf(startLine)
  const to = lines.endOf(endLine)
  const moved = fix.edits.map((edit) => ({
    ...edit,
    span: { start: edit.span.start - from, end: edit.span.end - from },
  }))
  const replacement = applyEdits(lines.text.slice(from, to), moved)
  return { startLine, endLine, replacement, applicability: fix.applicability }
}
