/** `delay_on_commit` belongs to Celery's class for Django: a task with another base class does not have it. */

import type { Dispatch } from '../../src/celery/dispatches.ts'
import { deferCall } from '../../src/celery/on-commit.ts'
import { plainTaskBase } from '../../src/celery/task-bases.ts'
import type { Fix } from '../../src/core/fix.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'on-commit-method-on-plain-task',
  reference: 'task-design-patterns.md#base-classes-for-tasks',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary:
    'A task whose base class does not derive from DjangoTask is sent with delay_on_commit, which it does not have',
  messages: {
    missing:
      '{task} is made of {base}, which has no {method}: this raises an `AttributeError`. Derive the class from `celery.contrib.django.task.DjangoTask`, or write `transaction.on_commit`.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      const { onCommit, task, call, method } = dispatch
      const base = onCommit && task && plainTaskBase(project, task)
      if (!base || call.callee.kind !== 'attribute') continue
      yield {
        messageId: 'missing',
        data: { task: task.name ?? task.node.name, base, method },
        span: call.callee.attrSpan,
        related: [{ file: task.file, span: task.node.nameSpan, note: 'the task is defined here' }],
        fix: withOnCommit(dispatch),
      }
    }
  },
})

/** Hands the ordinary method to `transaction.on_commit`, where that is imported. */
function withOnCommit({ file, call, method }: Dispatch): Fix | undefined {
  const deferred = deferCall(file, call, { title: 'Use transaction.on_commit', applicability: 'safe' })
  if (!deferred || call.callee.kind !== 'attribute') return undefined
  const plain = { span: call.callee.attrSpan, replacement: method.replace('_on_commit', '') }
  return { ...deferred, edits: [...deferred.edits, plain] }
}
