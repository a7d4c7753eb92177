/** A task goes together with all that sends it, and the messages that were sent until then are left without a taker. */
import { goneTasks, renamedTasks, whereItStood } from '../../src/celery/change.ts'
import { leftSenders } from '../../src/celery/left-senders.ts'
import { sendersOf } from '../../src/celery/senders.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-removed-while-queued',
  reference: 'production-deployment.md#removing-a-task',
  scope: 'change',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'A task is removed in the same change as what sends it, while its messages may still be queued',
  messages: {
    queued:
      'This change removes the task {name} together with all that sends it, but messages that are already queued, scheduled or waiting for a retry carry its name still: workers discard them with an error in the log. If their work must be done, remove only what sends them now, and the task one release later.',
  },
  *check(change) {
    const { before, after, previousPath } = change
    const renamed = new Set(renamedTasks(change).map(({ old }) => old))
    const left = new Set([...leftSenders(change)].map(({ task }) => task))
    for (const task of goneTasks(change)) {
      // What is still named or sent anywhere is said by task-removed-still-referenced.
      const isNamed = after.referencesTo(task.name).some(({ file }) => !file.isTest && !file.isMigration)
      if (renamed.has(task) || left.has(task) || isNamed) continue
      const place = sendersOf(before, task).length > 0 ? whereItStood(task, after, previousPath) : undefined
      const gone = { file: task.file, span: task.node.nameSpan }
      if (place) yield { messageId: 'queued', data: { name: task.name }, ...place, gone }
    }
  },
})
