/** Where cron runs on days that match either field, Celery runs on those that match both. */
import { crontabArguments } from '../../src/celery/crontab.ts'
import { crontabClasses } from '../../src/celery/vocabulary/crontab.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'crontab-dom-and-dow',
  reference: 'periodic-tasks.md#a-day-must-match-both',
  scope: 'file',
  severity: 'info',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'A crontab names days of the month and of the week, and runs only on days that are both',
  messages: {
    both: 'Celery runs this on days that match both fields, where cron would take either: a day {month} of the month that is not {week} is left out. Drop one of the two, or make two entries.',
  },
  *check({ project, file }) {
    for (const call of project.callsOf(file, crontabClasses)) {
      const given = crontabArguments(call)
      const month = given?.get('day_of_month')
      const week = given?.get('day_of_week')
      if (!month || !week || !isSingle(month.value) || !isRestricted(week.value)) continue
      const data = { month: written(month.value), week: written(week.value) }
      yield { messageId: 'both', data, span: call }
    }
  },
})

/** One day or a few. A range such as `1-7` is there to be narrowed down: with a weekday it is the first one of the month. */
const isSingle = (value: Expr) =>
  value.kind === 'number' || (value.kind === 'string' && /^\d+(,\d+){0,2}$/.test(value.value))

const isRestricted = (value: Expr) =>
  value.kind === 'number' ||
  (value.kind === 'string' && /^\w/.test(value.value) && !/^(0-6|sun-sat|mon-sun)$/.test(value.value))

const written = (value: Expr): string | number =>
  value.kind === 'number' || value.kind === 'string' ? value.value : ''
