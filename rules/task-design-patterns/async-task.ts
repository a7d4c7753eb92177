/** Celery calls a task and takes what it returns for its result: from an `async def` that is a coroutine that nobody awaits. */
import { hasPlainDecorators } from '../../src/celery/current-task.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { hasForeignBase, taskMethod } from '../../src/celery/task-bases.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'async-task',
  reference: 'task-design-patterns.md#coroutines-as-tasks',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A task is a coroutine function, which Celery calls and never awaits',
  messages: {
    coroutine:
      'Celery calls {task} and does not await it: nothing of its body runs, and the task counts as done or fails when the coroutine is stored as its result. Make it a plain `def` that runs the coroutine, for instance with `asgiref.sync.async_to_sync`.',
  },
  *check({ project, file }) {
    const coroutines = project.tasksOf(file).filter(({ run }) => run.async)
    if (coroutines.length === 0 || awaitsTasks(project)) return
    for (const task of coroutines) {
      // What the project or another package puts around a task may await it.
      if (task.wrapper || !hasPlainDecorators(project, task) || hasForeignBase(project, task)) continue
      if (taskMethod(project, task, ['__call__', '__init__', '__new__'])) continue
      yield { messageId: 'coroutine', data: { task: task.node.name }, span: task.run.nameSpan }
    }
  },
})

const awaitingPackages = /\b(celery_aio_pool|celery_pool_asyncio|celery_asyncio|aio_celery|celery_async)\b/
const makers = new Set(['task', '_task_from_fun'])

/** Whether workers of the project know what to do with coroutines: by a pool for them, or by an application of its own. */
function awaitsTasks(project: CeleryProject): boolean {
  if (
    project.settingsFor('worker_pool').some(({ value }) => value.kind !== 'string' || /a(sync)?io/i.test(value.value))
  )
    return true
  for (const file of project.files.values()) {
    if (file.mentions(awaitingPackages)) return true
    for (const { body } of file.classes)
      if (body.some((node) => node.kind === 'function' && makers.has(node.name))) return true
  }
  return false
}
