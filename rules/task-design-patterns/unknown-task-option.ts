/** The decorator takes any keyword: a misspelt option becomes an attribute that nothing reads. */
import { classAttribute, lineage } from '../../src/celery/classes.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { applicationBases, hasForeignApplicationBase, hasForeignBase } from '../../src/celery/task-bases.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import { dispatchOptions } from '../../src/celery/vocabulary/dispatch-options.ts'
import {
  type OptionType,
  taskHooks,
  taskMethods,
  taskOptions,
  taskOptionsRemoved,
  taskSince,
} from '../../src/celery/vocabulary/tasks.ts'
import { nearest } from '../../src/core/nearest.ts'
import type { Argument, Expr } from '../../src/python/syntax.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

/** What people take for the names of options, besides slips of the keyboard. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['max_retry', 'max_retries'],
  ['max_tries', 'max_retries'],
  ['retry_delay', 'default_retry_delay'],
])
/** Options of a message that mean nothing to a task. */
const messageOnly = new Set(['countdown', 'eta', 'link', 'link_error', 'retry_policy', 'task_id'])
/** Shorter names are within reach of too many others. */
const LONG = 6

export default defineRule({
  name: 'unknown-task-option',
  reference: 'task-design-patterns.md#options-of-a-task',
  scope: 'project',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A keyword of the task decorator is not an option of tasks, and Celery takes it without a word',
  messages: {
    misspelt:
      'Tasks have no option {option}; Celery keeps it as an attribute that nothing reads, so {task} runs without what it is meant to set. Did you mean {meant}?',
    message:
      '{option} is an option of a message, not of a task: {task} is sent as if it were not there. Pass it to `apply_async` where the task is sent.',
    method:
      '{option} is a method of tasks, which this keyword replaces by {value} for {task}: calling it then fails. Remove it.',
    newer:
      'Celery {version}, the newest that the requirements of this project allow, knows no {option} of a task yet: it becomes an attribute that nothing reads, and {task} runs without what it is meant to set. It came with Celery {since}: upgrade, or remove it.',
    removed:
      'Tasks have no option {option} since Celery {since}; it is kept as an attribute that nothing reads. Remove it from {task}.',
    number:
      '{option} of {task} is the string {value} where Celery calculates with a number, which raises a `TypeError`. Write it without the quotes.',
    word: '{option} of {task} is {value}, and a priority is a number: some brokers ignore anything else, with others sending fails. If it names a queue, pass it as `queue`.',
  },
  *check({ project }) {
    for (const task of project.tasks) {
      if (task.node.kind !== 'function' || task.wrapper || !task.decorator) continue
      for (const [option, arg] of task.options) yield* faultsOf(project, task, option, arg)
    }
  },
})

function* faultsOf(project: CeleryProject, task: Task, option: string, arg: Argument): Generator<Problem> {
  const { file } = task
  const data = { task: taskLabel(task), option, value: file.textOf(arg.value) }
  const type: OptionType | undefined = taskOptions.get(option)
  const place = { file, span: arg }
  if (type === 'number' && isNumeral(arg.value)) {
    const { value } = arg.value
    const edit = { span: arg.value, replacement: value.trim() }
    const fix = { title: 'Write a number', applicability: 'safe', edits: [edit] } as const
    yield { messageId: 'number', data, ...place, severity: 'error', fix }
  }
  if (option === 'priority' && arg.value.kind === 'string' && !isNumeral(arg.value))
    yield { messageId: 'word', data, ...place, severity: 'error' }
  if (option.startsWith('_') || isRead(project, task, option)) return
  if (type || taskHooks.has(option)) {
    const newer = project.versions.missing('celery', taskSince.get(option))
    if (newer) yield { messageId: 'newer', data: { ...data, ...newer }, ...place }
    return
  }
  const removed = taskOptionsRemoved.get(option)
  if (removed !== undefined) {
    if (!project.versions.isBelow('celery', removed))
      yield { messageId: 'removed', data: { ...data, since: removed }, ...place }
    return
  }
  if (taskMethods.has(option)) {
    // A function may be meant to take the method's place.
    if (arg.value.kind === 'constant' || arg.value.kind === 'number' || arg.value.kind === 'string')
      yield { messageId: 'method', data, ...place, severity: 'error' }
    return
  }
  if (messageOnly.has(option)) {
    yield { messageId: 'message', data, ...place }
    return
  }
  if (dispatchOptions.has(option)) return
  const other = otherNames.get(option) ?? settingName(option)
  const [meant, ...others] = other ? [other] : nearest(option, existingOptions(project), option.length < LONG ? 1 : 2)
  if (!meant) return
  const span = { start: arg.start, end: arg.start + option.length }
  const fix =
    others.length === 0 && !task.options.has(meant)
      ? ({ title: `Use \`${meant}\``, applicability: 'safe', edits: [{ span, replacement: meant }] } as const)
      : undefined
  yield { messageId: 'misspelt', data: { ...data, meant }, ...place, fix }
}

/** The option that the global setting `task_time_limit` is for. */
const settingName = (option: string) => {
  const [, meant] = /^(?:celery_)?task_(\w+)$/i.exec(option) ?? []
  return meant && taskOptions.has(meant.toLowerCase()) ? meant.toLowerCase() : undefined
}

const existingOptions = ({ versions }: CeleryProject) =>
  [...taskOptions.keys()].filter((option) => !versions.missing('celery', taskSince.get(option)))

const isNumeral = (value: Expr): value is Expr & { kind: 'string' } =>
  value.kind === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value.value)

/** Whether code that can be seen, or a class that cannot, may read an attribute of a task. */
function isRead(project: CeleryProject, task: Task, option: string): boolean {
  if (hasForeignBase(project, task) || hasForeignApplicationBase(project)) return true
  const own = task.base?.kind === 'class' ? [task.base] : []
  const classes = [...own, ...applicationBases(project)]
  if (classes.some((one) => classAttribute(project.names, one, option))) return true
  const code = [task.run, ...classes.flatMap((one) => lineage(project.names, one).own.map(({ node }) => node))]
  for (const node of code) {
    for (const inner of descendants(node)) {
      if (inner.kind === 'attribute' && inner.attr === option) return true
      if (inner.kind === 'string' && inner.value === option) return true
    }
  }
  return false
}
