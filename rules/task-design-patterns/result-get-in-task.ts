/** A task that waits for another task holds a slot of the worker while the other one needs one. */

import { isApp } from '../../src/celery/apps.ts'
import { isCurrentTask } from '../../src/celery/current-task.ts'
import { lastBefore } from '../../src/celery/models.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { taskLabel } from '../../src/celery/tasks.ts'
import { scopeOf } from '../../src/python/scopes.ts'
import type { Call, Expr, Name, Node } from '../../src/python/syntax.ts'
import { ancestors, enclosingFunction } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Methods of results that wait; all ask `assert_will_not_block` first. Source: celery/result.py. */
const waiting = new Set(['get', 'wait', 'collect', 'join', 'join_native'])

const resultClasses = /^celery\.result\.(AsyncResult|GroupResult|ResultSet)(\.restore)?$/

/** Names that lead to names that lead to a result, further than anyone writes, end here. */
const MAX_DEPTH = 8

export default defineRule({
  name: 'result-get-in-task',
  reference: 'task-design-patterns.md#waiting-for-another-task',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A task waits for the result of another task, which Celery refuses or which can block every worker',
  messages: {
    refused:
      'Celery refuses to wait for a result inside a task: {method} raises `RuntimeError: Never call result.get() within a task!` when {task} runs, and in pools that let it wait, tasks that wait for tasks can block every worker. Pass the result on with a chain, or collect several with a chord.',
    allowed:
      '{task} keeps its slot in the worker while it waits here for a task that needs a slot too: when all slots wait, nothing ever finishes. Pass the result on with a chain, or collect several with a chord.',
    inline:
      '`apply` runs the task right here, and yet {method} on its result raises `RuntimeError: Never call result.get() within a task!` when {task} runs in a worker. Call the task like a function instead.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      const { callee, args } = call
      if (callee.kind !== 'attribute' || !waiting.has(callee.attr)) continue
      const task = project.taskAround(file, call)
      const result = task && resultOf(project, file, callee.value)
      if (!task || !result || result === 'results' || args.some((arg) => arg.unpack === '**')) continue
      const told = args.some((arg) => arg.name === 'disable_sync_subtasks' && !isTrue(arg.value))
      const permitted = mayJoin(project, file, call)
      yield {
        messageId: told || permitted ? 'allowed' : result === 'inline' ? 'inline' : 'refused',
        data: { task: taskLabel(task), method: callee.attr },
        span: call,
        severity: permitted ? 'info' : told ? 'warning' : undefined,
      }
    }
  },
})

const isTrue = (expr: Expr) => expr.kind === 'constant' && expr.value === true

/** Whether `with allow_join_result():` stands around a node. */
function mayJoin(project: CeleryProject, file: ProjectFile, node: Node): boolean {
  for (const up of ancestors(node)) {
    if (up.kind === 'function') return false
    if (up.kind !== 'with') continue
    for (const { context } of up.items) {
      if (context.kind === 'call' && project.externalName(file, context.callee) === 'celery.result.allow_join_result')
        return true
    }
  }
  return false
}

/** What a dispatch leaves behind: a result, that of a task that `apply` ran in place, or a list of results. */
type Result = 'result' | 'inline' | 'results'

/** What an expression is in terms of results, judged by how it was made in the same function; undefined when not sure. */
function resultOf(project: CeleryProject, file: ProjectFile, expr: Expr, depth = 0): Result | undefined {
  if (depth > MAX_DEPTH) return undefined
  const within = (inner: Expr | undefined) => inner && resultOf(project, file, inner, depth + 1)
  const several = (inner: Expr | undefined) => (within(inner) === 'result' ? 'results' : undefined)
  switch (expr.kind) {
    case 'call':
      return calledResult(project, file, expr)
    case 'comprehension':
      return several(expr.element)
    case 'list':
    case 'tuple':
      return several(expr.elements[0])
    case 'subscript':
      return within(expr.value) === 'results' && expr.index[0]?.kind === 'number' ? 'result' : undefined
    case 'name': {
      const scope = scopeOf(expr.id, file.scopeAt(expr))
      const bindings = scope?.bindings.get(expr.id) ?? []
      // A comprehension uses its names before it says what they are.
      const binding = scope?.node.kind === 'comprehension' ? bindings[0] : lastBefore(bindings, expr)
      if (binding?.kind === 'loop' && binding.path.length === 0)
        return within(binding.iter) === 'results' ? 'result' : undefined
      if (binding?.kind !== 'assignment' || !binding.value || binding.path.length > 0) return undefined
      return within(binding.value) ?? several(appended(file, expr))
    }
  }
  return undefined
}

/** What is appended to a list in the function that uses it. */
function appended(file: ProjectFile, name: Name): Expr | undefined {
  const owner = enclosingFunction(name)
  const append = file.calls.find(
    ({ callee }) =>
      callee.kind === 'attribute' &&
      callee.attr === 'append' &&
      callee.value.kind === 'name' &&
      callee.value.id === name.id &&
      enclosingFunction(callee) === owner,
  )
  return append?.args[0]?.value
}

function calledResult(project: CeleryProject, file: ProjectFile, call: Call): Result | undefined {
  const dispatch = project.dispatchesOf(file).find((one) => one.call === call)
  if (dispatch?.kind === 'signature' || dispatch?.onCommit) return undefined
  if (dispatch) {
    // Celery answers `None` at once for a task that keeps no result.
    const ignored = dispatch.task && project.taskOption(dispatch.task, 'ignore_result').value
    if (ignored && isTrue(ignored)) return undefined
    return dispatch.kind === 'inline' ? 'inline' : 'result'
  }
  const { callee } = call
  if (resultClasses.test(project.externalName(file, callee) ?? '')) return 'result'
  if (callee.kind !== 'attribute' || callee.attr !== 'AsyncResult') return undefined
  const { value } = callee
  const isOwner =
    isApp(project.names, file, value) || isCurrentTask(project, file, value) || project.taskOf(file, value)
  return isOwner ? 'result' : undefined
}
