/** A task that catches everything around its whole body and only logs it has succeeded, as far as Celery knows. */

import { anyException, handlerOf } from '../../src/celery/handlers.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { taskLabel } from '../../src/celery/tasks.ts'
import type { Edit, Fix } from '../../src/core/fix.ts'
import type { FunctionDef, Handler, Statement, Try } from '../../src/python/syntax.ts'
import { descendants, isStatement } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** How much of the body a `try` must cover for the task to be nothing else. */
const MIN_SHARE = 0.8

export default defineRule({
  name: 'broad-except-hides-failure',
  reference: 'error-handling.md#a-failure-that-counts-as-success',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'sometimes',
  summary: 'A task catches every exception around its whole body and only logs it, so the run counts as a success',
  messages: {
    hidden:
      'Whatever goes wrong in {task} ends here, and Celery records a success: the run is not retried, no `task_failure` signal is sent, and monitoring shows no failure. Catch what is expected, and let the rest out with `raise`.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      const handler = hiding(project, file, task.run)
      if (!handler) continue
      yield {
        messageId: 'hidden',
        data: { task: taskLabel(task) },
        span: { start: handler.start, end: handler.types.at(-1)?.end ?? handler.start + 'except'.length },
        fix: letOut(file, handler),
      }
    }
  },
})

/** The handler in which every exception of a task ends. */
function hiding(project: CeleryProject, file: ProjectFile, { body }: FunctionDef): Handler | undefined {
  const attempt = body.find((statement): statement is Try => statement.kind === 'try')
  if (!attempt) return undefined
  const handler = handlerOf(project, file, attempt, anyException)
  if (!handler || handler === 'unknown' || !handler.body.every(isOnlyLogging)) return undefined
  const others = body.filter((statement) => statement !== attempt && !isDocstring(statement))
  const inside = count(attempt.body)
  return inside / (inside + count(attempt.orelse) + count(others.filter(isWork))) >= MIN_SHARE ? handler : undefined
}

const isDocstring = (statement: Statement) => statement.kind === 'expr' && statement.value.kind === 'string'

/** Whether a statement does more than end the function or import something. */
const isWork = ({ kind }: Statement) => !['return', 'import', 'import-from', 'global'].includes(kind)

const count = (statements: readonly Statement[]) =>
  statements.reduce((sum, statement) => sum + [...descendants(statement)].filter(isStatement).length, 0)

const logMethods = /^(debug|info|warning|warn|error|exception|critical|fatal|log)$/

/** Whether a statement of a handler tells nobody but the log: no flag, no state, no report to a tracker. */
function isOnlyLogging(statement: Statement): boolean {
  if (statement.kind === 'return')
    return !statement.value || (statement.value.kind === 'constant' && statement.value.value !== true)
  if (statement.kind === 'simple') return statement.keyword === 'pass'
  if (statement.kind !== 'expr') return false
  const { value } = statement
  if (value.kind !== 'call') return value.kind === 'string' || value.kind === 'unknown'
  if (value.callee.kind === 'name') return value.callee.id === 'print'
  return value.callee.kind === 'attribute' && logMethods.test(value.callee.attr)
}

/** Ends a handler with `raise`, in place of a last `pass` or `return`. */
function letOut(file: ProjectFile, { start, body }: Handler): Fix | undefined {
  const last = body.at(-1)
  if (!last) return undefined
  const isReplaced = last.kind === 'simple' || last.kind === 'return'
  const edit: Edit | undefined = isReplaced
    ? { span: { start: last.start, end: last.end }, replacement: 'raise' }
    : lineBelow(file, start, last)
  return edit && { title: 'Raise it again', applicability: 'unsafe', edits: [edit] }
}

function lineBelow({ facts: { text }, lines }: ProjectFile, start: number, last: Statement): Edit | undefined {
  const line = lines.lineAt(last.end)
  const from = lines.startOf(lines.lineAt(last.start))
  const indent = text.slice(from, last.start)
  if (indent.trim() !== '' || lines.lineAt(start) === lines.lineAt(last.start)) return undefined
  const end = /\r?\n/.exec(text)?.[0] ?? '\n'
  return { span: { start: lines.endOf(line), end: lines.endOf(line) }, replacement: `${end}${indent}raise` }
}
