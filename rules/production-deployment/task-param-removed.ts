/** Messages that were sent before a deployment carry an argument that the new code has no parameter for. */
import { byPosition, type SignatureChange, signatureChanges } from '../../src/celery/change.ts'
import { passesByName, passesByPlace, type Sender, sendersOf } from '../../src/celery/senders.ts'
import type { Parameter } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-param-removed',
  reference: 'production-deployment.md#removing-a-parameter',
  scope: 'change',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A task loses a parameter that messages already queued still carry',
  messages: {
    removed:
      '{task} no longer has {parameter}, but messages that are already queued, scheduled or waiting for a retry carry it: they fail with a `TypeError`, or give its value to another parameter. Keep it for one release with a default, unused, and stop passing it.',
    optional:
      '{task} no longer has {parameter}. Nothing here shows how the task is sent; a message that carries the parameter fails with a `TypeError`. Keep it for one release if there may be one.',
  },
  *check({ before, after }) {
    for (const change of signatureChanges(before, after)) {
      if (change.removed.length === 0) continue
      const senders = sendersOf(before, change.old)
      for (const parameter of change.removed) {
        const isPassed = senders.some((sender) => breaks(change, parameter, sender))
        // Nobody is seen to send it, and yet whoever does may pass it.
        const mayBePassed = senders.length === 0 && !takesMore(change)
        if (!isPassed && !mayBePassed) continue
        const isCertain = isPassed || !parameter.default
        yield {
          messageId: isCertain ? 'removed' : 'optional',
          data: { task: change.now.name ?? change.now.node.name, parameter: parameter.name },
          file: change.now.file,
          span: change.now.run.nameSpan,
          severity: isCertain ? undefined : 'info',
        }
      }
    }
  },
})

const has = (parameters: readonly Parameter[], form: Parameter['form']) =>
  parameters.some((parameter) => parameter.form === form)

/** Whether a task takes arguments that it has no parameter for. */
const takesMore = ({ is }: SignatureChange) => has(is, '*') || has(is, '**')

/** Whether the messages of a sender of before go wrong because a parameter is gone. */
function breaks({ was, is }: SignatureChange, parameter: Parameter, sender: Sender): boolean {
  if (passesByName(sender, parameter)) return !has(is, '**')
  const places = byPosition(was)
  const place = places.indexOf(parameter)
  if (place < 0 || !passesByPlace(sender, place)) return false
  // What is left over goes to `*args`, when nothing behind it moves up.
  return !has(is, '*') || has(was, '*') || byPosition(is).length > place
}
