/** Every Beat sends the whole schedule: none of them knows of the others, unless its scheduler takes a lock. */
import type { Count } from '../../src/celery/deployment.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Fix } from '../../src/core/fix.ts'
import { defineRule, type Problem, type Related } from '../../src/rule/rule.ts'

type Started = CeleryProject['processes'][number]

export default defineRule({
  name: 'beat-embedded-or-replicated',
  reference: 'production-deployment.md#one-beat',
  scope: 'project',
  severity: 'error',
  confidence: 'medium',
  status: 'preview',
  fix: 'sometimes',
  summary: 'More than one Beat runs, or a worker that is made to be multiplied starts one',
  readsDeployment: true,
  messages: {
    copies:
      '{name} runs {count} times, and each of them is a Beat that sends the whole schedule: every periodic task runs {count} times. Run one.',
    workers:
      '{name} runs {count} times, and with {option} each of these workers starts a Beat of its own: every periodic task runs {count} times. Start one `celery beat` by itself, and take the option away here.',
    second:
      'This file starts two Beats for the same application, here and in {other}: every periodic task is sent twice. Keep one of them, best a `celery beat` by itself.',
    embedded:
      '{name} starts a Beat inside its worker: a second worker of this kind sends every periodic task twice. Start one `celery beat` as a process type of its own, and take {option} away here.',
    overlap:
      '{name} is replaced by starting the new one first, so two Beats run for as long as that takes, and what is due meanwhile is sent twice. Set `strategy.type` to `Recreate`.',
  },
  *check({ project }): Iterable<Problem> {
    if (hasLock(project)) return
    const beats = project.processes.filter(
      ({ process }) => !process.isOpen && startsBeat(process) && !/redbeat/i.test(process.scheduler ?? ''),
    )
    for (const beat of beats) {
      const { file, process } = beat
      const { kind, name = 'celery', embedsBeat, overlaps } = process
      const many = copiesOf(project, beat)
      const data = { name, option: embedsBeat ? file.textOf(embedsBeat) : '' }
      if (many && many.copies.count > 1) {
        const place = { file: many.file, span: many.copies, data: { ...data, count: many.copies.count } }
        const related: Related[] = [{ file, span: embedsBeat ?? process, note: 'this starts Beat' }]
        yield {
          messageId: embedsBeat ? 'workers' : 'copies',
          ...place,
          related,
          fix: embedsBeat ? undefined : one(many.copies),
        }
        continue
      }
      const first = beats.find((other) => isSecond(beat, other))
      if (first) {
        const related: Related[] = [{ file, span: first.process, note: 'the other Beat' }]
        const span = embedsBeat ?? process
        yield { messageId: 'second', data: { other: first.process.name ?? 'celery' }, file, span, related }
      } else if (embedsBeat && kind === 'procfile') {
        yield { messageId: 'embedded', data, file, span: embedsBeat, severity: 'warning' }
      } else if (overlaps) {
        yield { messageId: 'overlap', data, file, span: overlaps, severity: 'info' }
      }
    }
  },
})

const startsBeat = ({ runs, embedsBeat }: Started['process']) => runs === 'beat' || embedsBeat !== undefined

/** Whether the settings name a scheduler that lets only one Beat send at a time, or one that cannot be read. */
const hasLock = (project: CeleryProject): boolean =>
  project.settingsFor('beat_scheduler').some(({ value }) => value.kind !== 'string' || /redbeat/i.test(value.value))

/** How often a process is told to run, and where. */
function copiesOf(
  project: CeleryProject,
  { file, process }: Started,
): { file: ProjectFile; copies: Count } | undefined {
  if (process.copies) return { file, copies: process.copies }
  if (process.kind !== 'kubernetes') return undefined
  for (const other of project.files.values()) {
    const scaler = other.facts.deployment?.scalers.find(({ target }) => target === process.name)
    if (scaler && directoryOf(other.path) === directoryOf(file.path)) return { file: other, copies: scaler }
  }
  return undefined
}

const directoryOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

/** Whether a process stands behind another of its file that starts a Beat of the same application, at the same time. */
function isSecond({ file, process }: Started, { file: place, process: other }: Started): boolean {
  if (place !== file || other.start >= process.start || process.kind !== other.kind) return false
  if (!/^(compose|procfile|supervisor)$/.test(process.kind) || process.isOptional || other.isOptional) return false
  return process.name !== other.name && process.app === other.app && process.scheduler === other.scheduler
}

const one = (copies: Count): Fix => ({
  title: 'Run one',
  applicability: 'unsafe',
  edits: [{ span: { start: copies.end - String(copies.count).length, end: copies.end }, replacement: '1' }],
})
