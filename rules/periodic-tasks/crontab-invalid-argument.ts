/** `crontab` refuses numbers that a field does not have and arguments that it does not know, when the schedule is made. */
import { numberOf } from '../../src/celery/constants.ts'
import { crontabArguments, isInField, patternFault } from '../../src/celery/crontab.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import {
  crontabClasses,
  crontabFieldNames,
  crontabFields,
  otherCrontabKeywords,
} from '../../src/celery/vocabulary/crontab.ts'
import type { Fix } from '../../src/core/fix.ts'
import { nearest } from '../../src/core/nearest.ts'
import type { Argument, Expr, StringLiteral } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

/** What people call the fields, besides slips of the keyboard. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['min', 'minute'],
  ['mins', 'minute'],
  ['weekday', 'day_of_week'],
  ['weekdays', 'day_of_week'],
  ['dow', 'day_of_week'],
  ['dom', 'day_of_month'],
  ['month', 'month_of_year'],
  ['months', 'month_of_year'],
])

export default defineRule({
  name: 'crontab-invalid-argument',
  reference: 'periodic-tasks.md#what-a-crontab-field-takes',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A crontab is given a number or an argument that it refuses when the module is loaded',
  messages: {
    outside:
      '{field} goes from {min} to {max}, so `crontab` raises an exception for {number} here, before beat or a worker is up. Use a number of that range.',
    sunday:
      'The days of the week go from 0, Sunday, to 6, so `crontab` raises an exception for 7 here, before beat or a worker is up. Sunday is 0.',
    unreadable:
      '`crontab` cannot read {pattern} as {field} and raises an exception here, before beat or a worker is up. A field takes a number, `*`, a range such as `1-5`, a step such as `*/15`, or several of these with commas between them.',
    line: '`crontab` takes five separate fields, so it reads the whole line {pattern} as the {field} and raises an exception here, before beat or a worker is up. Give each field as an argument of its own.',
    type: '`crontab` takes an integer, a pattern, or a list of integers as {field}; {value} makes it raise an exception here, before beat or a worker is up.',
    keyword:
      '`crontab` has no argument {keyword}, so it raises a `TypeError` here, before beat or a worker is up. Its fields are `minute`, `hour`, `day_of_week`, `day_of_month` and `month_of_year`.',
    timezone:
      '`crontab` has no argument {keyword}, so it raises a `TypeError` here, before beat or a worker is up. Schedules follow the `timezone` setting of Celery; only the `CrontabSchedule` model of django-celery-beat has a time zone of its own.',
  },
  *check({ project, file }) {
    for (const call of project.callsOf(file, crontabClasses)) {
      const given = crontabArguments(call)
      if (!given) continue
      for (const [name, arg] of given) {
        if (crontabFields.has(name)) yield* faultsOf(project, file, name, arg, given.size === 1)
        else if (name && !otherCrontabKeywords.has(name)) yield unknownKeyword(name, arg, given)
      }
    }
  },
})

function unknownKeyword(keyword: string, arg: Argument, given: ReadonlyMap<string, Argument>): Problem {
  if (keyword === 'timezone' || keyword === 'tz') return { messageId: 'timezone', data: { keyword }, span: arg }
  const [meant, ...others] = otherNames.has(keyword)
    ? [otherNames.get(keyword)!]
    : nearest(keyword, crontabFieldNames, 2)
  const span = { start: arg.start, end: arg.start + keyword.length }
  const fix: Fix | undefined =
    meant && others.length === 0 && !given.has(meant)
      ? { title: `Use \`${meant}\``, applicability: 'safe', edits: [{ span, replacement: meant }] }
      : undefined
  return { messageId: 'keyword', data: { keyword }, span: arg, fix }
}

function* faultsOf(
  project: CeleryProject,
  file: ProjectFile,
  field: string,
  arg: Argument,
  alone: boolean,
): Generator<Problem> {
  const { value } = arg
  if (value.kind === 'string') {
    yield* patternFaults(file, field, arg, value, alone)
  } else if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set') {
    for (const element of value.elements) {
      if (element.kind === 'string') yield { messageId: 'type', data: typeData(file, field, element), span: element }
      else yield* numberFaults(project, file, field, element)
    }
  } else if ((value.kind === 'number' && !value.integer) || (value.kind === 'constant' && value.value === null)) {
    yield { messageId: 'type', data: typeData(file, field, value), span: arg }
  } else {
    yield* numberFaults(project, file, field, value)
  }
}

const typeData = (file: ProjectFile, field: string, value: Expr) => ({ field, value: file.textOf(value) })

function* numberFaults(project: CeleryProject, file: ProjectFile, field: string, value: Expr): Generator<Problem> {
  const number = numberOf(project, file, value)
  if (number === undefined || isInField(field, number)) return
  const isLiteral = value.kind === 'number'
  const replaced = isLiteral ? { span: value, replacement: '0' } : undefined
  yield outside(field, number, value, replaced)
}

/** A number just above the range is the first one again: hour 24, minute 60 and day 7 of the week. */
function outside(field: string, number: number, span: Expr | Argument, edit: Fix['edits'][0] | undefined): Problem {
  const [min, max] = crontabFields.get(field)!
  const sunday = field === 'day_of_week' && number === 7
  const fix: Fix | undefined =
    edit && min === 0 && number === max + 1
      ? { title: `Use 0 for ${number}`, applicability: sunday ? 'safe' : 'unsafe', edits: [edit] }
      : undefined
  return { messageId: sunday ? 'sunday' : 'outside', data: { field, number, min, max }, span, fix }
}

function* patternFaults(
  file: ProjectFile,
  field: string,
  arg: Argument,
  literal: StringLiteral,
  alone: boolean,
): Generator<Problem> {
  const fault = patternFault(field, literal.value)
  if (!fault || literal.bytes || !/^[\x20-\x7e]*$/.test(literal.value)) return
  const data = { field, pattern: literal.value }
  const isPlain = file.textOf(literal) === literal.quote + literal.value + literal.quote
  if (fault.kind === 'outside') {
    // A range may end with Sunday, but `0-0` is not the whole week.
    const replacement = literal.value.replace(/(^|,)7(?=$|-|,)|(?<=(?:^|,)[1-6]-)7(?=$|,|\/)/g, '$10')
    const fixed = isPlain && field === 'day_of_week' && !patternFault(field, replacement)
    const edit = fixed ? { span: literal, replacement: literal.quote + replacement + literal.quote } : undefined
    yield outside(field, fault.number, literal, edit)
    return
  }
  const parts = literal.value.trim().split(/\s+/)
  if (parts.length !== 5) yield { messageId: 'unreadable', data, span: literal }
  else
    yield { messageId: 'line', data, span: literal, fix: isPlain && alone ? splitting(arg, literal, parts) : undefined }
}

/** The line of a crontab as keyword arguments; undefined when it does not mean the same to Celery. */
function splitting(arg: Argument, literal: StringLiteral, parts: readonly string[]): Fix | undefined {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = parts
  const sundays = dayOfWeek.replace(/^7$/, '0')
  // Celery runs on days that match both, cron on days that match either.
  if (dayOfMonth !== '*' && sundays !== '*') return undefined
  const fields = { minute, hour, day_of_week: sundays, day_of_month: dayOfMonth, month_of_year: month }
  const entries = Object.entries(fields)
  if (entries.some(([field, pattern]) => patternFault(field, pattern))) return undefined
  const written = entries.filter(([field, pattern]) => field === 'minute' || pattern !== '*')
  const replacement = written
    .map(([field, pattern]) => `${field}=${literal.quote}${pattern}${literal.quote}`)
    .join(', ')
  return { title: 'Give each field its own argument', applicability: 'safe', edits: [{ span: arg, replacement }] }
}
