/** `on_commit(task.delay(pk))` sends the message at once and hands Django the result, which it cannot call. */

import { asCallback, dispatchLabel, unwrapOnCommit } from '../../src/celery/on-commit.ts'
import type { Fix } from '../../src/core/fix.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'on-commit-called-immediately',
  reference: 'django-integration.md#calling-the-task-instead-of-passing-a-callback',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  inTests: true,
  summary: 'A task is sent while the arguments of on_commit are evaluated, not after the commit',
  messages: {
    called:
      '{task} is called here and now, before the commit, and `on_commit` receives its result. Django then raises `TypeError` because a result cannot be called, so the transaction rolls back after the message has left. Pass something to call later, such as a lambda.',
    doubled:
      '{task} registers its own callback and returns nothing, so `on_commit` receives `None` and Django raises `TypeError`. Call it on its own, without the `on_commit` around it.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      const { call } = dispatch
      const onCommit = call.parent?.kind === 'argument' && call.parent.parent
      if (dispatch.kind !== 'send' || !onCommit || onCommit.kind !== 'call') continue
      if (project.onCommitCallback(file, onCommit) !== call) continue
      const edits = dispatch.onCommit ? undefined : asCallback(file, call)
      const [first, ...rest] = edits ?? []
      const callback: Fix | undefined = first && {
        title: 'Pass a callback',
        applicability: 'safe',
        edits: [first, ...rest],
      }
      yield {
        messageId: dispatch.onCommit ? 'doubled' : 'called',
        data: { task: dispatchLabel(dispatch) },
        span: call,
        fix: unwrapOnCommit(project, onCommit, dispatch) ?? callback,
      }
    }
  },
})
