/** A task is named after what its decorators leave: without `functools.wraps` that is `wrapper`, for one task and the next. */
import type { CeleryProject } from '../../src/celery/project.ts'
import { type Replacement, replacementOf } from '../../src/celery/replacements.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { Decorator } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-inner-decorator-without-wraps',
  reference: 'task-design-patterns.md#decorators-that-lose-the-name',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary:
    'A decorator below the task decorator lacks functools.wraps, so tasks are registered under the name of its wrapper',
  messages: {
    collides:
      '{decorator} lacks `functools.wraps`, so this task is registered as {name}, like {other} before it: Celery keeps the first, and sending {task} runs {other}. Decorate {wrapper} with `functools.wraps`.',
    misnamed:
      '{decorator} lacks `functools.wraps`, so this task is registered as {name} and not under its own name: a schedule or a `send_task` that names {task} does not find it, and the next task with this decorator is never registered at all. Decorate {wrapper} with `functools.wraps`.',
  },
  *check({ project }) {
    const first = new Map<string, Task>()
    for (const task of project.tasks) {
      const misnaming = task.file.isTest ? undefined : misnamingDecorator(project, task)
      if (!misnaming) continue
      const { decorator, replacement } = misnaming
      const { file, wrapper } = replacement
      const name = `${file.module}.${wrapper.name}`
      const other = first.get(name)
      if (!other) first.set(name, task)
      yield {
        messageId: other ? 'collides' : 'misnamed',
        data: {
          decorator: task.file.textOf(decorator),
          name,
          task: task.node.name,
          other: other?.node.name ?? '',
          wrapper: wrapper.name,
        },
        file: task.file,
        span: decorator,
        severity: other ? undefined : 'warning',
        related: [
          { file, span: wrapper.nameSpan, note: 'the function that the task is named after' },
          ...(other
            ? [{ file: other.file, span: other.node.nameSpan, note: 'the task that has the name already' }]
            : []),
        ],
      }
    }
  },
})

/** The topmost decorator below the task's own, if it leaves a function that is named otherwise. */
function misnamingDecorator(
  project: CeleryProject,
  { node, inner, nameArgument, optionsOpen, wrapper, file }: Task,
): { decorator: Decorator; replacement: Replacement } | undefined {
  const [decorator] = inner
  if (node.kind !== 'function' || !decorator || nameArgument || optionsOpen || wrapper) return undefined
  const replacement = replacementOf(project, file, decorator)
  return replacement?.keepsName === 'no' ? { decorator, replacement } : undefined
}
