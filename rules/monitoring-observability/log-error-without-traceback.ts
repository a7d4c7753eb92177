/** A handler that logs an error and carries on is the last to see the traceback. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Call, Expr, Handler } from '../../src/python/syntax.ts'
import { ancestors, dottedName, executed, isScope } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'log-error-without-traceback',
  reference: 'monitoring-observability.md#an-error-logged-without-its-traceback',
  scope: 'file',
  severity: 'info',
  confidence: 'high',
  status: 'stable',
  fix: 'always',
  summary: 'A task catches an exception and logs an error, but not where the exception came from',
  messages: {
    swallowed:
      'The task {task} catches the exception here and goes on, so the traceback is lost: nothing will say where it came from. `exception` logs the same message at the same level, and the traceback with it.',
  },
  *check({ project, file }) {
    for (const call of file.methodCalls('error')) {
      if (!isLogger(project, file, call)) continue
      const task = project.taskAround(file, call)
      const handler = handlerAround(call)
      if (!task || !handler || isForeseen(project, file, handler) || keepsTraceback(handler)) continue
      if (call.args.some(({ name, unpack }) => name === 'exc_info' || unpack === '**') || isMeant(file, call)) continue
      yield {
        messageId: 'swallowed',
        data: { task: task.node.name },
        span: call,
        fix: {
          title: 'Log the traceback too',
          applicability: 'safe',
          edits: [{ span: call.callee.attrSpan, replacement: 'exception' }],
        },
      }
    }
  },
})

/** What makes a logger whose `exception` logs like `error`, with the traceback. */
const loggerMakers = new Set([
  'celery.utils.log.get_task_logger',
  'celery.utils.log.get_logger',
  'logging.getLogger',
  'structlog.get_logger',
  'structlog.getLogger',
  'structlog.stdlib.get_logger',
])
const loggers = new Set(['logging', 'loguru.logger'])

function isLogger(project: CeleryProject, file: ProjectFile, { callee }: Call): boolean {
  if (callee.kind !== 'attribute') return false
  const referent = project.resolve(file, callee.value)
  if (referent?.kind === 'external') return loggers.has(referent.name)
  if (referent?.kind !== 'value' || referent.expr.kind !== 'call') return false
  return loggerMakers.has(project.externalName(referent.file, referent.expr.callee) ?? '')
}

/** The handler that runs a call, in the same function. */
function handlerAround(call: Call): Handler | undefined {
  for (const up of ancestors(call)) {
    if (up.kind === 'handler') return up
    if (isScope(up)) return undefined
  }
  return undefined
}

/** Exceptions whose name says all that a traceback could: what is missing, refused, or given up. */
const telling =
  /(^|\.)(\w*DoesNotExist|Http404|MultipleObjectsReturned|ValidationError|PermissionDenied|CommandError|NotImplementedError|MaxRetriesExceededError|SoftTimeLimitExceeded)$/

/** Whether all that is caught is foreseen: told by its name, or an exception of the project's own. */
const isForeseen = (project: CeleryProject, file: ProjectFile, { types }: Handler): boolean =>
  types.length > 0 && types.every((type) => telling.test(dottedName(type) ?? '') || isOwn(project, file, type))

/** Whether an exception is the project's own, also where the file of its class was not worth parsing. */
function isOwn(project: CeleryProject, file: ProjectFile, type: Expr): boolean {
  const referent = project.resolve(file, type)
  if (referent?.kind !== 'external') return referent?.kind === 'class'
  return project.modules.find(referent.name.slice(0, referent.name.lastIndexOf('.')), file.path) !== undefined
}

/** Functions that keep the traceback, wherever they come from: `capture_exception`, `traceback.format_exc`, `log_exception`. */
const reporters = /exception|traceback|format_exc|print_exc|^retry$/i

/** Whether the exception goes on from a handler to Celery, which logs it, or to something else that keeps its traceback. */
function keepsTraceback({ body }: Handler): boolean {
  for (const node of executed(body)) {
    if (node.kind === 'raise' || (node.kind === 'argument' && node.name === 'exc_info')) return true
    if (node.kind === 'attribute' && node.attr === '__traceback__') return true
    const name = node.kind === 'call' ? dottedName(node.callee) : undefined
    if (name && reporters.test(name.slice(name.lastIndexOf('.') + 1))) return true
  }
  return false
}

/** Whether a comment tells another linter, which asks for the same, that `error` is meant: `# noqa: TRY400`. */
const isMeant = (file: ProjectFile, call: Call): boolean =>
  file.facts.comments.some(
    ({ start, text }) =>
      call.start <= start && file.lines.lineAt(start) <= file.lines.lineAt(call.end) && /noqa.*TRY400/.test(text),
  )
