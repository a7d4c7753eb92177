/** Owns which of Beat's schedulers reads the entries of a project's schedule. */
import type { Expr } from '../python/syntax.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

/** What a project imports to make a scheduler of its own, which a command line then names. */
const extendsScheduler = /^from (\w*celery\w*\.)?\w*beat(\.schedulers)? import .*Scheduler/m

/** What chooses a scheduler where a framework that is no part of the project reads its configuration. */
const choosesScheduler = /\b(CELERY_?BEAT_SCHEDULER|beat_scheduler)\b/

export type Scheduler = 'default' | 'database' | 'unknown'

/** Which scheduler reads the entries; that of a command line is not seen, but the app that it needs is. */
export function schedulerOf(project: CeleryProject): Scheduler {
  const schedulers = project.settingsFor('beat_scheduler').map(({ value }) => value)
  const isDatabase = (value: Expr) => value.kind === 'string' && value.value.startsWith('django_celery_beat.')
  if (schedulers.some(isDatabase)) return 'database'
  if (schedulers.length > 0) return 'unknown'
  const isChosen = (file: ProjectFile) =>
    file.mentions(extendsScheduler) || (!file.isTest && file.mentions(choosesScheduler))
  if ([...project.files.values()].some(isChosen)) return 'unknown'
  const mentions = (text: string) => project.settingPlaces.some(({ file }) => file.mentions(text))
  return mentions('django_celery_beat') ? 'database' : mentions('redbeat') ? 'unknown' : 'default'
}
