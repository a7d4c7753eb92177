/** Messages that were sent before a deployment do not have an argument that the new code requires. */

import { signatureChanges } from '../../src/celery/change.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Parameter } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-required-param-added',
  reference: 'production-deployment.md#adding-a-required-parameter',
  scope: 'change',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task gains a parameter without a default, so messages already queued fail when they run',
  messages: {
    added:
      '{task} now requires {parameter}, but messages that are already queued, scheduled or waiting for a retry do not carry it: they fail with a `TypeError` once this is deployed. Give the parameter a default for one release.',
  },
  *check({ before, after }) {
    for (const { now, was, added } of signatureChanges(before, after)) {
      if (was.some(({ form }) => form === '**')) continue
      for (const parameter of added) {
        if (parameter.default) continue
        yield {
          messageId: 'added',
          data: { task: now.name ?? now.node.name, parameter: parameter.name },
          file: now.file,
          span: parameter,
          fix: defaulting(now, parameter),
        }
      }
    }
  },
})

const isRequired = ({ form, default: value }: Parameter) => form !== '*' && form !== '**' && !value

function defaulting({ file, parameters }: Task, parameter: Parameter): Fix | undefined {
  const later = parameters.slice(parameters.indexOf(parameter) + 1)
  if (parameter.form !== 'keyword-only' && later.some((other) => isRequired(other) && other.form !== 'keyword-only'))
    return undefined
  const { annotation } = parameter
  const title = `Give ${parameter.name} a default`
  const at = (offset: number, replacement: string) => ({ span: { start: offset, end: offset }, replacement })
  if (!annotation) return { title, applicability: 'safe', edits: [at(parameter.end, '=None')] }
  const optional = /\bNone\b|\bOptional\b|\bAny\b/.test(file.textOf(annotation)) ? '' : ' | None'
  const modern =
    optional === '' ||
    file.facts.module.body.some(
      (node) =>
        node.kind === 'import-from' &&
        node.module === '__future__' &&
        node.names.some(({ name }) => name === 'annotations'),
    )
  return modern ? { title, applicability: 'safe', edits: [at(parameter.end, `${optional} = None`)] } : undefined
}
