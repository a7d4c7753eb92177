/** `apply_async` hands keywords that it does not know to the transport, which ignores them. */
import { type Dispatch, sentLabel } from '../../src/celery/dispatches.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { hasForeignBase, taskMethod } from '../../src/celery/task-bases.ts'
import { dispatchOptionSince, dispatchOptions } from '../../src/celery/vocabulary/dispatch-options.ts'
import { applyAsyncMethods } from '../../src/celery/vocabulary/methods.ts'
import { taskOptions } from '../../src/celery/vocabulary/tasks.ts'
import { nearest } from '../../src/core/nearest.ts'
import type { Argument } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

/** Shorter names are within reach of too many others. */
const LONG = 6

export default defineRule({
  name: 'unknown-apply-async-option',
  reference: 'task-design-patterns.md#options-of-a-message',
  scope: 'project',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A keyword of apply_async is not an option of messages, and is dropped without a word',
  messages: {
    misspelt:
      '{method} has no option {option}; it is dropped on the way, so {task} is sent without what it is meant to set. Did you mean {meant}?',
    task: '{option} is an option of a task, not of a message: {method} drops it and {task} runs as its decorator says. Set it there.',
    newer:
      'Celery {version}, the newest that the requirements of this project allow, knows no {option} yet: {method} drops it on the way, and {task} is sent without what it is meant to set. It came with Celery {since}: upgrade, or remove it.',
    number:
      '{option} is the string {value} where a number is expected, so the message of {task} is refused or sent without it. Write it without the quotes.',
  },
  *check({ project }) {
    for (const dispatch of project.dispatches) {
      if (!takesOptions(project, dispatch)) continue
      for (const [option, arg] of dispatch.options) yield* faultsOf(project, dispatch, option, arg)
    }
  },
})

/** Whether a dispatch takes the options of a message and no others that its task may add. */
function takesOptions(project: CeleryProject, { method, task, certainty }: Dispatch): boolean {
  if (method === 'send_task') return true
  if (!applyAsyncMethods.has(method)) return false
  if (!task) return certainty === 'likely'
  return !hasForeignBase(project, task) && !taskMethod(project, task, ['apply_async'])
}

function* faultsOf(project: CeleryProject, dispatch: Dispatch, option: string, arg: Argument): Generator<Problem> {
  const { file, method, task } = dispatch
  const data = { method, option, task: sentLabel(dispatch), value: file.textOf(arg.value) }
  const { value } = arg
  const place = { file, span: arg }
  const type = dispatchOptions.get(option)
  if (type) {
    const newer = project.versions.missing('celery', dispatchOptionSince.get(option))
    if (newer) yield { messageId: 'newer', data: { ...data, ...newer }, ...place }
    if (type === 'number' && option !== 'countdown' && value.kind === 'string' && /^\d+(\.\d+)?$/.test(value.value)) {
      const edit = { span: value, replacement: value.value }
      yield {
        messageId: 'number',
        data,
        ...place,
        fix: { title: 'Write a number', applicability: 'safe', edits: [edit] },
      }
    }
    return
  }
  // An argument of the task that was meant for `kwargs` is what `apply-async-args-shape` reports.
  if (task?.parameters.some(({ name }) => name === option)) return
  if (taskOptions.has(option)) {
    yield { messageId: 'task', data, ...place }
    return
  }
  const [meant, ...others] = nearest(option, dispatchOptions.keys(), option.length < LONG ? 1 : 2)
  if (!meant) return
  const edit = { span: { start: arg.start, end: arg.start + option.length }, replacement: meant }
  yield {
    messageId: 'misspelt',
    data: { ...data, meant },
    ...place,
    fix:
      others.length === 0 && !dispatch.options.has(meant)
        ? { title: `Use \`${meant}\``, applicability: 'safe', edits: [edit] }
        : undefined,
  }
}
