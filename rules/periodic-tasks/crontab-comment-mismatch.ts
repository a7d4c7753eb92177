/** A number in a crontab is a point in time; "every 30 minutes" is a step. */
import { crontabArguments } from '../../src/celery/crontab.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { crontabClasses } from '../../src/celery/vocabulary/crontab.ts'
import type { Call, Expr } from '../../src/python/syntax.ts'
import { ancestors, enclosingStatement } from '../../src/python/walk.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'crontab-comment-mismatch',
  reference: 'periodic-tasks.md#a-number-is-no-step',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'always',
  summary: 'A crontab runs at another pace than the comment or the name beside it speaks of',
  messages: {
    minute:
      'This runs once an hour, {number} minutes past it, and not every {number} minutes as is written beside it. For that, write {step}.',
    hour: 'This runs at {number} o’clock alone, and not every {number} hours as is written beside it. For that, write {step}.',
    often:
      'With {minute} for the minute this runs again and again within the hour, and not once {when} as is written beside it. For that, write {step}.',
  },
  *check({ project, file }) {
    for (const call of project.callsOf(file, crontabClasses)) {
      const given = crontabArguments(call)
      yield* repeated(file, call, given?.get('minute')?.value)
      for (const [field, unit] of [
        ['minute', 'min'],
        ['hour', 'h(?:ou)?r'],
      ] as const) {
        const value = given?.get(field)?.value
        if (value?.kind !== 'number' || value.value < 2 || (field === 'minute' && !isEach(given?.get('hour')?.value)))
          continue
        const every = new RegExp(`(?:^|[^a-z])every[\\s_-]*${value.value}[\\s_-]*${unit}`, 'i')
        if (!wordsBeside(file, call).some((words) => every.test(words))) continue
        const step = `"*/${value.value}"`
        yield {
          messageId: field,
          data: { number: value.value, step: `${field}=${step}` },
          span: call,
          fix: { title: `Use \`${step}\``, applicability: 'unsafe', edits: [{ span: value, replacement: step }] },
        }
      }
    }
  },
})

const timeOfDay = /\bat (midnight|noon|\d{1,2}(?::(\d{2}))? ?[ap]\.?m\b\.?|\d{1,2}:(\d{2})\b)/i

/** A minute that comes again within the hour, beside a comment on the same line that speaks of one time of day. */
function* repeated(file: ProjectFile, call: Call, minute: Expr | undefined): Generator<Problem> {
  if (minute?.kind !== 'string' || !/^\*(\/\d+)?$/.test(minute.value)) return
  const { lines } = file
  for (const { text, start } of file.facts.comments) {
    if (lines.lineAt(start) !== lines.lineAt(call.end) || /\bevery\s+(\d+\s+)?(minute|second)/i.test(text)) continue
    const [when, , past, minutes = past] = timeOfDay.exec(text) ?? []
    if (when === undefined) continue
    const at = String(Number(minutes ?? 0))
    yield {
      messageId: 'often',
      data: { minute: minute.value, when, step: `minute=${at}` },
      span: call,
      fix: { title: `Use ${at}`, applicability: 'unsafe', edits: [{ span: minute, replacement: at }] },
    }
    return
  }
}

const isEach = (value: Expr | undefined) => !value || (value.kind === 'string' && value.value === '*')

/** The comments on the lines of a call and right above its statement or entry, and the names of the entries that it stands in. */
function wordsBeside(file: ProjectFile, call: Call): string[] {
  const { lines } = file
  const entries = [...ancestors(call)].flatMap((up) => (up.kind === 'entry' ? [up] : []))
  const keys = entries.flatMap(({ key }) => (key?.kind === 'string' ? [key.value] : []))
  const first = lines.lineAt(call.start)
  const starts = [first, ...[enclosingStatement(call), ...entries].map(({ start }) => lines.lineAt(start))]
  const last = lines.lineAt(call.end)
  const comments = file.facts.comments.filter(({ start }) => {
    const line = lines.lineAt(start)
    if (line >= first && line <= last) return true
    return starts.includes(line + 1) && file.facts.text.slice(lines.startOf(line), start).trim() === ''
  })
  return [...comments.map(({ text }) => text), ...keys]
}
