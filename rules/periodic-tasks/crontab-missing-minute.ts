/** `crontab(hour=5)` runs sixty times: every field that is left out means "each". */
import { crontabArguments } from '../../src/celery/crontab.ts'
import { crontabClasses, crontabFieldNames } from '../../src/celery/vocabulary/crontab.ts'
import type { Edit } from '../../src/core/fix.ts'
import type { Call, Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'crontab-missing-minute',
  reference: 'periodic-tasks.md#a-crontab-without-a-minute',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'always',
  summary: 'A crontab names an hour or a day but no minute, so it fires every minute of it',
  messages: {
    everyMinute:
      'This schedule fires every minute of each hour that it names, because a `crontab` field that is left out means "each". Add `minute=0` to run at the full hour only.',
    allDay:
      'This schedule fires 1,440 times on each day that it names, because a `crontab` field that is left out means "each". Add `minute=0, hour=0` to run once that day.',
    everyHour:
      'This schedule fires every hour of each day that it names, because a `crontab` field that is left out means "each". Add the `hour` at which it is meant to run.',
  },
  *check({ project, file }) {
    for (const call of project.callsOf(file, crontabClasses)) {
      const given = crontabArguments(call)
      if (!given) continue
      const namesDay = crontabFieldNames.slice(2).some((field) => isRestricted(given.get(field)?.value))
      if (!given.has('minute')) {
        if (isRestricted(given.get('hour')?.value)) {
          yield { messageId: 'everyMinute', span: call, fix: adding(call, 'minute=0', 'safe') }
        } else if (namesDay) {
          const added = given.has('hour') ? 'minute=0' : 'minute=0, hour=0'
          yield { messageId: 'allDay', span: call, fix: adding(call, added, 'safe') }
        }
      } else if (!given.has('hour') && namesDay && given.get('minute')?.value.kind === 'number') {
        yield { messageId: 'everyHour', span: call, severity: 'warning', fix: adding(call, 'hour=0', 'unsafe') }
      }
    }
  },
})

/** Whether a field narrows the schedule down, rather than being left out or `*`. */
const isRestricted = (value: Expr | undefined) =>
  value !== undefined && !(value.kind === 'string' && value.value === '*')

function adding(call: Call, text: string, applicability: 'safe' | 'unsafe') {
  const last = call.args.at(-1)!
  const insertion: Edit = { span: { start: last.end, end: last.end }, replacement: `, ${text}` }
  return { title: `Add \`${text}\``, applicability, edits: [insertion] as const }
}
