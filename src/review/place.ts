/**
 * Owns where a finding is said: on its own lines, on the deleted lines that it is about, on the changed line that caused
 * it, or outside of the review.
 */
import type { Finding } from '../core/finding.ts'
import type { Lines } from '../core/text.ts'
import { changedLines, shownLines } from '../diff/anchors.ts'
import { type DiffFile, lastNewLine } from '../diff/hunk.ts'

/** Lines that GitHub takes a comment on: 1-based, inclusive, within one hunk. */
export interface Anchor {
  readonly path: string
  readonly startLine: number
  readonly line: number
  /** Whether they are lines of the merge base, all of them deleted. */
  readonly isDeleted?: true
}

/** What anchors depend on: the files of the diff with the hunks that GitHub shows, and the texts that were analysed. */
export interface ChangedTexts {
  readonly fileOf: (path: string) => DiffFile | undefined
  /** By the path at the merge base. */
  readonly fileBefore: (path: string) => DiffFile | undefined
  readonly headTextOf: (path: string) => Lines | undefined
}

/** Where a review comment about a finding can stand; undefined when only the check run can show it. */
export function placeOf({ path, line, endLine, cause, gone }: Finding, texts: ChangedTexts): Anchor | undefined {
  const here = anchorWithin(path, line, endLine, texts)
  if (here && isNew(here, texts)) return here
  return (
    (gone && deletedWithin(gone, texts)) ?? here ?? (cause && anchorWithin(cause.path, cause.line, cause.line, texts))
  )
}

/** Whether one of the lines was added, or changed. */
function isNew({ path, startLine, line }: Anchor, { fileOf }: ChangedTexts): boolean {
  const file = fileOf(path)
  return [...((file && changedLines(file)) ?? [])].some((changed) => startLine <= changed && changed <= line)
}

/** The first run of deleted lines among those of the merge base. */
function deletedWithin({ path, line, endLine }: NonNullable<Finding['gone']>, texts: ChangedTexts): Anchor | undefined {
  const file = texts.fileBefore(path)
  for (const { lines } of file?.hunks ?? []) {
    const deleted = lines.flatMap((one) => (one.kind === 'deleted' ? [one.oldLine] : []))
    const within = deleted.filter((old) => line <= old && old <= endLine)
    const [first] = within
    if (!file || first === undefined) continue
    const last = within.findLast((old, index) => old === first + index)!
    return { path: file.path, startLine: first, line: last, isDeleted: true }
  }
  return undefined
}

/** The first of the lines that one hunk shows, when they read there as they do in the text that was analysed. */
function anchorWithin(path: string, line: number, endLine: number, texts: ChangedTexts): Anchor | undefined {
  const file = texts.fileOf(path)
  const hunk = file?.hunks?.find((one) => one.newStart <= endLine && line <= lastNewLine(one))
  if (!file || !hunk) return undefined
  const anchor = { path, startLine: Math.max(line, hunk.newStart), line: Math.min(endLine, lastNewLine(hunk)) }
  return readsAlike(file, anchor, texts.headTextOf(path)) ? anchor : undefined
}

/**
 * Whether the anchor's lines are the same in the diff and in the head's text, where that is known. They differ where git
 * and Python disagree about what a line is (a lone `\r`), or when the pull request moved on in between.
 */
function readsAlike(file: DiffFile, { startLine, line }: Anchor, head: Lines | undefined): boolean {
  const shown = shownLines(file, line, startLine)
  if (!shown) return false
  return !head || shown.every((text, index) => withoutMarks(text) === withoutMarks(head.textOf(startLine + index)))
}

/** A line without the byte order mark and the carriage return that a decoder or a line splitter takes off. */
const withoutMarks = (text: string): string => text.replace(/^\ufeff/, '').replace(/\r$/, '')
