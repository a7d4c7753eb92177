/** `SoftTimeLimitExceeded` is an `Exception`: a loop that catches everything around each item also catches the warning to stop. */

import { numberOf } from '../../src/celery/constants.ts'
import { loopAround, triesAround } from '../../src/celery/context.ts'
import { handlerOf, letsPass, lettingPass, softTimeLimit } from '../../src/celery/handlers.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Expr, Handler, Try } from '../../src/python/syntax.ts'
import { executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'soft-time-limit-swallowed',
  reference: 'error-handling.md#a-soft-limit-caught-by-the-loop',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A broad except inside a loop catches the soft time limit, and the loop goes on until the task is killed',
  messages: {
    swallowed:
      'The soft time limit of {task} raises `SoftTimeLimitExceeded`, and this `except` catches it like any other error: the loop goes on with the next round, and nothing asks it to stop again before the hard limit kills the process. Put `except SoftTimeLimitExceeded: raise` before it.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      if (task.run.body.length === 0 || !hasSoftLimit(project, task)) continue
      for (const node of executed(task.run.body)) {
        const handler = node.kind === 'try' && swallowing(project, file, node)
        if (!handler) continue
        yield {
          messageId: 'swallowed',
          data: { task: taskLabel(task) },
          span: { start: handler.start, end: handler.types.at(-1)?.end ?? handler.start + 'except'.length },
          fix: lettingPass(file, handler, softTimeLimit),
        }
      }
    }
  },
})

/** The handler of a `try` in a loop that catches the soft limit unawares and lets the loop go on. */
function swallowing(project: CeleryProject, file: ProjectFile, attempt: Try): Handler | undefined {
  if (!loopAround(attempt) || !takesTime(attempt)) return undefined
  const handler = handlerOf(project, file, attempt, softTimeLimit)
  if (!handler || handler === 'unknown' || isNamed(project, file, handler)) return undefined
  return letsPass(handler, softTimeLimit) || leaves(handler) || isHandledInside(project, file, attempt)
    ? undefined
    : handler
}

/** Only code that calls something lasts long enough to be interrupted. */
const takesTime = ({ body }: Try) => [...executed(body)].some(({ kind }) => kind === 'call' || kind === 'await')

/** Whether a handler is meant for the soft limit, among others. */
const isNamed = (project: CeleryProject, file: ProjectFile, { types }: Handler) =>
  types.some((type) => project.externalName(file, type)?.endsWith(`.${softTimeLimit.name}`))

const exits = /(^|\.)(exit|_exit|retry)$/

/** Whether a handler may leave the loop: by `break` or `return`, by raising, or by a call that does. */
function leaves({ body }: Handler): boolean {
  for (const node of executed(body)) {
    if (node.kind === 'return' || node.kind === 'raise') return true
    if (node.kind === 'simple' && node.keyword === 'break') return true
    if (node.kind === 'call' && exits.test(nameOf(node.callee))) return true
  }
  return false
}

const nameOf = (expr: Expr) => (expr.kind === 'attribute' ? `.${expr.attr}` : expr.kind === 'name' ? expr.id : '')

/** Whether all that takes time in a `try` stands in others that see to the soft limit themselves. */
function isHandledInside(project: CeleryProject, file: ProjectFile, attempt: Try): boolean {
  const calls = [...executed(attempt.body)].filter(({ kind }) => kind === 'call' || kind === 'await')
  return calls.every((call) => {
    for (const inner of triesAround(call)) {
      if (inner === attempt) return false
      const handler = handlerOf(project, file, inner, softTimeLimit)
      if (handler) return true
    }
    return false
  })
}

/** Whether a task certainly has a soft limit, of its own or from the settings. */
function hasSoftLimit(project: CeleryProject, task: Task): boolean {
  const { value, file, open } = project.taskOption(task, 'soft_time_limit')
  if (value) return isLimit(project, file, value)
  const settings = project.settingsFor('task_soft_time_limit')
  return !open && settings.length > 0 && settings.every((setting) => isLimit(project, setting.file, setting.value))
}

/** Whether a value is a number of seconds, known or converted to one. */
function isLimit(project: CeleryProject, file: ProjectFile, value: Expr): boolean {
  const seconds = numberOf(project, file, value)
  if (seconds !== undefined) return seconds > 0
  return value.kind === 'call' && /^builtins\.(int|float)$/.test(project.externalName(file, value.callee) ?? '')
}
