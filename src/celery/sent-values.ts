/** Owns looking into the arguments of a message: each value that it will hold, and the parameter that receives it. */
import type { Expr, Parameter } from '../python/syntax.ts'
import type { Dispatch } from './dispatches.ts'
import type { OrmValue } from './models.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { taskMethod } from './task-bases.ts'
import type { Task } from './tasks.ts'

/** One value of a message. The elements of a literal list, tuple or dict are values of their own. */
export interface SentValue {
  readonly expr: Expr
  /** The task's parameter that the value, or the container it is in, goes to; undefined when that is not sure. */
  readonly parameter?: Parameter
}

/** The values that a dispatch puts into a message; none when it runs the task here. */
export function* sentValues(project: CeleryProject, dispatch: Dispatch): Generator<SentValue> {
  if (dispatch.kind === 'inline' || runsHere(dispatch)) return
  const task = project.taskSentBy(dispatch)
  // The result of the task before comes in front of the arguments of a signature in a chain.
  const counted = dispatch.kind === 'send' || dispatch.method === 'si'
  for (const [index, expr] of dispatch.args.positional.entries()) {
    yield* valuesIn(expr, counted ? positionalParameter(task, index) : undefined)
  }
  for (const [name, expr] of dispatch.args.keywords) {
    yield* valuesIn(
      expr,
      task?.parameters.find((parameter) => parameter.name === name),
    )
  }
}

function positionalParameter(task: Task | undefined, index: number): Parameter | undefined {
  const parameter = task?.parameters[index]
  return parameter?.form === 'positional' || parameter?.form === 'positional-only' ? parameter : undefined
}

function* valuesIn(expr: Expr, parameter: Parameter | undefined): Generator<SentValue> {
  switch (expr.kind) {
    case 'list':
    case 'tuple':
      for (const element of expr.elements) yield* valuesIn(element, parameter)
      return
    case 'dict':
      yield { expr, parameter }
      for (const { value } of expr.entries) yield* valuesIn(value, undefined)
      return
    case 'comprehension':
      if (expr.type === 'list') yield* valuesIn(expr.element, parameter)
      else yield { expr, parameter }
      return
    case 'conditional':
      yield* valuesIn(expr.body, parameter)
      yield* valuesIn(expr.orelse, parameter)
      return
    case 'starred':
      return
    default:
      yield { expr, parameter }
  }
}

/** The model instance that a value is, or the queryset whose instances `list(…)` puts side by side. */
export function instancesIn(project: CeleryProject, file: ProjectFile, expr: Expr): OrmValue | undefined {
  if (expr.kind === 'call' && expr.args.length > 0) {
    const made = project.externalName(file, expr.callee)
    if (made === 'builtins.list' || made === 'builtins.tuple' || made === 'builtins.sorted') {
      const value = project.ormValue(file, expr.args[0]!.value)
      return value?.kind === 'queryset' ? value : undefined
    }
  }
  const value = project.ormValue(file, expr)
  return value?.kind === 'instance' ? value : undefined
}

/** `task.s(order)()` and `task.s(order).apply()` run the task in this process. */
function runsHere({ kind, call }: Dispatch): boolean {
  const user = call.parent
  if (kind !== 'signature' || !user) return false
  if (user.kind === 'call') return user.callee === call
  return user.kind === 'attribute' && user.attr === 'apply'
}

/** Whether what a task is called with may be something else by the time it is sent: its classes or pydantic see it first. */
export function mayConvertArguments(project: CeleryProject, task: Task): boolean {
  const pydantic = project.taskOption(task, 'pydantic').value
  const plain = pydantic === undefined || (pydantic.kind === 'constant' && pydantic.value !== true)
  return !plain || taskMethod(project, task, ['apply_async', 'delay', 'signature', '__call__']) !== undefined
}
