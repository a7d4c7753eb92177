/** Owns what an `except` clause catches, and whether it lets that go on. Silent when not sure. */
import type { Fix } from '../core/fix.ts'
import type { Expr, Handler, Node, Try } from '../python/syntax.ts'
import { executed } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

/** An exception as handlers know it. */
export interface Caught {
  /** Its class name. */
  readonly name: string
  /** The dotted names of the class, and of those that it descends from. */
  readonly classes: ReadonlySet<string>
}

const everything = ['builtins.Exception', 'builtins.BaseException']

/** An exception that only the broadest handlers know. */
export const anyException: Caught = { name: 'Exception', classes: new Set(everything) }

/** What a retry raises once its message is sent. Source: celery/exceptions.py. */
export const retryException: Caught = {
  name: 'Retry',
  classes: new Set([
    ...everything,
    'celery.exceptions.CeleryError',
    'celery.exceptions.TaskPredicate',
    'celery.exceptions.Retry',
  ]),
}

/** What the soft time limit raises in the midst of a task. Source: billiard/exceptions.py. */
export const softTimeLimit: Caught = {
  name: 'SoftTimeLimitExceeded',
  classes: new Set([
    ...everything,
    'billiard.exceptions.SoftTimeLimitExceeded',
    'celery.exceptions.SoftTimeLimitExceeded',
  ]),
}

/** The handler of a `try` that an exception from its body ends in; undefined when none catches it. */
export function handlerOf(
  project: CeleryProject,
  file: ProjectFile,
  { handlers }: Try,
  exception: Caught,
): Handler | 'unknown' | undefined {
  for (const handler of handlers) {
    if (handler.types.length === 0) return handler
    const caught = handler.types.map((type) => isCaught(project, file, type, exception))
    if (caught.includes(true)) return handler
    if (caught.includes(undefined)) return 'unknown'
  }
  return undefined
}

/** Whether `except <type>` catches an exception; undefined when the type cannot be seen. */
function isCaught(project: CeleryProject, file: ProjectFile, type: Expr, exception: Caught): boolean | undefined {
  const referent = project.resolve(file, type)
  if (referent?.kind === 'external') return exception.classes.has(referent.name)
  if (referent?.kind === 'class') return false
  if (referent?.kind === 'value' && referent.expr.kind === 'tuple') {
    const caught = referent.expr.elements.map((element) => isCaught(project, referent.file, element, exception))
    return caught.includes(true) || (caught.includes(undefined) ? undefined : false)
  }
  // `Order.DoesNotExist`, `self.MaxRetriesExceededError`, or a name that a star import may have brought.
  const name = type.kind === 'attribute' ? type.attr : type.kind === 'name' ? type.id : ''
  if (name === 'Exception' || name === 'BaseException') return true
  return /^[A-Z][a-z]\w*$/.test(name) && name !== exception.name ? false : undefined
}

/** Whether a handler raises again what it caught, or looks at it closely enough that it may. */
export function letsPass(handler: Handler, { name }: Caught): boolean {
  for (const node of executed(handler.body)) {
    if (node.kind === 'raise' && (!node.exception || isName(node.exception, handler.name))) return true
    if (isName(node, name) || (node.kind === 'attribute' && node.attr === name)) return true
  }
  return false
}

const isName = (node: Node, id: string | undefined) => node.kind === 'name' && node.id === id

/** Puts `except <exception>: raise` before a handler that is meant for others, where a file imports the exception. */
export function lettingPass(file: ProjectFile, handler: Handler, { name, classes }: Caught): Fix | undefined {
  const imported = [...file.moduleScope.bindings].find(
    ([, [binding]]) => binding?.kind === 'import' && binding.name === name && classes.has(`${binding.module}.${name}`),
  )?.[0]
  const names = (type: Expr) =>
    type.kind === 'name' ? type.id === imported : type.kind === 'attribute' && type.attr === name
  const line = file.lines.lineAt(handler.start)
  const indent = file.lines.textOf(line).slice(0, handler.start - file.lines.startOf(line))
  const [first] = handler.body
  if (!imported || !first || indent.trim() !== '' || handler.types.some(names)) return undefined
  const bodyLine = file.lines.lineAt(first.start)
  const bodyIndent =
    bodyLine > line ? file.facts.text.slice(file.lines.startOf(bodyLine), first.start) : `${indent}    `
  const end = /\r?\n/.exec(file.facts.text)?.[0] ?? '\n'
  const replacement = `except ${imported}:${end}${bodyIndent}raise${end}${indent}`
  return {
    title: `Let \`${imported}\` pass`,
    applicability: 'safe',
    edits: [{ span: { start: handler.start, end: handler.start }, replacement }],
  }
}
