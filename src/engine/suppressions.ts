/** Owns comments that switch rules off: `# celery-review: ignore[rule] reason` and `# celery-review: ignore-file[rule]`. */

import type { ProjectFile } from '../celery/project-file.ts'
import type { Span } from '../core/text.ts'

export interface Suppression {
  /** The comment itself. */
  readonly span: Span
  readonly rule: string
  /** The 1-based lines it covers; absent when it covers the file. */
  readonly lines?: readonly number[]
}

const directive = /#\s*celery-review:\s*(ignore|ignore-file)\[([^\]]*)\]/

/** The suppressions of a file, one for each rule that a comment names. */
export function suppressionsOf(file: ProjectFile): Suppression[] {
  const suppressions: Suppression[] = []
  for (const comment of file.facts.comments) {
    const match = directive.exec(comment.text)
    if (!match) continue
    const line = file.lines.lineAt(comment.start)
    const alone = file.lines.textOf(line).trimStart().startsWith('#')
    const lines = match[1] === 'ignore' ? [alone ? nextCodeLine(file, line) : line] : undefined
    for (const rule of match[2]!.split(',').map((name) => name.trim())) {
      if (rule) suppressions.push({ span: { start: comment.start, end: comment.end }, rule, lines })
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
