/** A step of a crontab counts within its field and starts again with it. */
import { crontabArguments } from '../../src/celery/crontab.ts'
import { crontabClasses, crontabFields } from '../../src/celery/vocabulary/crontab.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'crontab-uneven-step',
  reference: 'periodic-tasks.md#steps-start-again',
  scope: 'file',
  severity: 'info',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'The step of a crontab does not divide its field, so the last gap is shorter, or is longer than the field',
  messages: {
    beyond:
      'A step of {step} is beyond the {size} values of {field}, so this matches {first} alone. Give the coarser field the step.',
    uneven:
      'Steps start again with each {whole}: {step} does not divide the {size} values of {field}, so the gap at the end of each {whole} is shorter. Use an interval such as `timedelta` where the gaps are to be even.',
  },
  *check({ project, file }) {
    for (const call of project.callsOf(file, crontabClasses)) {
      for (const [field, { value }] of crontabArguments(call) ?? []) {
        const whole = wholes.get(field)
        const step = value.kind === 'string' ? /^\*\/(\d+)$/.exec(value.value)?.[1] : undefined
        if (!whole || step === undefined || Number(step) === 0) continue
        const [first, last] = crontabFields.get(field)!
        const size = last - first + 1
        const data = { field, step, size, first, whole }
        if (Number(step) >= size) yield { messageId: 'beyond', data, span: value, severity: 'warning' }
        else if (size % Number(step) !== 0) yield { messageId: 'uneven', data, span: value }
      }
    }
  },
})

/** What a field starts again with. */
const wholes: ReadonlyMap<string, string> = new Map([
  ['minute', 'hour'],
  ['hour', 'day'],
  ['day_of_week', 'week'],
  ['day_of_month', 'month'],
  ['month_of_year', 'year'],
])
