/** Python counts the week from Monday and crontab from Sunday: a weekday handed over as it is means another day. */
import { crontabArguments } from '../../src/celery/crontab.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { crontabClasses } from '../../src/celery/vocabulary/crontab.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Call, Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** The model of django-celery-beat, and with it `CrontabSchedule.objects.create` and the like. */
const model = /^django_celery_beat\.models\.CrontabSchedule(\.|$)/

export default defineRule({
  name: 'weekday-crontab-convention',
  reference: 'periodic-tasks.md#days-of-the-week-start-at-sunday',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: "A crontab takes Python's number of a weekday, which names another day there",
  messages: {
    dayEarly:
      '`weekday()` counts from Monday as 0, but 0 is Sunday to a crontab: this schedule runs a day early. Use `isoweekday() % 7`, which is 0 on Sundays.',
    noSunday:
      '`isoweekday()` is 7 on Sundays, which a crontab refuses with a `ValueError`, because Sunday is 0 there. Use `isoweekday() % 7`.',
    noSundaySum:
      '`weekday() + 1` is 7 on Sundays, which a crontab refuses with a `ValueError`, because Sunday is 0 there. Use `isoweekday() % 7`.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      const day = dayOfWeek(project, file, call)
      const used = day && weekdayIn(project, file, day)
      if (!used) continue
      const { source, messageId } = used
      const related =
        source.file === file && source.expr.start >= call.start && source.expr.end <= call.end
          ? []
          : [{ file: source.file, span: source.expr, note: 'the number of the weekday comes from here' }]
      yield { messageId, span: day, related, fix: related.length === 0 ? counting(source.expr, messageId) : undefined }
    }
  },
})

/** What a call gives as the day of the week of a crontab. */
function dayOfWeek(project: CeleryProject, file: ProjectFile, call: Call): Expr | undefined {
  const callee = project.externalName(file, call.callee) ?? ''
  if (crontabClasses.has(callee)) return crontabArguments(call)?.get('day_of_week')?.value
  return model.test(callee) ? call.args.find((arg) => arg.name === 'day_of_week')?.value : undefined
}

interface Weekday {
  readonly source: { readonly file: ProjectFile; readonly expr: Call }
  readonly messageId: 'dayEarly' | 'noSunday' | 'noSundaySum'
}

/** The weekday of Python's that an expression is: as it is, as a string, in a list, or kept under a name. */
function weekdayIn(project: CeleryProject, file: ProjectFile, expr: Expr, plusOne = false): Weekday | undefined {
  switch (expr.kind) {
    case 'name': {
      const referent = project.resolve(file, expr)
      return referent?.kind === 'value' && referent.expr.kind !== 'name'
        ? weekdayIn(project, referent.file, referent.expr, plusOne)
        : undefined
    }
    case 'list':
    case 'tuple':
    case 'set':
      return expr.elements.length === 1 ? weekdayIn(project, file, expr.elements[0]!) : undefined
    case 'fstring':
      return expr.parts.length === 1 ? weekdayIn(project, file, expr.parts[0]!) : undefined
    case 'binary': {
      const addsOne = expr.operator === '+' && expr.right.kind === 'number' && expr.right.value === 1
      return addsOne && !plusOne ? weekdayIn(project, file, expr.left, true) : undefined
    }
    case 'call':
      return weekdayCall(project, file, expr, plusOne)
  }
  return undefined
}

function weekdayCall(project: CeleryProject, file: ProjectFile, call: Call, plusOne: boolean): Weekday | undefined {
  const { callee, args } = call
  if (callee.kind === 'attribute' && args.length === 0) {
    const source = { file, expr: call }
    if (callee.attr === 'weekday') return { source, messageId: plusOne ? 'noSundaySum' : 'dayEarly' }
    return callee.attr === 'isoweekday' && !plusOne ? { source, messageId: 'noSunday' } : undefined
  }
  const converts = /^builtins\.(str|int)$/.test(project.externalName(file, callee) ?? '')
  return converts && args.length === 1 ? weekdayIn(project, file, args[0]!.value, plusOne) : undefined
}

/** `isoweekday() % 7` in place of what was meant to be it. */
function counting(call: Call, messageId: Weekday['messageId']): Fix | undefined {
  const { callee, parent } = call
  if (callee.kind !== 'attribute' || parent?.kind === 'fstring') return undefined
  const end = messageId === 'noSundaySum' && parent?.kind === 'binary' ? parent.end : call.end
  const rest = { span: { start: call.end, end }, replacement: ' % 7' }
  const title = 'Count from Sunday as 0'
  if (messageId === 'noSunday') return { title, applicability: 'safe', edits: [rest] }
  return { title, applicability: 'safe', edits: [{ span: callee.attrSpan, replacement: 'isoweekday' }, rest] }
}
