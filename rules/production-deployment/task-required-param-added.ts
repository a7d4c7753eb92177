/** Messages that were sent before a deployment do not have an argument that the new code requires. */

import { byPosition, signatureChanges } from '../../src/celery/change.ts'
import { leavesOut, sendersOf } from '../../src/celery/senders.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Expr, Parameter } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-required-param-added',
  reference: 'production-deployment.md#adding-a-required-parameter',
  scope: 'change',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task gains a parameter without a default, or one loses it, so messages already queued fail when they run',
  messages: {
    added:
      '{task} now requires {parameter}, but messages that are already queued, scheduled or waiting for a retry do not carry it: they fail with a `TypeError` once this is deployed. Give the parameter a default for one release.',
    demanded:
      '{task} now requires {parameter}, which had a default until now, and there are callers who left it out: messages of theirs that are already queued, scheduled or waiting for a retry fail with a `TypeError` once this is deployed. Keep the default until none of them can be left.',
  },
  *check({ before, after }) {
    for (const { old, now, was, added, demanded } of signatureChanges(before, after)) {
      const senders = demanded.length > 0 ? sendersOf(before, old) : []
      for (const { from, to } of demanded) {
        const place = byPosition(was).indexOf(from)
        if (!senders.some((sender) => leavesOut(sender, from, place))) continue
        yield {
          messageId: 'demanded',
          data: { task: taskLabel(now), parameter: to.name },
          file: now.file,
          span: to,
          fix: defaulting(now, to, { text: literalText(old, from.default), wasUnion: isUnion(from.annotation) }),
        }
      }
      if (was.some(({ form }) => form === '**')) continue
      for (const parameter of added) {
        if (parameter.default) continue
        yield {
          messageId: 'added',
          data: { task: taskLabel(now), parameter: parameter.name },
          file: now.file,
          span: parameter,
          fix: defaulting(now, parameter),
        }
      }
    }
  },
})

const isRequired = ({ form, default: value }: Parameter) => form !== '*' && form !== '**' && !value

/** How a default reads that means the same everywhere. */
const literalText = ({ file }: Task, value: Expr | undefined): string | undefined =>
  value && /^(constant|number|string)$/.test(value.kind) ? file.textOf(value) : undefined

/** Whether an annotation lets `None` in by itself. */
function takesNone(annotation: Expr): boolean {
  switch (annotation.kind) {
    case 'constant':
      return annotation.value === null
    case 'name':
      return annotation.id === 'Any' || annotation.id === 'object'
    case 'attribute':
      return annotation.attr === 'Any'
    case 'binary':
      return takesNone(annotation.left) || takesNone(annotation.right)
    case 'subscript': {
      const { value, index } = annotation
      const name = value.kind === 'name' ? value.id : value.kind === 'attribute' ? value.attr : ''
      return name === 'Optional' || (name === 'Union' && index.some(takesNone))
    }
    default:
      return false
  }
}

const isUnion = (annotation: Expr | undefined): boolean => annotation?.kind === 'binary' && annotation.operator === '|'

/**
 * @param text what the default was
 * @param wasUnion whether it was annotated as a union by `|`, which not every Python can evaluate
 */
function defaulting(
  { file, parameters }: Task,
  parameter: Parameter,
  { text = 'None', wasUnion = false }: { readonly text?: string; readonly wasUnion?: boolean } = {},
): Fix | undefined {
  const later = parameters.slice(parameters.indexOf(parameter) + 1)
  if (parameter.form !== 'keyword-only' && later.some((other) => isRequired(other) && other.form !== 'keyword-only'))
    return undefined
  const { annotation } = parameter
  const title = `Give \`${parameter.name}\` a default`
  const at = (offset: number, replacement: string) => ({ span: { start: offset, end: offset }, replacement })
  if (!annotation) return { title, applicability: 'safe', edits: [at(parameter.end, `=${text}`)] }
  const optional = text !== 'None' || takesNone(annotation) ? '' : ' | None'
  const modern =
    optional === '' ||
    wasUnion ||
    file.facts.module.body.some(
      (node) =>
        node.kind === 'import-from' &&
        node.module === '__future__' &&
        node.names.some(({ name }) => name === 'annotations'),
    )
  return modern ? { title, applicability: 'safe', edits: [at(parameter.end, `${optional} = ${text}`)] } : undefined
}
