/** Owns small changes to Python source that keep to the layout that is there. */
import type { Edit } from '../core/fix.ts'
import type { Span } from '../core/text.ts'
import type { Argument, Call, Decorator, FunctionDef } from './syntax.ts'

const insert = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })

/** What stands before an offset on its line. */
const before = (text: string, offset: number) => text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)

/**
 * Adds an argument at the end of a call: on a line of its own where the last one has that too. Undefined where a sole
 * generator shares the call's parentheses.
 * @param text the source of the whole file
 * @param argument as it is written, such as `timeout=30`
 */
export function appendArgument(text: string, call: Call, argument: string): Edit | undefined {
  const last = call.args.at(-1)
  if (!last) return insert(call.argsSpan.start + 1, argument)
  if (last.start <= call.argsSpan.start) return undefined
  const indent = before(text, last.start)
  const behind = /^(,?)([ \t]*(?:#[^\r\n]*)?)(\r?\n)/.exec(text.slice(last.end, call.argsSpan.end))
  if (indent.trim() !== '' || !behind) return insert(last.end, `, ${argument}`)
  const [, comma, comment = '', end] = behind
  if (comma) return insert(last.end + comma.length + comment.length, `${end}${indent}${argument},`)
  // A comment stays with the argument that it stands behind.
  return insert(last.end, comment.includes('#') ? `, ${argument}` : `,${end}${indent}${argument}`)
}

/**
 * Gives a decorator a keyword argument, the first where that is possible: `@task` becomes `@task(bind=True)`.
 * @param text the source of the whole file
 * @param keyword as it is written, such as `bind=True`
 */
export function addKeyword(text: string, { expression }: Decorator, keyword: string): Edit | undefined {
  if (expression.kind !== 'call') return insert(expression.end, `(${keyword})`)
  const [first] = expression.args
  return first?.name ? prepend(text, first, keyword) : appendArgument(text, expression, keyword)
}

/**
 * Adds a first parameter to a function.
 * @param text the source of the whole file
 */
export function prependParameter(text: string, { parameters, parametersSpan }: FunctionDef, parameter: string): Edit {
  const [first] = parameters
  return first ? prepend(text, first, parameter) : insert(parametersSpan.start + 1, parameter)
}

/** Puts an element before the first one of a list: on a line of its own where that has one too. */
function prepend(text: string, first: Span, element: string): Edit {
  const indent = before(text, first.start)
  if (indent.trim() !== '') return insert(first.start, `${element}, `)
  const end = text.slice(0, first.start - indent.length).endsWith('\r\n') ? '\r\n' : '\n'
  return insert(first.start, `${element},${end}${indent}`)
}

/** Takes an argument out of a call, with the comma that parts it from its neighbour. */
export function removeArgument({ args, argsSpan }: Call, argument: Argument): Edit {
  const place = args.indexOf(argument)
  const last = args[place - 1]
  const next = args[place + 1]
  if (last) return { span: { start: last.end, end: argument.end }, replacement: '' }
  return { span: { start: argument.start, end: next?.start ?? argsSpan.end - 1 }, replacement: '' }
}
