/** A number in a crontab is a point in time; "every 30 minutes" is a step. */
import { crontabArguments } from '../../src/celery/crontab.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { crontabClasses } from '../../src/celery/vocabulary/crontab.ts'
import type { Call, Expr } from '../../src/python/syntax.ts'
import { ancestors, enclosingStatement } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'crontab-comment-mismatch',
  reference: 'periodic-tasks.md#a-number-is-no-step',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'always',
  summary: 'A crontab has a number where the comment or the name beside it speaks of every so many minutes or hours',
  messages: {
    minute:
      'This runs once an hour, {number} minutes past it, and not every {number} minutes as is written beside it. For that, write {step}.',
    hour: 'This runs at {number} o’clock alone, and not every {number} hours as is written beside it. For that, write {step}.',
  },
  *check({ project, file }) {
    for (const call of project.callsOf(file, crontabClasses)) {
      const given = crontabArguments(call)
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
