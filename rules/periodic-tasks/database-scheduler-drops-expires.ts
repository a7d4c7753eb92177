/** The scheduler of django-celery-beat copies an entry's options into columns, and there is not one for each of them. */
import { numberOf } from '../../src/celery/constants.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { schedulerOf } from '../../src/celery/scheduler.ts'
import type { BeatEntry } from '../../src/celery/schedules.ts'
import { periodicTaskOptions } from '../../src/celery/vocabulary/beat.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Expr, StringLiteral } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'database-scheduler-drops-expires',
  reference: 'periodic-tasks.md#options-that-the-database-does-not-keep',
  scope: 'project',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary:
    'An option of a beat entry that the scheduler of django-celery-beat drops when it copies the entry into the database',
  messages: {
    expires:
      'The scheduler of django-celery-beat does not keep `expires`, so the messages of {entry} never expire, and all that piled up while no worker was there are run. Give the seconds as `expire_seconds`.',
    option:
      'The scheduler of django-celery-beat has no column for {option} and drops it, so {entry} is sent without it. Set it on the task itself, where the task has such an option.',
  },
  *check({ project }) {
    if (schedulerOf(project) !== 'database') return
    for (const entry of project.beatEntries) yield* dropped(project, entry)
  },
})

function* dropped(project: CeleryProject, { file, key: entry, fields }: BeatEntry): Generator<Problem> {
  const options = fields.get('options')
  if (options?.kind !== 'dict') return
  const isGiven = (name: string) => options.entries.some(({ key }) => key?.kind === 'string' && key.value === name)
  for (const option of options.entries) {
    const { key, value } = option
    if (key?.kind !== 'string' || periodicTaskOptions.has(key.value)) continue
    if (key.value !== 'expires') yield { messageId: 'option', data: { option: key.value, entry }, file, span: option }
    else if (!isGiven('expire_seconds') && !isNone(value))
      yield { messageId: 'expires', data: { entry }, file, span: option, fix: inSeconds(project, file, key, value) }
  }
}

const isNone = (value: Expr) => value.kind === 'constant' && value.value === null

function inSeconds(project: CeleryProject, file: ProjectFile, key: StringLiteral, value: Expr): Fix | undefined {
  const seconds = numberOf(project, file, value)
  // The column holds a positive integer.
  if (seconds === undefined || !Number.isInteger(seconds) || seconds < 1) return undefined
  const replacement = `${key.quote}expire_seconds${key.quote}`
  return { title: 'Use `expire_seconds`', applicability: 'safe', edits: [{ span: key, replacement }] }
}
