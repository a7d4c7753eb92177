/** `autoretry_for` is a sequence of exceptions; a class that stands alone is none. */
import { isExceptionClass } from '../../src/celery/exceptions.ts'
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
    const given = project.tasksOf(file).flatMap((task) => {
      // Options of a decorator that was prepared elsewhere belong to that place.
      const { decorator } = task
      const own = (value: Expr) => decorator && decorator.start <= value.start && value.end <= decorator.end
      return names.flatMap((name) => {
        const value = task.options.get(name)?.value
        return value && own(value) && file.facts.text.startsWith(name, task.options.get(name)!.start)
          ? [{ name, value }]
          : []
      })
    })
    for (const node of file.classes) {
      if (!project.isTaskClass(file, node)) continue
      for (const statement of node.body) {
        if (statement.kind !== 'assign' || !statement.value) continue
        for (const target of statement.targets)
          if (target.kind === 'name' && names.includes(target.id))
            given.push({ name: target.id, value: statement.value })
      }
    }
    for (const { name, value } of given) {
      if ((value.kind !== 'name' && value.kind !== 'attribute') || !isExceptionClass(project, file, value)) continue
      yield {
        messageId: 'single',
        data: { option: name, tuple: `(${file.textOf(value)},)` },
        span: value,
        fix: { title: 'Make it a tuple', applicability: 'safe', edits: asTuple(value) },
      }
    }
  },
})

const names = ['autoretry_for', 'dont_autoretry_for']

const insert = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })

const asTuple = ({ start, end, parens }: Expr): readonly [Edit, ...Edit[]] =>
  parens ? [insert(end, ',')] : [insert(start, '('), insert(end, ',)')]
