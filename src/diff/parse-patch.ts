/** Owns the reading of the bare `patch` that GitHub gives for a file of a pull request. */
import { parsePatch as parseUnifiedDiff } from 'diff'
import type { FileChange } from '../core/snapshot.ts'
import { type DiffFile, type Hunk, toHunk } from './hunk.ts'

const header = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/

/**
 * The hunks of one file's patch, which starts with `@@` and has no file headers.
 * @throws Error when the patch is cut off, its counts are wrong, or it holds anything but the hunks of one file.
 */
export function parsePatch(patch: string): Hunk[] {
  const hunks = parseUnifiedDiff(patch).flatMap((file) => file.hunks)
  const lines = patch.split('\n')
  if (lines.at(-1) === '') lines.pop()

  // The parser passes over lines that it does not know, and takes a count of 1 for 0 where the line is missing:
  // right for a patch to be applied, wrong where a missing line means that the patch was cut off.
  let at = 0
  for (const hunk of hunks) {
    const [, oldLines = '1', newLines = '1'] = header.exec(lines[at] ?? '') ?? []
    if (Number(oldLines) !== hunk.oldLines || Number(newLines) !== hunk.newLines) {
      throw new Error(`the hunk at line ${at + 1} of the patch does not hold what its header says`)
    }
    at += 1 + hunk.lines.length
  }
  if (hunks.length === 0 || at !== lines.length) {
    throw new Error('the patch holds something other than the hunks of one file')
  }

  let oldEnd = 1
  let newEnd = 1
  for (const { oldStart, oldLines, newStart, newLines } of hunks) {
    // Between two hunks nothing changed, so both sides move on by the same number of lines.
    if (oldStart < oldEnd || oldStart - oldEnd !== newStart - newEnd) {
      throw new Error(`the hunk at new line ${newStart} contradicts the one before it`)
    }
    oldEnd = oldStart + oldLines
    newEnd = newStart + newLines
  }
  return hunks.map(toHunk)
}

/** A changed file with the hunks of its patch; without hunks when there is no patch, or none that can be relied upon. */
export function toDiffFile(change: FileChange, patch: string | undefined): DiffFile {
  if (patch === undefined) return change
  try {
    return { ...change, hunks: parsePatch(patch) }
  } catch {
    return change
  }
}
