/** The first argument of `retry` is the new `args` of the task, not the exception; and its `kwargs` join what was passed by position. */
import { isRetry } from '../../src/celery/current-task.ts'
import { entriesOf } from '../../src/celery/dispatches.ts'
import { isException } from '../../src/celery/exceptions.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { sendersOf } from '../../src/celery/senders.ts'
import { taskMethod } from '../../src/celery/task-bases.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import { dispatchOptions } from '../../src/celery/vocabulary/dispatch-options.ts'
import type { Fix } from '../../src/core/fix.ts'
import { appendArgument } from '../../src/python/edits.ts'
import type { Call, Expr, Parameter } from '../../src/python/syntax.ts'
import { enclosingFunction } from '../../src/python/walk.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'retry-argument-misuse',
  reference: 'error-handling.md#what-retry-takes',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A retry gives the exception in place of the arguments, or an argument twice',
  messages: {
    exception:
      'The first argument of `retry` is the list of arguments that the next run receives, and here it is the exception {value}: the run after this one cannot get its arguments. Pass it as {keyword}.',
    twice:
      'This retry adds {parameter} by keyword, and the arguments that came by position are kept: the next run receives {parameter} twice and fails with a `TypeError`. Give `args` too, or leave out what does not change.',
    option:
      '`retry` takes {parameter} for an option of the message, so it does not reach the arguments of {task}. The next run receives what this one did; to change it, pass it in `kwargs`.',
  },
  *check({ project, file }): Generator<Problem> {
    for (const call of file.methodCalls('retry')) {
      if (!isRetry(project, file, call)) continue
      const [first] = call.args
      if (first && !first.name && !first.unpack && isException(project, file, first.value)) {
        const value = file.textOf(first.value)
        yield {
          messageId: 'exception',
          data: { value, keyword: `exc=${value}` },
          span: first,
          fix: asKeyword(call),
        }
        continue
      }
      yield* misplaced(project, file, call)
      const repeated = repeatedParameter(project, file, call)
      if (!repeated) continue
      const { task, parameter, kwargs, keys } = repeated
      yield {
        messageId: 'twice',
        data: { parameter: parameter.name },
        span: kwargs,
        fix: withoutArgs(file, call, task, keys),
      }
    }
  },
})

/** `retry(error, countdown=5)`: only the exception is passed by position, and not also by its name. */
function asKeyword({ args }: Call): Fix | undefined {
  const [first, ...rest] = args
  if (!first || rest.some(({ name, unpack }) => unpack || !name || name === 'exc')) return undefined
  const edit = { span: { start: first.start, end: first.start }, replacement: 'exc=' }
  return { title: 'Pass the exception as `exc`', applicability: 'safe', edits: [edit] }
}

/** Arguments of the task among the options of a retry. */
function* misplaced(project: CeleryProject, file: ProjectFile, call: Call): Generator<Problem> {
  const runs = enclosingFunction(call)
  const task = runs && project.tasksOf(file).find((candidate) => candidate.run === runs)
  // What a class of the project makes of its own keywords is its affair.
  if (!task || taskMethod(project, task, ['retry', 'signature_from_request'])) return
  for (const arg of call.args) {
    const { name } = arg
    if (!name || retryParameters.has(name) || dispatchOptions.has(name)) continue
    if (!task.parameters.some((parameter) => parameter.name === name)) continue
    yield { messageId: 'option', data: { parameter: name, task: taskLabel(task) }, span: arg }
  }
}

/** Source: `Task.retry` in celery/app/task.py. */
const retryParameters = new Set(['args', 'kwargs', 'exc', 'throw', 'eta', 'countdown', 'max_retries'])

interface Repeated {
  readonly task: Task
  readonly parameter: Parameter
  readonly kwargs: Expr
  readonly keys: ReadonlySet<string>
}

/** A parameter that a retry names in `kwargs`, while every sender that can be seen has passed it by position. */
function repeatedParameter(project: CeleryProject, file: ProjectFile, call: Call): Repeated | undefined {
  if (call.args.some(({ name, unpack }) => unpack || !name || name === 'args')) return undefined
  const kwargs = call.args.find(({ name }) => name === 'kwargs')?.value
  const entries = kwargs?.kind === 'dict' || kwargs?.kind === 'call' ? entriesOf(kwargs) : undefined
  const runs = enclosingFunction(call)
  const task = runs && project.tasksOf(file).find((candidate) => candidate.run === runs)
  if (!kwargs || !entries || !task) return undefined
  const senders = sendersOf(project, task).filter(({ args }) => !args.open)
  if (senders.length === 0) return undefined
  const parameter = task.parameters.find(
    ({ name, form }, place) =>
      form === 'positional' && entries.has(name) && senders.every(({ args }) => args.positional.length > place),
  )
  return parameter && { task, parameter, kwargs, keys: new Set(entries.keys()) }
}

/** Lets the next run take everything from `kwargs`, when those hold all that it needs. */
function withoutArgs(file: ProjectFile, call: Call, task: Task, keys: ReadonlySet<string>): Fix | undefined {
  const isWhole = task.parameters.every(
    ({ name, form, default: value }) => form === '**' || (form !== '*' && (value !== undefined || keys.has(name))),
  )
  const edit = isWhole ? appendArgument(file.facts.text, call, 'args=()') : undefined
  return edit && { title: 'Take every argument from `kwargs`', applicability: 'unsafe', edits: [edit] }
}
