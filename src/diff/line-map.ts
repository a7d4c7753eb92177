/** Owns the way from a line of the old text to the same line of the new text, and back. Lines are 1-based. */
import type { Hunk } from './hunk.ts'

/** Where an old line stands in the new text; undefined when it was deleted. */
export function toNewLine(hunks: readonly Hunk[], oldLine: number): number | undefined {
  let shift = 0
  for (const hunk of hunks) {
    if (oldLine < hunk.oldStart) break
    for (const line of hunk.lines) if (line.kind === 'context' && line.oldLine === oldLine) return line.newLine
    if (oldLine < hunk.oldStart + hunk.oldLines) return undefined
    shift = hunk.newStart + hunk.newLines - (hunk.oldStart + hunk.oldLines)
  }
  return oldLine + shift
}

/** Where a new line stood in the old text; undefined when it was added. */
export function toOldLine(hunks: readonly Hunk[], newLine: number): number | undefined {
  let shift = 0
  for (const hunk of hunks) {
    if (newLine < hunk.newStart) break
    for (const line of hunk.lines) if (line.kind === 'context' && line.newLine === newLine) return line.oldLine
    if (newLine < hunk.newStart + hunk.newLines) return undefined
    shift = hunk.oldStart + hunk.oldLines - (hunk.newStart + hunk.newLines)
  }
  return newLine + shift
}
