/** Decorators are applied from the bottom up: one above the task's own wraps the task, and the worker never sees it. */
import type { CeleryProject } from '../../src/celery/project.ts'
import { type Replacement, replacementOf, takesAnything } from '../../src/celery/replacements.ts'
import type { Task } from '../../src/celery/tasks.ts'
import { wrappingDecorators } from '../../src/celery/vocabulary/decorators.ts'
import { taskAttributes } from '../../src/celery/vocabulary/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Decorator } from '../../src/python/syntax.ts'
import { descendants, enclosingClass } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-decorator-order',
  reference: 'task-design-patterns.md#decorators-below-the-task-decorator',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A decorator stands above the task decorator, so the worker runs the task without it',
  messages: {
    above:
      '{decorator} stands above {task} and wraps the task instead of its function: the worker runs {name} without it, and what is left under this name has no `delay`. Put {task} first.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      const { node, decorator } = task
      if (node.kind !== 'function' || !decorator || enclosingClass(node) || task.wrapper) continue
      const wrapping = wrappingAbove(project, task, node.decorators.slice(0, node.decorators.indexOf(decorator)))
      const [first] = wrapping
      if (!first) continue
      yield {
        messageId: 'above',
        data: { decorator: labelOf(task, first), task: labelOf(task, decorator), name: node.name },
        span: first,
        fix: onTop(project, task, decorator, wrapping),
      }
    }
  },
})

/** `@timed`, without what it is called with. */
const labelOf = ({ file }: Task, { expression }: Decorator) =>
  `@${file.textOf(expression.kind === 'call' ? expression.callee : expression)}`

/** The decorators directly above a task's own that wrap it. What stands above another kind may be given anything. */
function wrappingAbove(project: CeleryProject, task: Task, outer: readonly Decorator[]): readonly Decorator[] {
  let first = outer.length
  while (first > 0 && wraps(project, task, outer[first - 1]!)) first--
  return outer.slice(first)
}

/** Whether a decorator certainly leaves a plain function where it was given a task. */
function wraps(project: CeleryProject, { file }: Task, decorator: Decorator): boolean {
  const { expression } = decorator
  const name = project.externalName(file, expression.kind === 'call' ? expression.callee : expression)
  if (name !== undefined) return wrappingDecorators.has(name)
  const replacement = replacementOf(project, file, decorator)
  if (!replacement || replacement.keepsName === 'unknown') return false
  return !knowsTasks(replacement) && !isTransparent(replacement)
}

/** Whether a wrapper does nothing but call what it wraps: what the decorator does, it does on its own, and the worker misses nothing. */
function isTransparent({ decorator, wrapper }: Replacement): boolean {
  const [only, ...others] = wrapper.body
  const called = only?.kind === 'return' && only.value?.kind === 'call' ? only.value.callee : undefined
  return others.length === 0 && called?.kind === 'name' && called.id === decorator.parameters[0]?.name
}

/** Whether a decorator asks what it is given for what only tasks have, such as `delay`: then it is meant to stand above. */
const knowsTasks = ({ decorator }: Replacement): boolean =>
  [...descendants(decorator)].some(
    (node) =>
      node.kind === 'attribute' &&
      node.value.kind === 'name' &&
      node.value.id === decorator.parameters[0]?.name &&
      taskAttributes.has(node.attr),
  )

/** Moves the task decorator above the others, when each of them then hands on what the worker passes and keeps the task's name. */
function onTop(
  project: CeleryProject,
  { file }: Task,
  decorator: Decorator,
  outer: readonly Decorator[],
): Fix | undefined {
  const keeps = outer.every((one) => {
    const replacement = replacementOf(project, file, one)
    return !replacement || (replacement.keepsName === 'yes' && takesAnything(replacement.wrapper))
  })
  const [first] = outer
  if (!keeps || !first) return undefined
  const line = file.lines.lineAt(first.start)
  const indent = file.lines.textOf(line).slice(0, first.start - file.lines.startOf(line))
  const between = file.textOf({ start: outer.at(-1)!.end, end: decorator.start })
  // A comment between them belongs to one of the two.
  if (between.trim() !== '') return undefined
  const end = between.includes('\r\n') ? '\r\n' : '\n'
  return {
    title: 'Put the task decorator first',
    // The worker has never run with them so far.
    applicability: 'unsafe',
    edits: [
      { span: { start: first.start, end: first.start }, replacement: `${file.textOf(decorator)}${end}${indent}` },
      { span: { start: outer.at(-1)!.end, end: decorator.end }, replacement: '' },
    ],
  }
}
