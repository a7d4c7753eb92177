/** `retry` sends the message and then raises: an `except` around it that catches too much ends the run as if all were well. */
import { triesAround } from '../../src/celery/context.ts'
import { isRetry } from '../../src/celery/current-task.ts'
import { handlerOf, letsPass, lettingPass, retryException } from '../../src/celery/handlers.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Call, Handler } from '../../src/python/syntax.ts'
import { executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

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
    for (const call of file.methodCalls('retry')) {
      if (!isRetry(project, file, call) || !raises(call)) continue
      const handler = swallowing(project, file, call)
      if (!handler) continue
      yield {
        messageId: outcome(project, file, handler),
        span: call,
        related: [{ file, span: { start: handler.start, end: handler.start }, note: '`Retry` is caught here' }],
        fix: lettingPass(file, handler, retryException),
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
    const handler = handlerOf(project, file, attempt, retryException)
    if (handler === 'unknown') return undefined
    if (handler && !letsPass(handler, retryException)) return handler
  }
  return undefined
}

function outcome(project: CeleryProject, file: ProjectFile, handler: Handler): 'swallowed' | 'replaced' | 'repeated' {
  const nodes = [...executed(handler.body)]
  if (nodes.some((node) => node.kind === 'call' && isRetry(project, file, node))) return 'repeated'
  return nodes.some((node) => node.kind === 'raise') ? 'replaced' : 'swallowed'
}
