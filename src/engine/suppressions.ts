/** Owns comments that switch rules off: `# celery-review: ignore[rule] reason` and `# celery-review: ignore-file[rule]`. */

import type { ProjectFile } from '../celery/project-file.ts'
import type { Span } from '../core/text.ts'

export interface Suppression {
  /** The comment itself. */
  readonly span: Span
  readonly rule: string
  /** The 1-based line it covers; absent when it covers the file. */
  readonly line?: number
}

/** By the name of the rule that they silence. */
export type Suppressions = ReadonlyMap<string, readonly Suppression[]>

const directive = /#\s*celery-review:\s*(ignore|ignore-file)\[([^\]]*)\]/

/** The suppressions of a file, one for each rule that a comment names. */
export function suppressionsOf(file: ProjectFile): Suppressions {
  const suppressions = new Map<string, Suppression[]>()
  let codeLine = 0
  for (const comment of file.facts.comments) {
    const match = directive.exec(comment.text)
    if (!match) continue
    const line = file.lines.lineAt(comment.start)
    const alone = file.lines.textOf(line).trimStart().startsWith('#')
    // The comments of one block all speak of the same line.
    if (alone && codeLine <= line) codeLine = nextCodeLine(file, line)
    const covered = match[1] === 'ignore' ? (alone ? codeLine : line) : undefined
    for (const rule of new Set(match[2]!.split(',').map((name) => name.trim()))) {
      if (!rule) continue
      const suppression = { span: { start: comment.start, end: comment.end }, rule, line: covered }
      const named = suppressions.get(rule)
      if (named) named.push(suppression)
      else suppressions.set(rule, [suppression])
    }
  }
  return suppressions
}

/** The line that a comment of its own speaks of: the next one that is not a comment too. */
function nextCodeLine(file: ProjectFile, line: number): number {
  let next = line + 1
  while (next < file.lines.count && file.lines.textOf(next).trimStart().startsWith('#')) next++
  return next
}
