/** A migration runs in a transaction, and before the code that it belongs to has reached the workers. */
import { dispatchLabel } from '../../src/celery/on-commit.ts'
import type { Call } from '../../src/python/syntax.ts'
import { ancestors } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'dispatch-in-migration',
  reference: 'django-integration.md#sending-a-task-from-a-migration',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'A migration sends a task, which runs before the migration is committed and on workers that are still old',
  replaces: ['dispatch-in-atomic'],
  messages: {
    sent: 'This sends {task} while the migration is still under way: a worker may run it before the changes are committed, with the code of the last release, and again for each database that is ever set up. Send it by a command or a one-off task after the deployment.',
  },
  *check({ project, file }) {
    if (!file.isMigration) return
    for (const dispatch of project.dispatchesOf(file)) {
      if (dispatch.kind !== 'send' || dispatch.onCommit || isDeferred(dispatch.call)) continue
      yield { messageId: 'sent', data: { task: dispatchLabel(dispatch) }, span: dispatch.call }
    }
  },
})

/** Whether a call waits in a lambda, such as one for `on_commit`. */
const isDeferred = (call: Call) => [...ancestors(call)].some(({ kind }) => kind === 'lambda')
