/** What a request holds are objects of Django's: JSON refuses most of them, and keeps one value of each key of the others. */
import { sentLabel } from '../../src/celery/on-commit.ts'
import { mayConvertArguments, sentValues } from '../../src/celery/sent-values.ts'
import { serializerOf } from '../../src/celery/serializers.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** A `QueryDict`, which JSON takes for a dict of the last value of each key. */
const lossy = new Set(['GET', 'POST', 'query_params'])
/** No dicts, or dicts of what JSON has no form for. */
const refused = new Set(['META', 'session', 'headers'])

export default defineRule({
  name: 'request-payload-argument',
  reference: 'task-design-patterns.md#parts-of-a-request',
  scope: 'file',
  severity: 'warning',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'A task is sent request.POST, request.META or the like, which JSON refuses or cuts short',
  messages: {
    lossy:
      '{argument} may hold several values for a key, and JSON keeps the last one of each: of a multiple choice, {task} receives one. Pass the values that it needs, or make lists of them with `dict(….lists())`.',
    refused:
      '{argument} is an object that JSON has no form for: sending {task} raises `EncodeError`. Pass the values that it needs.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      const task = project.taskSentBy(dispatch)
      if (serializerOf(project, dispatch) !== 'json' || (task && mayConvertArguments(project, task))) continue
      for (const { expr } of sentValues(project, dispatch)) {
        const part = partOfRequest(expr)
        const messageId = part && lossy.has(part) ? 'lossy' : part && refused.has(part) ? 'refused' : undefined
        if (!messageId) continue
        yield {
          messageId,
          data: { argument: file.textOf(expr), task: sentLabel(dispatch) },
          span: expr,
          severity: messageId === 'refused' ? 'error' : undefined,
        }
      }
    }
  },
})

/** The attribute of `request`, or of `self.request`, that an expression is, or is a copy of. */
function partOfRequest(expr: Expr): string | undefined {
  if (expr.kind === 'call' && expr.args.length === 0 && expr.callee.kind === 'attribute' && expr.callee.attr === 'copy')
    return partOfRequest(expr.callee.value)
  if (expr.kind !== 'attribute') return undefined
  const { value, attr } = expr
  if (value.kind === 'name') return value.id === 'request' ? attr : undefined
  const isOwn = value.kind === 'attribute' && value.attr === 'request' && value.value.kind === 'name'
  return isOwn && value.value.kind === 'name' && value.value.id === 'self' ? attr : undefined
}
