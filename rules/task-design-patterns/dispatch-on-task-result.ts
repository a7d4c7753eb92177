/** `task(x).delay()` runs the task, and then looks for `delay` on what it returned. */
import { calledTask } from '../../src/celery/called-tasks.ts'
import { applyAsyncMethods, delayMethods, onCommitMethods } from '../../src/celery/vocabulary/methods.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Attribute, Call } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'dispatch-on-task-result',
  reference: 'task-design-patterns.md#sending-what-a-task-returns',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task is called and its return value sent, in place of the task',
  messages: {
    called:
      'This runs {task} here, to its end, and then fails with an `AttributeError`, because what it returns has no {method}. Give the arguments to {method} of the task itself.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      const { callee } = call
      if (callee.kind !== 'attribute' || callee.value.kind !== 'call') continue
      if (!delayMethods.has(callee.attr) && !applyAsyncMethods.has(callee.attr)) continue
      const task = calledTask(project, file, callee.value)
      if (!task) continue
      const data = { task: task.node.name, method: callee.attr }
      yield { messageId: 'called', data, span: call, fix: sendingTask(call, callee, callee.value) }
    }
  },
})

/** Moves the method in front of the task's own arguments, when it has none itself. */
function sendingTask(call: Call, { attr }: Attribute, inner: Call): Fix | undefined {
  if (call.args.length > 0 || inner.parens) return undefined
  const method = onCommitMethods.has(attr) ? 'delay_on_commit' : 'delay'
  const at = inner.callee.end
  return {
    title: 'Send the task',
    applicability: 'safe',
    edits: [
      { span: { start: at, end: at }, replacement: `.${method}` },
      { span: { start: inner.end, end: call.end }, replacement: '' },
    ],
  }
}
