/** A task that sleeps keeps its slot in the worker, and nothing else runs in it. */

import { numberOf } from '../../src/celery/constants.ts'
import { taskLabel } from '../../src/celery/tasks.ts'
import type { Call } from '../../src/python/syntax.ts'
import { ancestors, isScope } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** From so many seconds on, a nap is worth another message. */
const LONG = 5
/** A loop that waits less in each round is busy with something else. */
const PAUSE = 1

export default defineRule({
  name: 'sleep-in-task',
  reference: 'task-design-patterns.md#waiting-inside-a-task',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'A task sleeps for long, or until something happens, and blocks its slot of the worker',
  messages: {
    long: '{task} sleeps for {seconds} s, and meanwhile its slot of the worker runs nothing else. Let it end here, and send the rest with a `countdown`, or raise `self.retry(countdown=…)`.',
    polling:
      '{task} sleeps and looks again until something has happened, and meanwhile its slot of the worker runs nothing else. Look once, and raise `self.retry(countdown=…)` if it is too early.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      const [first, ...others] = call.args
      if (!first || others.length > 0 || project.externalName(file, call.callee) !== 'time.sleep') continue
      const task = project.taskAround(file, call)
      const seconds = task && numberOf(project, file, first.value)
      if (!task || seconds === undefined) continue
      const messageId = seconds >= LONG ? 'long' : seconds >= PAUSE && isPolling(call) ? 'polling' : undefined
      if (messageId) yield { messageId, data: { task: taskLabel(task), seconds }, span: call }
    }
  },
})

/** Whether a call stands in a `while` of its function. */
function isPolling(call: Call): boolean {
  for (const up of ancestors(call)) {
    if (up.kind === 'while') return true
    if (isScope(up)) return false
  }
  return false
}
