/** A task is registered where its decorator runs: inside a function that is too late, and inside a class it gets no instance. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { FunctionDef } from '../../src/python/syntax.ts'
import { ancestors, enclosingClass, enclosingFunction } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'nested-or-method-task',
  reference: 'task-design-patterns.md#tasks-belong-at-the-top-of-a-module',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'A task is defined in a function, where workers never see it, or as a method, which gets no instance',
  messages: {
    nested:
      '{task} is registered when {outer} runs, and only in the process that runs it: a worker that has not done so discards the message as unregistered. Define the task at the top of the module.',
    method:
      '{task} is a method, but a task is not bound to an instance: {parameter} receives the first argument of the message, and each call fails for a missing one. Make it a function at the top of the module, and pass what it needs.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      const { node } = task
      if (node.kind !== 'function' || task.wrapper) continue
      const owner = enclosingClass(node)
      const outer = owner ? undefined : enclosingFunction(node)
      const [first] = node.parameters
      if (owner && first?.name === 'self' && task.bound === false && !mayBeBound(task) && !isPassedSelf(project, task))
        yield {
          messageId: 'method',
          data: { task: `${owner.name}.${node.name}`, parameter: 'self', outer: '' },
          span: node.nameSpan,
        }
      else if (outer && isSentInside(project, task, outer) && !runsEverywhere(project, outer))
        yield { messageId: 'nested', data: { task: node.name, outer: outer.name, parameter: '' }, span: node.nameSpan }
    }
  },
})

/** Whether a decorator, a base class or a filter may give the function its `self`, or spare it one. */
const mayBeBound = ({ node, options, inner }: Task) =>
  options.has('filter') ||
  options.has('base') ||
  inner.length > 0 ||
  node.kind !== 'function' ||
  node.decorators.length > 1

/** Whether somebody passes a value for `self` too. */
const isPassedSelf = (project: CeleryProject, task: Task): boolean =>
  project.dispatches.some(
    ({ task: sent, args }) =>
      sent === task && (args.open || args.positional.length + args.keywords.size >= task.run.parameters.length),
  )

/** Whether the function that defines a task sends it as well, rather than set up tasks for others. */
const isSentInside = (project: CeleryProject, task: Task, outer: FunctionDef): boolean =>
  project
    .dispatchesOf(task.file)
    .some((dispatch) => dispatch.task === task && [...ancestors(dispatch.call)].includes(outer))

/** Whether a function may run in each process: called or decorated as the module is loaded, or itself part of a task. */
function runsEverywhere(project: CeleryProject, outer: FunctionDef): boolean {
  if (outer.decorators.length > 0 || enclosingFunction(outer)) return true
  for (const file of project.files.values()) {
    for (const call of file.calls) {
      const called = project.resolve(file, call.callee)
      if (called?.kind === 'function' && called.node === outer && !enclosingFunction(call)) return true
    }
  }
  return false
}
