/** Only tasks of the class `AbortableTask` can be asked whether somebody wants them to stop. */
import { isCurrentTask } from '../../src/celery/current-task.ts'
import { externalBases, taskMethod } from '../../src/celery/task-bases.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import { addKeyword } from '../../src/python/edits.ts'
import { scopeOf } from '../../src/python/scopes.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

const abortableTask = 'celery.contrib.abortable.AbortableTask'

export default defineRule({
  name: 'abort-check-without-abortable-base',
  reference: 'task-design-patterns.md#tasks-that-can-be-stopped',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'preview',
  fix: 'sometimes',
  summary: 'A task asks is_aborted() without being an AbortableTask, which raises an AttributeError',
  messages: {
    missing:
      '{task} is no `AbortableTask`, so it has no `is_aborted`: this raises an `AttributeError`. Give the decorator `base=AbortableTask`, from `celery.contrib.abortable`.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      if (task.node.kind !== 'function' || task.bound !== true || !file.mentions('is_aborted')) continue
      const bases = externalBases(project, task)
      if (!bases?.every(isNotAbortable) || taskMethod(project, task, ['is_aborted'])) continue
      for (const node of task.run.body.flatMap((statement) => [...descendants(statement)])) {
        if (node.kind !== 'attribute' || node.attr !== 'is_aborted' || !isCurrentTask(project, file, node.value))
          continue
        yield { messageId: 'missing', data: { task: taskLabel(task) }, span: node, fix: withBase(task) }
      }
    }
  },
})

/** Of Celery's classes only one is abortable; what others do is not known. */
const isNotAbortable = (name: string) => name !== abortableTask && /^(celery|builtins|abc|typing)\./.test(name)

/** Gives the decorator `base=AbortableTask`, where the class is imported. */
function withBase({ file, decorator, options }: Task): Fix | undefined {
  const [binding] = decorator
    ? (scopeOf('AbortableTask', file.scopeAt(decorator))?.bindings.get('AbortableTask') ?? [])
    : []
  if (!decorator || options.has('base') || binding?.kind !== 'import') return undefined
  const edit = addKeyword(file.facts.text, decorator, 'base=AbortableTask')
  return edit && { title: 'Make it an `AbortableTask`', applicability: 'safe', edits: [edit] }
}
