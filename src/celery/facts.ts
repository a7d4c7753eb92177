/**
 * Owns the facts of one file: its text and its syntax as plain data. A pure function of the text, so facts are cached by
 * the content's SHA; whatever depends on the file's path or on other files belongs to the project.
 */

import type { Span } from '../core/text.ts'
import { parsePython } from '../python/parse.ts'
import type { Comment, Module } from '../python/syntax.ts'

export interface FileFacts {
  readonly text: string
  readonly module: Module
  readonly comments: readonly Comment[]
  /** Places that could not be parsed; what stands around them is still known. */
  readonly errors: readonly Span[]
}

/** Changes whenever facts of the same text would come out otherwise; part of every cache key. */
export const FACTS_VERSION = 2

/**
 * Takes the facts of one file's text.
 * @throws ParseRefused when the text is beyond the bounds of the parser.
 */
export function extractFacts(text: string): FileFacts {
  return { text, ...parsePython(text) }
}
