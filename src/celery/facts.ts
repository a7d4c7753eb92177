/**
 * Owns the facts of one file: its text and its syntax as plain data. A pure function of the text and of the kind of file
 * that its name says, so facts are cached by the content's SHA; whatever else depends on the file's path or on other files
 * belongs to the project.
 */

import { isPython } from '../core/file-kinds.ts'
import type { Span } from '../core/text.ts'
import { parsePython } from '../python/parse.ts'
import type { Comment, Module } from '../python/syntax.ts'
import { type Deployment, deploymentIn } from './deployment.ts'

export interface FileFacts {
  readonly text: string
  readonly module: Module
  readonly comments: readonly Comment[]
  /** Places that could not be parsed; what stands around them is still known. */
  readonly errors: readonly Span[]
  /** Of a file that says how processes are started, and that holds no Python. */
  readonly deployment?: Deployment
}

/** Changes whenever facts of the same text, whether it is relevant, or how that is stored would come out otherwise; part of every cache key. */
export const FACTS_VERSION = 5

/**
 * Takes the facts of one file's text.
 * @throws ParseRefused when the text is beyond the bounds of the parser.
 */
export function extractFacts(text: string): FileFacts {
  return { text, ...parsePython(text) }
}

/**
 * Takes the facts of one file's text, whatever kind of file it is.
 * @throws ParseRefused when the text is beyond the bounds of the parser.
 */
export function factsOf(path: string, text: string): FileFacts {
  return isPython(path) ? extractFacts(text) : deploymentFacts(path, text)
}

function deploymentFacts(path: string, text: string): FileFacts {
  const deployment = deploymentIn(path, text)
  const comments = [...text.matchAll(/(?<=^|\s)#.*/gm)].map(
    ({ index, 0: comment }): Comment => ({ start: index, end: index + comment.length, text: comment }),
  )
  const module: Module = { kind: 'module', start: 0, end: text.length, body: [] }
  return { text, module, comments, errors: deployment.errors, deployment }
}
