/** A rate limit is a number per second, minute or hour; the worker fails on any other unit. */
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { StringLiteral } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

/** What follows Python's idea of a number. Source: `rate` in celery/utils/time.py of Celery 5.3 to 5.6. */
const valid = /^\s*\d+(_\d+)*(\.\d*)?(e\d+)?\s*(\/[smh]?)?$|^$/i
const units = /^\s*(\d+(?:\.\d+)?)\s*\/\s*(?:(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hrs?|hours?))\s*$/i

export default defineRule({
  name: 'invalid-rate-limit',
  reference: 'task-design-patterns.md#rate-limits',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A rate limit has a unit that Celery does not know, so the worker fails when it sets it up',
  messages: {
    unit: 'The rate limit {limit} cannot be read: it is a number and `/s`, `/m` or `/h`, without spaces behind the slash. The worker raises an exception when it sets up the limits of its tasks.',
  },
  *check({ project }) {
    for (const task of project.tasks) {
      if (task.node.kind === 'class') {
        const { value, file } = project.taskOption(task, 'rate_limit')
        if (value?.kind === 'string' && file === task.file) yield* faultOf(file, value)
        continue
      }
      const value = task.options.get('rate_limit')?.value
      if (value?.kind === 'string') yield* faultOf(task.file, value)
    }
    for (const { file, value } of project.settingsFor('task_default_rate_limit'))
      if (value.kind === 'string') yield* faultOf(file, value)
  },
})

function* faultOf(file: ProjectFile, literal: StringLiteral): Generator<Problem> {
  const limit = literal.value
  // The unit is read with its case.
  if (valid.test(limit) && !/\/[SMH]$/.test(limit)) return
  const [, count, second, minute] = units.exec(limit) ?? []
  const unit = second ? 's' : minute ? 'm' : 'h'
  const { quote } = literal
  const isPlain = file.textOf(literal) === quote + limit + quote
  const edit = { span: literal, replacement: `${quote}${count}/${unit}${quote}` }
  const fix: Fix | undefined =
    count && isPlain ? { title: `Use \`/${unit}\``, applicability: 'safe', edits: [edit] } : undefined
  yield { messageId: 'unit', data: { limit }, file, span: literal, fix }
}
