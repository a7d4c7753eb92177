/** The scheduler of django-celery-beat copies the schedule into rows, and never deletes one: an entry that goes lives on. */
import { survivorNear } from '../../src/celery/change.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { schedulerOf } from '../../src/celery/scheduler.ts'
import type { BeatEntry } from '../../src/celery/schedules.ts'
import type { CelerySetting } from '../../src/celery/settings.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { type ChangeContext, defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'beat-entry-removed-or-renamed-db-scheduler',
  reference: 'periodic-tasks.md#removing-or-renaming-an-entry',
  scope: 'change',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'An entry leaves the schedule, but its row in the database of django-celery-beat stays and goes on sending',
  messages: {
    removed:
      'This change takes {entry} out of the schedule, but the scheduler of django-celery-beat never deletes its row: it goes on sending {task} from the database. Delete the `PeriodicTask` of that name in a data migration.',
    renamed:
      'This entry was called {old} until now, and the scheduler of django-celery-beat never deletes its row: from now on both {old} and {entry} send {task}. Delete the old `PeriodicTask` in a data migration, or keep the name.',
  },
  *check({ before, after, previousPath }): Generator<Problem> {
    if ([before, after].some((project) => schedulerOf(project) !== 'database')) return
    if (!isAllLiteral(after) || cleansUp(after, previousPath)) return
    const [were, are] = [entriesOf(before), entriesOf(after)]
    const isNew = ({ key }: BeatEntry) => !were.some((entry) => entry.key === key)
    const renamed = new Set<BeatEntry>()
    for (const entry of were) {
      if (are.some(({ key }) => key === entry.key)) continue
      const task = taskText(entry)
      const successor = are.find((other) => !renamed.has(other) && isNew(other) && taskText(other) === task)
      const sameFile = are.filter(({ file }) => previousPath(file.path) === entry.file.path)
      if (successor) renamed.add(successor)
      yield successor
        ? {
            messageId: 'renamed',
            data: { entry: successor.key, old: entry.key, task },
            file: successor.file,
            span: successor.keyNode,
          }
        : {
            messageId: 'removed',
            data: { entry: entry.key, task },
            ...(whereItStood(entry, were, sameFile) ?? whereItIsSet(after)),
            gone: { file: entry.file, span: { start: entry.keyNode.start, end: entry.dict.end } },
          }
    }
  },
})

const entriesOf = ({ beatEntries }: CeleryProject) => beatEntries.filter(({ file }) => !file.isTest)

const taskText = ({ file, fields }: BeatEntry): string => {
  const task = fields.get('task')
  if (!task) return 'its task'
  return task.kind === 'string' ? task.value : file.textOf(task)
}

/** The place of an entry that is gone: the entry that followed it, or the whole of the one before. */
function whereItStood(gone: BeatEntry, were: readonly BeatEntry[], are: readonly BeatEntry[]) {
  const siblings = were.filter(({ file }) => file === gone.file).sort((a, b) => a.dict.start - b.dict.start)
  const near = survivorNear(siblings, gone, ({ key }) => are.find((entry) => entry.key === key))
  if (!near) return undefined
  const follows = siblings.findIndex(({ key }) => key === near.key) > siblings.indexOf(gone)
  const span = follows ? near.keyNode : { start: near.keyNode.start, end: near.dict.end }
  return { file: near.file, span }
}

function whereItIsSet(project: CeleryProject) {
  const [{ file, at: span }] = project.settingsFor('beat_schedule') as [CelerySetting]
  return { file, span }
}

/** Whether the head has a schedule, and all of it can be seen: it may be elsewhere, or put together from what nobody can read. */
function isAllLiteral(project: CeleryProject): boolean {
  const settings = project.settingsFor('beat_schedule').filter(({ file }) => !file.isTest)
  return (
    settings.length > 0 &&
    settings.every(({ file, value }) => file.facts.errors.length === 0 && isLiteral(project, file, value))
  )
}

function isLiteral(project: CeleryProject, file: ProjectFile, value: Expr): boolean {
  if (value.kind === 'dict')
    return value.entries.every((entry) =>
      entry.key ? entry.key.kind === 'string' : isLiteral(project, file, entry.value),
    )
  const referent = project.resolve(file, value)
  return referent?.kind === 'value' && referent.expr !== value && isLiteral(project, referent.file, referent.expr)
}

/** Whether a new migration takes care of rows, or code of the project does whenever it runs. */
const cleansUp = ({ files }: CeleryProject, previousPath: ChangeContext['previousPath']) =>
  [...files.values()].some(({ isTest, isMigration, path, facts: { text } }) => {
    if (isTest || !text.includes('PeriodicTask')) return false
    return isMigration ? previousPath(path) === undefined : /\.delete\(|\benabled\b/.test(text)
  })
