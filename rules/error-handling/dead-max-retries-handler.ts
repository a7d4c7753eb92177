/** Running out of retries raises `MaxRetriesExceededError` only from a `retry` without `exc`, and only past its own `try`. */
import { isRetry, keepsToItself } from '../../src/celery/current-task.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Call, Expr, Handler, Statement, Try } from '../../src/python/syntax.ts'
import { ancestors, executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'dead-max-retries-handler',
  reference: 'error-handling.md#when-the-retries-are-used-up',
  scope: 'file',
  severity: 'warning',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'A handler waits for MaxRetriesExceededError where nothing can raise it',
  messages: {
    other:
      'A `retry` with `exc` raises that exception itself when the retries are used up, never `MaxRetriesExceededError`, so this handler never runs. Leave out `exc`, or compare `self.request.retries` with `self.max_retries` before the retry.',
    sibling:
      'The `retry` in another handler of the same `try` raises past this one, so it never runs. Put a `try` around that retry, or compare `self.request.retries` with `self.max_retries` before it.',
    automatic:
      '`autoretry_for` retries when the exception has left the task, so nothing in its body raises `MaxRetriesExceededError` and this handler never runs. Use `on_failure` of a task class for what must happen in the end.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      for (const node of executed(task.run.body)) {
        if (node.kind !== 'handler' || !isForMaxRetries(project, file, node)) continue
        const attempt = node.parent as Try
        const guarded = retriesIn(project, file, attempt.body)
        // What gets hold of the task may retry it.
        if (guarded.length === 0 && (!keepsToItself(project, task) || callsItself(project, file, attempt))) continue
        if (guarded.some((call) => !givesException(call))) continue
        const elsewhere = attempt.handlers.flatMap((handler) => retriesIn(project, file, handler.body))
        const messageId =
          guarded.length > 0
            ? 'other'
            : elsewhere.length > 0
              ? 'sibling'
              : project.taskOption(task, 'autoretry_for').value && !isInHandler(node)
                ? 'automatic'
                : undefined
        if (messageId) yield { messageId, span: { start: node.start, end: node.types.at(-1)?.end ?? node.start } }
      }
    }
  },
})

/** Whether a handler catches `MaxRetriesExceededError` and nothing else. */
const isForMaxRetries = (project: CeleryProject, file: ProjectFile, { types }: Handler) =>
  types.length > 0 &&
  types.every(
    (type) =>
      project.externalName(file, type) === 'celery.exceptions.MaxRetriesExceededError' ||
      (type.kind === 'attribute' && type.attr === 'MaxRetriesExceededError'),
  )

function retriesIn(project: CeleryProject, file: ProjectFile, body: readonly Statement[]): Call[] {
  return [...executed(body)].filter((node): node is Call => node.kind === 'call' && isRetry(project, file, node))
}

/** Whether a retry certainly passes an exception to raise in the end. */
function givesException({ args }: Call): boolean {
  if (args.some(({ unpack }) => unpack)) return false
  const given = args.find(({ name }) => name === 'exc')?.value ?? args.filter(({ name }) => !name)[2]?.value
  return given !== undefined && given.kind !== 'constant' && given.kind !== 'conditional'
}

/** Whether the body of a `try` calls a method of the task, or code that may look for the running one. */
function callsItself(project: CeleryProject, file: ProjectFile, { body }: Try): boolean {
  return [...executed(body)].some((node) => {
    if (node.kind !== 'call') return false
    const { callee } = node
    const receiver: Expr | undefined = callee.kind === 'attribute' ? callee.value : undefined
    if (receiver && project.taskOf(file, receiver)) return true
    if (project.taskOf(file, callee)) return true
    if (receiver?.kind === 'name' && /^(self|task|cls)$/.test(receiver.id)) return true
    const called = project.resolve(file, callee)
    return called?.kind === 'function' && /retry|current_task/.test(called.file.textOf(called.node))
  })
}

const isInHandler = (handler: Handler) => [...ancestors(handler)].some(({ kind }) => kind === 'handler')
