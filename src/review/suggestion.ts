/** Owns what a fix does to a file as a whole, and which fixes may be offered as a suggestion to be committed with one click. */
import type { Finding } from '../core/finding.ts'
import { applyEdits, type Suggestion } from '../core/fix.ts'
import type { Lines } from '../core/text.ts'
import { hasDeletionWithin, shownLines } from '../diff/anchors.ts'
import type { DiffFile } from '../diff/hunk.ts'
import { hasInvisible } from './inert.ts'

/** A longer replacement is not for a click. */
const longestReplacement = 10_000

/** The head's text with the finding's fix in it; undefined when it has none, or one that does not fit the text. */
export function fixedText({ fix, suggestion }: Finding, head: Lines): string | undefined {
  try {
    if (fix) return applyEdits(head.text, fix.edits)
  } catch {
    return undefined
  }
  return suggestion && commit(suggestion, head)
}

/**
 * The finding's suggestion, when committing it on GitHub has exactly the effect of the fix; else undefined. GitHub puts
 * the block's text in place of the comment's lines of side `RIGHT`, whatever they hold by then.
 */
export function committable(
  finding: Finding,
  file: DiffFile | undefined,
  head: Lines | undefined,
): Suggestion | undefined {
  const { suggestion } = finding
  if (suggestion?.applicability !== 'safe' || !file || !head) return undefined
  const { startLine, endLine, replacement } = suggestion

  // An empty block can mean an empty line or none.
  if (replacement.trim() === '' || replacement.length > longestReplacement || hasInvisible(replacement))
    return undefined
  // It is not known which line ending GitHub writes into a file that has carriage returns.
  if (head.text.includes('\r')) return undefined
  // Nor what becomes of the end of a file without a final newline.
  if (endLine >= head.count) return undefined

  const before = head.text.slice(head.startOf(startLine), head.endOf(endLine))
  if (replacement === before || shownLines(file, endLine, startLine)?.join('\n') !== before) return undefined
  if (hasDeletionWithin(file, endLine, startLine)) return undefined
  return commit(suggestion, head) === fixedText(finding, head) ? suggestion : undefined
}

/** What GitHub makes of the head's text when the suggestion is committed. */
const commit = ({ startLine, endLine, replacement }: Suggestion, head: Lines): string =>
  head.text.slice(0, head.startOf(startLine)) + replacement + head.text.slice(head.endOf(endLine))
