/** `.s(…)` receives the result of what ran before it: a task that has no room for one fails when its turn comes. */
import { hasPlainSignature, mismatchOf, signatureText } from '../../src/celery/bind-arguments.ts'
import type { Dispatch } from '../../src/celery/dispatches.ts'
import { resultReceivers } from '../../src/celery/result-receivers.ts'
import type { Fix } from '../../src/core/fix.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'immutable-signature-needed',
  reference: 'task-design-patterns.md#steps-that-take-no-result',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'preview',
  fix: 'sometimes',
  summary: 'A later step of a chain, a chord body or a callback has no room for the result that it is given',
  messages: {
    surplus:
      'The result of what runs before comes first among the arguments of this signature, and {signature} has no room for it: the workflow stops here with a `TypeError`. Write `.si(…)`, which takes no result.',
    twice:
      'The result of what runs before comes first among the arguments of this signature, so {parameter} of {signature} is passed twice: the workflow stops here with a `TypeError`. Write `.si(…)`, which takes no result.',
  },
  *check({ project, file }) {
    const dispatches = new Map(project.dispatchesOf(file).map((dispatch) => [dispatch.call, dispatch]))
    const seen = new Set<Dispatch>()
    for (const call of resultReceivers(project, file)) {
      const dispatch = dispatches.get(call)
      if (!dispatch || seen.has(dispatch)) continue
      seen.add(dispatch)
      const { task, args, method, options } = dispatch
      if (!task || args.open || method === 'si' || options.has('immutable') || !hasPlainSignature(project, task))
        continue
      const mismatch = mismatchOf(task.parameters, [call, ...args.positional], args.keywords, true)
      if (mismatch?.kind !== 'surplus' && mismatch?.kind !== 'twice') continue
      yield {
        messageId: mismatch.kind,
        data: { signature: signatureText(task), parameter: mismatch.kind === 'twice' ? mismatch.name : '' },
        span: call,
        related: [{ file: task.file, span: task.node.nameSpan, note: 'the task is defined here' }],
        fix: asImmutable(dispatch),
      }
    }
  },
})

/** `.si(…)` for `.s(…)`: the only way where a task takes nothing, else perhaps one of its arguments is the result. */
function asImmutable({ call: { callee }, method, task }: Dispatch): Fix | undefined {
  if (method !== 's' || callee.kind !== 'attribute') return undefined
  return {
    title: 'Make the signature immutable',
    applicability: task?.parameters.length === 0 ? 'safe' : 'unsafe',
    edits: [{ span: callee.attrSpan, replacement: 'si' }],
  }
}
