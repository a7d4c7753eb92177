/** Owns what the change of one file looks like, line by line. Where hunks come from is left to `parse-patch` and `compare-texts`. */
import type { StructuredPatchHunk } from 'diff'
import type { FileChange } from '../core/snapshot.ts'

/**
 * One line of a hunk. Line numbers are 1-based and count `\n` only, as git does; `text` has no final `\n`, but keeps the
 * `\r` of a CRLF file.
 */
export type HunkLine =
  | { readonly kind: 'context'; readonly text: string; readonly oldLine: number; readonly newLine: number }
  | { readonly kind: 'deleted'; readonly text: string; readonly oldLine: number }
  | { readonly kind: 'added'; readonly text: string; readonly newLine: number }

/**
 * A run of changed lines with the unchanged lines around it. Its new lines are consecutive, and so are its old lines.
 * Where a count is 0, the start is the line before which the hunk stands.
 */
export interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly HunkLine[]
}

/** A changed file with what changed in it. */
export interface DiffFile extends FileChange {
  /** In order, without overlap. Undefined when it is not known what changed. */
  readonly hunks?: readonly Hunk[]
  /** Whether the hunks were computed here from the two texts: right, but not necessarily those that GitHub shows. */
  readonly computed?: boolean
}

/** The last new line of a hunk; one less than its start when it has none. */
export const lastNewLine = (hunk: Hunk): number => hunk.newStart + hunk.newLines - 1

/** Numbers the lines of a hunk as the `diff` package reads and writes it. */
export function toHunk({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): Hunk {
  const numbered: HunkLine[] = []
  let oldLine = oldStart
  let newLine = newStart
  for (const line of lines) {
    const text = line.slice(1)
    if (line.startsWith('+')) numbered.push({ kind: 'added', text, newLine: newLine++ })
    else if (line.startsWith('-')) numbered.push({ kind: 'deleted', text, oldLine: oldLine++ })
    // A backslash says that the line above has no terminator; it is no line of either text.
    else if (!line.startsWith('\\')) numbered.push({ kind: 'context', text, oldLine: oldLine++, newLine: newLine++ })
  }
  return { oldStart, oldLines, newStart, newLines, lines: numbered }
}
