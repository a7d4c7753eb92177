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

/** Lines that were replaced by others: each list may be empty, where lines were only added or only deleted. */
export interface Replacement {
  readonly oldLines: readonly number[]
  readonly newLines: readonly number[]
}

/** The run of changed lines that a new line belongs to; undefined for a line that was there before. */
export function replacementAt(hunks: readonly Hunk[], newLine: number): Replacement | undefined {
  const hunk = hunks.find(({ newStart, newLines }) => newStart <= newLine && newLine < newStart + newLines)
  let run = { oldLines: [] as number[], newLines: [] as number[] }
  for (const line of hunk?.lines ?? []) {
    if (line.kind === 'deleted') run.oldLines.push(line.oldLine)
    else if (line.kind === 'added') run.newLines.push(line.newLine)
    else if (run.newLines.includes(newLine)) break
    else run = { oldLines: [], newLines: [] }
  }
  return run.newLines.includes(newLine) ? run : undefined
}
