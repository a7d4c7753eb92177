/** `bind=True` and a first parameter for the task belong together: either without the other breaks every run. */
import { hasPlainDecorators } from '../../src/celery/current-task.ts'
import type { Dispatch } from '../../src/celery/dispatches.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { taskMethod } from '../../src/celery/task-bases.ts'
import { isNested, type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Edit, Fix } from '../../src/core/fix.ts'
import { addKeyword, prependParameter } from '../../src/python/edits.ts'
import type { FunctionDef, Name, Parameter } from '../../src/python/syntax.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'bind-self-mismatch',
  reference: 'task-design-patterns.md#bound-tasks-and-self',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary:
    'A task takes self without bind=True, is bound without a parameter for itself, or uses a self it does not have',
  replaces: ['task-param-removed'],
  messages: {
    unbound:
      '{task} takes {parameter}, but it is not bound: Celery passes only the arguments of the message, so every call fails with a `TypeError` for a missing argument. Add `bind=True` to the decorator.',
    noRoom:
      '{task} is bound, so Celery passes the task as the first argument, but the function takes none: every run fails with a `TypeError`. Take `self` as the first parameter, or remove `bind=True`.',
    taken:
      '{task} is bound, so {parameter} receives the task itself and every argument of a caller moves up by one: the calls in this project pass one too many. Take `self` as the first parameter, or remove `bind=True`.',
    undefined:
      '{task} has no `self`: this line raises a `NameError` when it runs. Add `bind=True` to the decorator and take `self` as the first parameter.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      const { node, bound } = task
      if (node.kind !== 'function' || bound === undefined || isNested(task) || !hasPlainDecorators(project, task))
        continue
      const data = { task: taskLabel(task), parameter: node.parameters[0]?.name ?? 'self' }
      const stray = strayNameOf(project, file, node)
      if (stray) yield { messageId: 'undefined', data, span: stray, fix: bound ? undefined : binding(task, node, true) }
      else if (!bound && takesSelf(node) && !mayBePassedSelf(project, task))
        yield { messageId: 'unbound', data, span: node.parameters[0]!, fix: binding(task, node, false) }
      else if (bound && node.parameters.length === 0)
        yield { messageId: 'noRoom', data, span: node.nameSpan, fix: withSelf(file, node) }
      else if (bound && fillsTaskSlot(project, task)) yield { messageId: 'taken', data, span: node.parameters[0]! }
    }
  },
})

/** A `self` in a function that no scope defines. */
function strayNameOf(project: CeleryProject, file: ProjectFile, node: FunctionDef): Name | undefined {
  for (const inner of node.body.flatMap((statement) => [...descendants(statement)])) {
    if (inner.kind === 'name' && inner.id === 'self' && project.externalName(file, inner) === 'builtins.self')
      return inner
  }
  return undefined
}

const isPositional = ({ form }: Parameter) => form === 'positional' || form === 'positional-only'

function takesSelf({ parameters: [first] }: FunctionDef): boolean {
  return first?.name === 'self' && isPositional(first) && !first.default
}

/** Whether the base class of a task calls `run` in its own way, or somebody passes a value for `self`. */
function mayBePassedSelf(project: CeleryProject, task: Task): boolean {
  if (taskMethod(project, task, ['__call__'])) return true
  const { parameters } = task.run
  const fills = ({ args }: Dispatch) =>
    args.keywords.has('self') || args.positional.length + args.keywords.size >= parameters.length
  return (
    dispatchesOf(project, task).some(fills) ||
    callsOf(project, task).some(({ args }) => args.length >= parameters.length)
  )
}

/** The calls that run a task as a function. */
const callsOf = (project: CeleryProject, task: Task) =>
  [...project.files.values()].flatMap((file) =>
    file.calls.filter(({ callee }) => project.taskOf(file, callee) === task).map(({ args }) => ({ file, args })),
  )

const dispatchesOf = (project: CeleryProject, task: Task) =>
  project.dispatches.filter((dispatch) => dispatch.task === task && !dispatch.args.open)

/** What people call the task itself. */
const taskLike = /^_*(self|cls|this|that|me|t|task\w*|\w*_task|job|bound\w*|_)$/

/** What only a task has, of all that may be passed to one. */
const taskAttributes = new Set([
  'app',
  'AsyncResult',
  'backend',
  'max_retries',
  'name',
  'replace',
  'request',
  'retry',
  'update_state',
])

/** What an annotation says that stands for a task, or for anything. */
const mayBeTask = /task|\bany\b|\bobject\b|\bself\b/i

/** Whether callers fill the parameter that the task is passed in, and the function does not use it as the task. */
function fillsTaskSlot(project: CeleryProject, task: Task): boolean {
  const { parameters } = task.run
  const [first] = parameters
  if (
    !first ||
    (first.annotation && mayBeTask.test(task.file.textOf(first.annotation))) ||
    taskLike.test(first.name) ||
    !parameters.every(isPositional)
  )
    return false
  for (const node of task.run.body.flatMap((statement) => [...descendants(statement)])) {
    const isFirst = node.kind === 'attribute' && node.value.kind === 'name' && node.value.id === first.name
    if (isFirst && taskAttributes.has(node.attr)) return false
  }
  return (
    dispatchesOf(project, task).some(
      ({ args }) => args.keywords.has(first.name) || args.positional.length + args.keywords.size === parameters.length,
    ) ||
    callsOf(project, task).some(
      ({ file, args }) => !file.isTest && args.length === parameters.length && !args.some(({ unpack }) => unpack),
    )
  )
}

function withSelf({ facts }: ProjectFile, node: FunctionDef): Fix {
  return {
    title: 'Take `self` as the first parameter',
    applicability: 'safe',
    edits: [prependParameter(facts.text, node, 'self')],
  }
}

/** Binds a task, and gives its function a `self` where it has none. */
function binding({ file, decorator, options }: Task, node: FunctionDef, addSelf: boolean): Fix | undefined {
  const given = options.get('bind')
  const edit: Edit | undefined = given
    ? { span: given.value, replacement: 'True' }
    : decorator && addKeyword(file.facts.text, decorator, 'bind=True')
  if (!edit) return undefined
  const title = addSelf ? 'Bind the task and take self' : 'Add bind=True'
  const edits: [Edit, ...Edit[]] = addSelf ? [edit, prependParameter(file.facts.text, node, 'self')] : [edit]
  return { title, applicability: 'safe', edits }
}
