/** Owns the hunks that are computed here, from the two texts of a file, where no patch of GitHub's is at hand. */
import { structuredPatch } from 'diff'
import type { FileChange } from '../core/snapshot.ts'
import { type DiffFile, type Hunk, toHunk } from './hunk.ts'

/** As many unchanged lines around a change as git shows. */
const context = 3

/** Up to this many changed lines are matched; the time grows with the square of it, and stays under half a second. */
const maxEditLength = 2000

/** The hunks that lead from one text to the other. Texts that have too little in common become one hunk. */
export function hunksBetween(before: string, after: string): Hunk[] {
  const patch = structuredPatch('', '', before, after, undefined, undefined, { context, maxEditLength })
  if (patch) return patch.hunks.map(toHunk)
  const deleted = linesOf(before).map((line) => `-${line}`)
  const added = linesOf(after).map((line) => `+${line}`)
  const counts = { oldStart: 1, oldLines: deleted.length, newStart: 1, newLines: added.length }
  return [toHunk({ ...counts, lines: [...deleted, ...added] })]
}

/** A changed file with hunks computed from its two texts; the text of a file that does not exist is empty. */
export function compareTexts(change: FileChange, before: string, after: string): DiffFile {
  return { ...change, hunks: hunksBetween(before, after), computed: true }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
