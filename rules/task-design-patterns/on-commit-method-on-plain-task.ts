/** `delay_on_commit` belongs to Celery's class for Django: a task with another base class does not have it. */

import type { Dispatch } from '../../src/celery/dispatches.ts'
import { deferCall } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { hasForeignApplicationBase, hasForeignBase, plainTaskBase, taskMethod } from '../../src/celery/task-bases.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import { taskSince } from '../../src/celery/vocabulary/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'on-commit-method-on-plain-task',
  reference: 'task-design-patterns.md#base-classes-for-tasks',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task is sent with delay_on_commit, which its base class or its version of Celery does not have',
  messages: {
    newer:
      'Celery {version}, the newest that the requirements of this project allow, has no {method}: this raises an `AttributeError`. It came with Celery {since}: upgrade, or write `transaction.on_commit`.',
    missing:
      '{task} is made of {base}, which has no {method}: this raises an `AttributeError`. Derive the class from `celery.contrib.django.task.DjangoTask`, or write `transaction.on_commit`.',
  },
  *check({ project, file }): Iterable<Problem> {
    for (const dispatch of project.dispatchesOf(file)) {
      const { onCommit, task, call, method } = dispatch
      if (!onCommit || !task || call.callee.kind !== 'attribute') continue
      const newer = project.versions.missing('celery', taskSince.get(method))
      if (newer && !mayDefine(project, task, method)) {
        const span = call.callee.attrSpan
        yield { messageId: 'newer', data: { method, ...newer }, span, fix: withOnCommit(dispatch) }
        continue
      }
      const base = plainTaskBase(project, task)
      if (!base) continue
      yield {
        messageId: 'missing',
        data: { task: taskLabel(task), base, method },
        span: call.callee.attrSpan,
        related: [{ file: task.file, span: task.node.nameSpan, note: 'the task is defined here' }],
        fix: withOnCommit(dispatch),
      }
    }
  },
})

/** Whether a class of the project's own, or of another package, may give a task the method. */
const mayDefine = (project: CeleryProject, task: Task, method: string): boolean =>
  hasForeignBase(project, task) ||
  hasForeignApplicationBase(project) ||
  taskMethod(project, task, [method]) !== undefined

/** Hands the ordinary method to `transaction.on_commit`, where that is imported. */
function withOnCommit({ file, call, method }: Dispatch): Fix | undefined {
  const deferred = deferCall(file, call, { title: 'Use `transaction.on_commit`', applicability: 'safe' })
  if (!deferred || call.callee.kind !== 'attribute') return undefined
  const plain = { span: call.callee.attrSpan, replacement: method.replace('_on_commit', '') }
  return { ...deferred, edits: [...deferred.edits, plain] }
}
