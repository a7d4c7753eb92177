/** Some settings do nothing, or fail at the start, without another one that is not there. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { CelerySetting } from '../../src/celery/settings.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'always-fails-config-pair',
  reference: 'configuration-guide.md#settings-that-need-another-one',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'A setting needs another setting, or an installed app, that the project does not have',
  messages: {
    rejectOnWorkerLost:
      '{setting} has no effect here: it is asked when a task acknowledges late, and none does. Turn `task_acks_late` on as well, for the project or for the tasks that may run twice.',
    softShutdown:
      '{setting} has no effect without `worker_soft_shutdown_timeout`, whose default of 0 turns the soft shutdown off. Set the seconds that tasks are given to finish.',
    scheduler:
      '{value} keeps its schedule in tables that Django does not have here: `django_celery_beat` is not among the `INSTALLED_APPS`, and Beat fails when it starts. Add it, and run `migrate`.',
    results:
      '{value} keeps results in tables that Django does not have here: `django_celery_results` is not among the `INSTALLED_APPS`, and a worker fails when it stores the first one. Add it, and run `migrate`.',
  },
  *check({ project }) {
    yield* withoutEffect(project)
    yield* withoutApp(project, 'beat_scheduler', /^django_celery_beat\./, 'django_celery_beat', 'scheduler')
    yield* withoutApp(project, 'result_backend', /^django-db$/, 'django_celery_results', 'results')
  },
})

function* withoutEffect(project: CeleryProject): Generator<Problem> {
  for (const place of project.settingsFor('task_reject_on_worker_lost'))
    if (isTrue(place.value) && !someTaskAcknowledgesLate(project)) yield problem('rejectOnWorkerLost', place)
  for (const place of project.settingsFor('worker_enable_soft_shutdown_on_idle')) {
    const timeouts = project.settingsFor('worker_soft_shutdown_timeout')
    if (isTrue(place.value) && timeouts.every(({ value }) => value.kind === 'number' && value.value === 0))
      yield problem('softShutdown', place)
  }
}

/** Whether a task may acknowledge late, by the settings, by an option or by an attribute of a class. */
function someTaskAcknowledgesLate(project: CeleryProject): boolean {
  if (project.settingsFor('task_acks_late').some(({ value }) => !isFalse(value))) return true
  if (project.settingsFor('task_annotations').length > 0) return true
  return project.mentions(lateAcknowledgement)
}

const lateAcknowledgement = /\backs_late\s*=\s*(?!False)|["']acks_late["']/

function* withoutApp(
  project: CeleryProject,
  key: string,
  values: RegExp,
  app: string,
  messageId: string,
): Generator<Problem> {
  // Without the list of apps nothing is known of what is installed.
  if (!project.settingPlaces.some(({ written, source }) => source === 'django' && written === 'INSTALLED_APPS')) return
  const names = new RegExp(`["']${app}(\\.apps\\.\\w+)?["']`)
  if ([...project.files.values()].some(({ facts }) => names.test(facts.text))) return
  for (const place of project.settingsFor(key)) {
    const { value } = place
    if (value.kind === 'string' && values.test(value.value)) yield problem(messageId, place, value.value)
  }
}

const problem = (messageId: string, { file, at, written }: CelerySetting, value = ''): Problem => ({
  messageId,
  data: { setting: written, value },
  file,
  span: at,
})

const isTrue = (value: Expr) => value.kind === 'constant' && value.value === true
const isFalse = (value: Expr) => value.kind === 'constant' && value.value === false
