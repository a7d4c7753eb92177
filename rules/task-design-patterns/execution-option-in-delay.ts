/** `delay` and `s` hand everything to the task: an option of the message becomes an argument that the task does not have. */
import { type Dispatch, sentLabel } from '../../src/celery/dispatches.ts'
import { hasForeignBase, taskMethod } from '../../src/celery/task-bases.ts'
import { delayMethods, signatureMethods } from '../../src/celery/vocabulary/methods.ts'
import type { Edit, Fix } from '../../src/core/fix.ts'
import type { Argument } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Options that nobody means as an argument of a task that has no such parameter. */
const options = new Set([
  'countdown',
  'eta',
  'exchange',
  'expires',
  'headers',
  'ignore_result',
  'link',
  'link_error',
  'priority',
  'queue',
  'retry',
  'retry_policy',
  'routing_key',
  'serializer',
  'soft_time_limit',
  'task_id',
  'time_limit',
])

export default defineRule({
  name: 'execution-option-in-delay',
  reference: 'task-design-patterns.md#delay-has-no-options',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  replaces: ['dispatch-arity-mismatch'],
  fix: 'sometimes',
  summary: 'An option of the message is passed to delay or s, which hand it to the task as an argument',
  messages: {
    refused:
      '{method} hands {option} to {task}, which has no such parameter: the call raises a `TypeError`, or the worker does. Use {instead} for options of the message.',
    swallowed:
      '{method} hands {option} to {task}, whose `**` parameter takes it as data, and the message is sent without the option. Use {instead} for options of the message.',
  },
  *check({ project }) {
    for (const dispatch of project.dispatches) {
      const { file, method, task, call } = dispatch
      if (!task || !(delayMethods.has(method) || signatureMethods.has(method))) continue
      const parameters = new Set(task.parameters.map(({ name }) => name))
      const given = call.args.filter(({ name }) => name !== undefined && options.has(name) && !parameters.has(name))
      const [first] = given
      // What wraps the task, or its base class, may take the option away before the task sees it.
      if (!first || task.inner.length > 0 || task.wrapper || hasForeignBase(project, task)) continue
      if (taskMethod(project, task, ['apply_async', 'delay', '__call__'])) continue
      const swallows = task.parameters.some(({ form }) => form === '**')
      const instead = delayMethods.has(method) ? method.replace('delay', 'apply_async') : 'set'
      yield {
        messageId: swallows ? 'swallowed' : 'refused',
        data: { method, option: first.name!, task: sentLabel(dispatch), instead },
        file,
        span: first,
        severity: swallows ? 'warning' : undefined,
        fix: delayMethods.has(method) ? asApplyAsync(dispatch, given, instead) : asSet(dispatch, given),
      }
    }
  },
})

const insert = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })

/** `delay(1, countdown=5)` as `apply_async((1,), countdown=5)`; keyword arguments of the task are left to the author. */
function asApplyAsync({ call, method }: Dispatch, given: readonly Argument[], instead: string): Fix | undefined {
  const { callee, args } = call
  if (callee.kind !== 'attribute' || callee.attr !== method) return undefined
  const positional = args.filter((arg) => !arg.name)
  if (args.some((arg) => arg.unpack) || positional.length + given.length !== args.length) return undefined
  const [first] = positional
  const tuple = first
    ? [insert(first.start, '('), insert(positional.at(-1)!.end, positional.length === 1 ? ',)' : ')')]
    : []
  return {
    title: `Use \`${instead}\``,
    applicability: 'safe',
    edits: [{ span: callee.attrSpan, replacement: instead }, ...tuple],
  }
}

/** `s(1, countdown=5)` as `s(1).set(countdown=5)`. */
function asSet({ file, call }: Dispatch, given: readonly Argument[]): Fix | undefined {
  const [first] = given
  const index = first ? call.args.indexOf(first) : -1
  // The options have to be the last arguments, to be moved as they stand.
  if (!first || index + given.length !== call.args.length) return undefined
  const start = index > 0 ? call.args[index - 1]!.end : call.argsSpan.start + 1
  const moved = file.textOf({ start: first.start, end: call.args.at(-1)!.end })
  return {
    title: 'Use `set`',
    applicability: 'safe',
    edits: [{ span: { start, end: call.argsSpan.end - 1 }, replacement: '' }, insert(call.end, `.set(${moved})`)],
  }
}
