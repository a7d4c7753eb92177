/** Eager mode is for tests: it runs a task in the process that sends it, and there is nothing of Celery in that. */
import { environmentOf } from '../../src/celery/environments.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { CelerySetting } from '../../src/celery/settings.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { enclosingFunction } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'always-eager-in-production-settings',
  reference: 'configuration-guide.md#eager-mode',
  scope: 'project',
  severity: 'error',
  confidence: 'medium',
  status: 'stable',
  fix: 'sometimes',
  summary: 'Settings for production, or for every environment, run each task in the process that sends it',
  messages: {
    production:
      'With {setting} on, every task runs at once in the process that sends it: requests wait for it, and queues, countdowns, the delays of retries and the workers themselves are out of the game. These are settings for production: turn it off.',
    shared:
      'With {setting} on, every task runs at once in the process that sends it: requests wait for it, and queues, countdowns and the workers themselves are out of the game. No settings here turn it off again: do that in those for production, or turn it on in those for tests and development only.',
  },
  *check({ project }) {
    const places = project.settingsFor('task_always_eager')
    for (const place of places) {
      const { file, value, at, written } = place
      if (!isTrue(value) || place.conditional || enclosingFunction(at)) continue
      const environment = environmentOf(file, at)
      if (environment === 'development' || isOverridden(place, places)) continue
      const isShared = environment === 'shared'
      if (isShared && (places.some((other) => !isTrue(other.value)) || isForDevelopment(project, place))) continue
      yield {
        messageId: environment,
        data: { setting: written },
        file,
        span: at,
        severity: isShared ? 'warning' : undefined,
        fix: isShared
          ? undefined
          : { title: 'Turn it off', applicability: 'unsafe', edits: [{ span: value, replacement: 'False' }] },
      }
    }
  },
})

const isTrue = (value: Expr) => value.kind === 'constant' && value.value === true

/** Whether the same file sets it again further down. */
const isOverridden = ({ file, at }: CelerySetting, places: readonly CelerySetting[]) =>
  places.some((other) => other.file === file && other.at.start > at.start)

/** Whether the settings beside it are those of a developer's machine: they turn Django's debug mode on, for good. */
const isForDevelopment = (project: CeleryProject, { file }: CelerySetting) =>
  project.settingPlaces.some(
    (other) => other.file === file && other.written === 'DEBUG' && !other.conditional && isTrue(other.value),
  )
