/**
 * Owns which lines can carry a review comment. All lines are 1-based and of the new text (GitHub's side `RIGHT`).
 * Whether the hunks are GitHub's own (`DiffFile.computed`) is for the caller to ask.
 */
import { type DiffFile, lastNewLine } from './hunk.ts'

/** The lines that were added or modified; undefined when it is not known what changed. */
export function changedLines(file: DiffFile): ReadonlySet<number> | undefined {
  if (!file.hunks) return undefined
  const changed = new Set<number>()
  for (const hunk of file.hunks) {
    for (const line of hunk.lines) if (line.kind === 'added') changed.add(line.newLine)
  }
  return changed
}

/**
 * Whether a comment may stand on `line`, or on `startLine` to `line`: all of it added and context lines of one hunk.
 * GitHub refuses the whole review otherwise ("must be part of the diff", "must be part of the same hunk").
 */
export const isCommentable = (file: DiffFile, line: number, startLine = line): boolean =>
  shownLines(file, line, startLine) !== undefined

/** The texts of the lines `startLine` to `line` as one hunk shows them; undefined when no hunk shows them all. */
export function shownLines(file: DiffFile, line: number, startLine = line): string[] | undefined {
  const hunk = file.hunks?.find((one) => one.newStart <= startLine && line <= lastNewLine(one))
  if (!hunk || startLine > line) return undefined
  const shown: string[] = []
  for (const one of hunk.lines) {
    if (one.kind !== 'deleted' && startLine <= one.newLine && one.newLine <= line) shown.push(one.text)
  }
  return shown
}

/**
 * Whether a deleted line is shown between the lines `startLine` and `line` of one hunk; GitHub commits no suggestion over
 * it (CatChen/eslint-suggestion-action#167).
 */
export function hasDeletionWithin(file: DiffFile, line: number, startLine = line): boolean {
  return (file.hunks ?? []).some((hunk) => {
    let next = hunk.newStart
    return hunk.lines.some((shown) => {
      if (shown.kind === 'deleted') return startLine < next && next <= line
      next = shown.newLine + 1
      return false
    })
  })
}
