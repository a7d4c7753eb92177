/** `autoretry_for` is a sequence of exceptions; a class that stands alone is none. */
import { isExceptionClass } from '../../src/celery/exceptions.ts'
import { givenOptions } from '../../src/celery/given-options.ts'
import type { Edit } from '../../src/core/fix.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'autoretry-for-not-iterable',
  reference: 'error-handling.md#what-autoretry_for-takes',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'always',
  summary: 'autoretry_for is given one exception class where it takes a tuple of them',
  messages: {
    single:
      '{option} is one class and no tuple: Celery iterates over it when it makes the task, fails with a `TypeError`, and the worker does not start. Write {tuple}.',
  },
  *check({ project, file }) {
    for (const name of ['autoretry_for', 'dont_autoretry_for']) {
      for (const { value } of givenOptions(project, file, name)) {
        if ((value.kind !== 'name' && value.kind !== 'attribute') || !isExceptionClass(project, file, value)) continue
        yield {
          messageId: 'single',
          data: { option: name, tuple: `(${file.textOf(value)},)` },
          span: value,
          fix: { title: 'Make it a tuple', applicability: 'safe', edits: asTuple(value) },
        }
      }
    }
  },
})

const insert = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })

const asTuple = ({ start, end, parens }: Expr): readonly [Edit, ...Edit[]] =>
  parens ? [insert(end, ',')] : [insert(start, '('), insert(end, ',)')]
