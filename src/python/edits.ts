/** Owns small changes to Python source that keep to the layout that is there. */
import type { Edit } from '../core/fix.ts'
import type { Call } from './syntax.ts'

/** Where the line of an offset starts. */
const lineStart = (text: string, offset: number) => text.lastIndexOf('\n', offset - 1) + 1

/**
 * Adds an argument at the end of a call: on a line of its own where the last one has that too. Undefined where a sole
 * generator shares the call's parentheses.
 * @param text the source of the whole file
 * @param argument as it is written, such as `timeout=30`
 */
export function appendArgument(text: string, call: Call, argument: string): Edit | undefined {
  const last = call.args.at(-1)
  const insert = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })
  if (!last) return insert(call.argsSpan.start + 1, argument)
  if (last.start <= call.argsSpan.start) return undefined
  const start = lineStart(text, last.start)
  const before = text.slice(start, last.start)
  const behind = /^(,?)([ \t]*(?:#[^\r\n]*)?)(\r?\n)/.exec(text.slice(last.end, call.argsSpan.end))
  if (before.trim() !== '' || !behind) return insert(last.end, `, ${argument}`)
  const [, comma, comment = '', end] = behind
  if (comma) return insert(last.end + comma.length + comment.length, `${end}${before}${argument},`)
  // A comment stays with the argument that it stands behind.
  return insert(last.end, comment.includes('#') ? `, ${argument}` : `,${end}${before}${argument}`)
}
