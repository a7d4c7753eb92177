/** `retry` sends the message and then raises: an `except` around it that catches too much ends the run as if all were well. */
import { triesAround } from '../../src/celery/context.ts'
import { isRetry } from '../../src/celery/current-task.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Call, Expr, Handler, Node, Try } from '../../src/python/syntax.ts'
import { executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** `Retry` and what it descends from. Source: celery/exceptions.py. */
const catchesRetry = new Set([
  'builtins.Exception',
  'builtins.BaseException',
  'celery.exceptions.CeleryError',
  'celery.exceptions.TaskPredicate',
  'celery.exceptions.Retry',
])

export default defineRule({
  name: 'retry-swallowed-by-except',
  reference: 'error-handling.md#a-retry-caught-by-its-own-try',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A retry is raised inside a try whose except catches it, so the run ends as a success and its copy runs too',
  messages: {
    swallowed:
      'This retry has already been sent when it raises `Retry`, and the `except` of the same `try` catches that: the run counts as a success while its copy is queued, and running out of retries goes unnoticed too. Move the retry out of the `try`, or let `Retry` pass with an `except Retry: raise` of its own.',
    replaced:
      'This retry has already been sent when it raises `Retry`, and the `except` of the same `try` catches that and raises something else: the run counts as failed although its copy is queued. Move the retry out of the `try`, or let `Retry` pass with an `except Retry: raise` of its own.',
    repeated:
      'This retry has already been sent when it raises `Retry`, and the `except` of the same `try` catches that and retries once more: two copies are queued, and each may do the same. Move the retry out of the `try`, or let `Retry` pass with an `except Retry: raise` of its own.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      if (!isRetry(project, file, call) || !raises(call)) continue
      const handler = swallowing(project, file, call)
      if (!handler) continue
      yield {
        messageId: outcome(project, file, handler),
        span: call,
        related: [{ file, span: { start: handler.start, end: handler.start }, note: '`Retry` is caught here' }],
        fix: lettingRetryPass(project, file, handler),
      }
    }
  },
})

/** Whether a retry raises `Retry`, which it does not when it is told `throw=False`. */
function raises({ args, parent }: Call): boolean {
  if (parent?.kind === 'raise') return true
  if (args.some((arg) => arg.unpack) || args.filter((arg) => !arg.name).length > 3) return false
  const given = args.find((arg) => arg.name === 'throw')?.value
  return !given || (given.kind === 'constant' && given.value === true)
}

/** The handler that ends the way of `Retry` out of the function; undefined when it gets out, or may do so. */
function swallowing(project: CeleryProject, file: ProjectFile, call: Call): Handler | undefined {
  for (const attempt of triesAround(call)) {
    const handler = catching(project, file, attempt)
    if (handler === 'unknown') return undefined
    if (handler && !letsPass(handler)) return handler
  }
  return undefined
}

function catching(project: CeleryProject, file: ProjectFile, { handlers }: Try): Handler | 'unknown' | undefined {
  for (const handler of handlers) {
    if (handler.types.length === 0) return handler
    const caught = handler.types.map((type) => isCaught(project, file, type))
    if (caught.includes(true)) return handler
    if (caught.includes(undefined)) return 'unknown'
  }
  return undefined
}

/** Whether `except <type>` catches `Retry`; undefined when the type cannot be seen. */
function isCaught(project: CeleryProject, file: ProjectFile, type: Expr): boolean | undefined {
  const referent = project.resolve(file, type)
  if (referent?.kind === 'external') return catchesRetry.has(referent.name)
  if (referent?.kind === 'class') return false
  if (referent?.kind === 'value' && referent.expr.kind === 'tuple') {
    const caught = referent.expr.elements.map((element) => isCaught(project, referent.file, element))
    return caught.includes(true) || (caught.includes(undefined) ? undefined : false)
  }
  // `Order.DoesNotExist`, `self.MaxRetriesExceededError`, or a name that a star import may have brought.
  const name = type.kind === 'attribute' ? type.attr : type.kind === 'name' ? type.id : ''
  if (name === 'Exception' || name === 'BaseException') return true
  return /^[A-Z][a-z]\w*$/.test(name) && name !== 'Retry' ? false : undefined
}

/** Whether a handler raises again what it caught, or looks at it closely enough that it may. */
function letsPass(handler: Handler): boolean {
  for (const node of executed(handler.body)) {
    if (node.kind === 'raise' && (!node.exception || isName(node.exception, handler.name))) return true
    if (isName(node, 'Retry') || (node.kind === 'attribute' && node.attr === 'Retry')) return true
  }
  return false
}

const isName = (node: Node, id: string | undefined) => node.kind === 'name' && node.id === id

function outcome(project: CeleryProject, file: ProjectFile, handler: Handler): 'swallowed' | 'replaced' | 'repeated' {
  const nodes = [...executed(handler.body)]
  if (nodes.some((node) => node.kind === 'call' && isRetry(project, file, node))) return 'repeated'
  return nodes.some((node) => node.kind === 'raise') ? 'replaced' : 'swallowed'
}

/** Puts `except Retry: raise` before a handler that is meant for other exceptions, where `Retry` is imported. */
function lettingRetryPass(project: CeleryProject, file: ProjectFile, handler: Handler): Fix | undefined {
  if (handler.types.some((type) => project.externalName(file, type) === 'celery.exceptions.Retry')) return undefined
  const name = [...file.moduleScope.bindings].find(([, [binding]]) => {
    return binding?.kind === 'import' && binding.module === 'celery.exceptions' && binding.name === 'Retry'
  })?.[0]
  const line = file.lines.lineAt(handler.start)
  const indent = file.lines.textOf(line).slice(0, handler.start - file.lines.startOf(line))
  const [first] = handler.body
  if (!name || !first || indent.trim() !== '') return undefined
  const bodyLine = file.lines.lineAt(first.start)
  const bodyIndent =
    bodyLine > line ? file.facts.text.slice(file.lines.startOf(bodyLine), first.start) : `${indent}    `
  const end = /\r?\n/.exec(file.facts.text)?.[0] ?? '\n'
  const replacement = `except ${name}:${end}${bodyIndent}raise${end}${indent}`
  return {
    title: `Let ${name} pass`,
    applicability: 'safe',
    edits: [{ span: { start: handler.start, end: handler.start }, replacement }],
  }
}
