/** Owns recognising, in code that a task runs, the task itself: its `self`, its own name and `current_task`. */
import { scopeOf } from '../python/scopes.ts'
import type { Call, Expr, FunctionDef } from '../python/syntax.ts'
import { descendants, enclosingClass } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import type { Task } from './tasks.ts'
import { plainDecorators } from './vocabulary/decorators.ts'

const currentTaskNames = new Set(['celery.current_task', 'celery._state.current_task', 'celery.app.current_task'])

/** Whether an expression is the task that is running: what a bound function or a method of a task class calls `self`, or `current_task`. */
export function isCurrentTask(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  if (expr.kind === 'name') {
    const bindings = scopeOf(expr.id, file.scopeAt(expr))?.bindings.get(expr.id)
    const [binding] = bindings ?? []
    if (bindings?.length === 1 && binding?.kind === 'parameter') {
      const owner = binding.at.parent
      return owner?.kind === 'function' && owner.parameters[0] === binding.at && receivesTask(project, file, owner)
    }
  }
  return currentTaskNames.has(project.externalName(file, expr) ?? '')
}

/** Whether the first parameter of a function receives a task. */
function receivesTask(project: CeleryProject, file: ProjectFile, node: FunctionDef): boolean {
  const owner = enclosingClass(node)
  if (owner) return project.isTaskClass(file, owner)
  return project.tasksOf(file).some((task) => task.run === node && task.bound === true)
}

/** Whether a call is `retry` of a task: of the one that is running, or of one by its name. */
export function isRetry(project: CeleryProject, file: ProjectFile, call: Call): boolean {
  const { callee } = call
  if (callee.kind !== 'attribute' || callee.attr !== 'retry') return false
  return isCurrentTask(project, file, callee.value) || project.taskOf(file, callee.value) !== undefined
}

/** Whether every decorator below the task's own hands its arguments on as they are and does nothing with the task. */
export function hasPlainDecorators(project: CeleryProject, { file, inner }: Task): boolean {
  return inner.every(({ expression }) => {
    const name = project.externalName(file, expression.kind === 'call' ? expression.callee : expression)
    return name !== undefined && plainDecorators.has(name)
  })
}

/** Whether all that a task's code does with the task can be seen in its body: nothing else gets hold of it. */
export function keepsToItself(project: CeleryProject, task: Task): boolean {
  if (!hasPlainDecorators(project, task)) return false
  for (const node of descendants(task.run)) {
    if (node.kind === 'name' && node.parent?.kind !== 'attribute' && isCurrentTask(project, task.file, node))
      return false
  }
  return true
}
