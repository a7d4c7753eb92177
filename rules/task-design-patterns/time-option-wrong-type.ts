/** Each option about time takes one kind of value: seconds here, a point in time there, and a schedule elsewhere. */
import { secondsOf } from '../../src/celery/constants.ts'
import { entriesOf } from '../../src/celery/dispatches.ts'
import { messageOptions } from '../../src/celery/message-options.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Argument, Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'time-option-wrong-type',
  reference: 'task-design-patterns.md#seconds-or-a-point-in-time',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'An option about time is given a kind of value that makes the dispatch fail',
  messages: {
    duration:
      '{option} takes seconds, so a `timedelta` raises an exception here and the task is never sent. Give the number of seconds.',
    moment:
      '{option} takes a point in time, a `datetime`, so {value} raises an exception here and the task is never sent. For a delay, use `countdown` with the number of seconds.',
    text: '{option} takes a number of seconds, so the string {value} raises a `TypeError` here and the task is never sent. Write it without the quotes.',
    beatSeconds:
      '{option} takes a number of seconds, so Beat fails to send {entry} each time that it is due, and only its log says so. Give the number of seconds.',
    beatMoment:
      '{option} takes a point in time, so Beat fails to send {entry} each time that it is due, and only its log says so. Leave it out: the schedule says when the task runs.',
    schedule:
      'The `schedule` of {entry} is {value}, which Beat cannot run by: it takes a number of seconds, a `timedelta` or a `crontab`. Beat fails on it, and the other entries are not run either.',
  },
  *check({ project }) {
    for (const { file, options } of messageOptions(project)) yield* wrongOptions(project, file, options)
    for (const { key: entry, file, fields } of project.beatEntries) {
      const schedule = fields.get('schedule')
      if (schedule && ['string', 'dict', 'list', 'tuple'].includes(schedule.kind))
        yield { messageId: 'schedule', data: { entry, value: file.textOf(schedule) }, file, span: schedule }
      for (const [option, value] of entriesOf(fields.get('options')) ?? []) {
        const wrong = wrongKind(project, file, option, value)
        if (wrong)
          yield {
            messageId: wrong === 'moment' ? 'beatMoment' : 'beatSeconds',
            data: { option, entry },
            file,
            span: value,
            fix: wrong === 'duration' ? inSeconds(project, file, value) : undefined,
          }
      }
    }
  },
})

function* wrongOptions(
  project: CeleryProject,
  file: ProjectFile,
  options: ReadonlyMap<string, Argument>,
): Generator<Problem> {
  for (const [option, arg] of options) {
    const { value } = arg
    const wrong = wrongKind(project, file, option, value)
    if (!wrong) continue
    const fix =
      wrong === 'duration'
        ? inSeconds(project, file, value)
        : wrong === 'moment' && !options.has('countdown')
          ? asCountdown(project, file, arg)
          : undefined
    yield { messageId: wrong, data: { option, value: file.textOf(value) }, file, span: arg, fix }
  }
}

/** What is wrong with the value of an option, if anything is for certain. */
function wrongKind(
  project: CeleryProject,
  file: ProjectFile,
  option: string,
  value: Expr,
): 'duration' | 'moment' | 'text' | undefined {
  const isDuration = isTimedelta(project, file, value)
  switch (option) {
    case 'countdown':
      return isDuration ? 'duration' : value.kind === 'string' ? 'text' : undefined
    case 'expires':
      return isDuration ? 'duration' : undefined
    case 'eta':
      return isDuration || value.kind === 'number' ? 'moment' : undefined
  }
  return undefined
}

function isTimedelta(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  const referent = expr.kind === 'call' ? undefined : project.resolve(file, expr)
  const call = referent?.kind === 'value' ? referent : { file, expr }
  return call.expr.kind === 'call' && project.externalName(call.file, call.expr.callee) === 'datetime.timedelta'
}

/** A duration as its seconds: the number where the duration is written out, else by asking it. */
function inSeconds(project: CeleryProject, file: ProjectFile, value: Expr): Fix {
  const isLiteral = value.kind === 'call' && value.args.every((arg) => arg.value.kind === 'number')
  const seconds = isLiteral ? secondsOf(project, file, value) : undefined
  const isWhole = seconds !== undefined && Number.isSafeInteger(seconds)
  const edit = isWhole
    ? { span: value, replacement: String(seconds) }
    : { span: { start: value.end, end: value.end }, replacement: '.total_seconds()' }
  return { title: 'Give the number of seconds', applicability: 'safe', edits: [edit] }
}

function asCountdown(project: CeleryProject, file: ProjectFile, { start, value }: Argument): Fix {
  const keyword = { span: { start, end: start + 'eta'.length }, replacement: 'countdown' }
  const seconds = value.kind === 'number' ? [] : inSeconds(project, file, value).edits
  return { title: 'Use `countdown`', applicability: 'safe', edits: [keyword, ...seconds] }
}
