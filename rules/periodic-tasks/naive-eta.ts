/** Celery reads a `datetime` without a time zone in a zone of its own, which need not be that of the clock it came from. */
import { messageOptions } from '../../src/celery/message-options.ts'
import { type Moment, momentOf } from '../../src/celery/moments.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Fix } from '../../src/core/fix.ts'
import { scopeOf } from '../../src/python/scopes.ts'
import type { Argument } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'naive-eta',
  reference: 'periodic-tasks.md#a-point-in-time-without-a-zone',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'sometimes',
  summary: 'An eta or expires is computed without a time zone, and Celery reads it in another one',
  messages: {
    utc: '{option} is a time in UTC that does not say so, and Celery reads it in {zone}: the message is off by the difference of the two. Use `timezone.now()`, which carries its zone, or `countdown`.',
    local:
      '{option} is a time in {clock} that does not say so, and Celery reads it in {zone}: the message is off by the difference of the two. Use `timezone.now()`, which carries its zone, or `countdown`.',
  },
  *check({ project }) {
    const zones = zonesOf(project)
    if (!zones) return
    for (const { file, options } of messageOptions(project)) {
      for (const option of ['eta', 'expires']) {
        const given = options.get(option)
        const moment = given && momentOf(project, file, given.value)
        if (!moment || !given) continue
        const { clock } = moment
        const read = clock === 'utc' ? 'UTC' : clock === 'local' ? zones.process : undefined
        if (clock === 'aware' || !read || isSame(read, zones.celery)) continue
        const data = { option, zone: zones.celery, clock: read }
        yield { messageId: clock, data, file, span: given, fix: withZone(file, given, moment) }
      }
    }
  },
})

/** The zone in which Celery reads what carries none, and the one that Django sets for the process. */
function zonesOf(project: CeleryProject): { celery: string; process?: string } | undefined {
  const process = agreed(project.settingPlaces.filter(({ written }) => written === 'TIME_ZONE'))
  const own = project.settingsFor('timezone').filter(({ written }) => written !== 'TIME_ZONE')
  // Without a setting of its own, Celery takes Django's.
  const celery = own.length > 0 ? agreed(own) : process
  return celery === undefined ? undefined : { celery, process }
}

function agreed(places: CeleryProject['settingPlaces']): string | undefined {
  const zones = new Set(places.map(({ value }) => (value.kind === 'string' ? value.value : undefined)))
  const [zone, ...others] = zones
  return others.length === 0 ? zone : undefined
}

const isSame = (one: string, other: string) => normal(one) === normal(other)
const normal = (zone: string) => (/^(Etc\/)?(UTC|GMT|Zulu|Universal)$/i.test(zone) ? 'UTC' : zone)

/** Reads Django's clock instead, where it is imported. */
function withZone(file: ProjectFile, { value }: Argument, { now, file: where }: Moment): Fix | undefined {
  const isInside = where === file && value.start <= now.start && now.end <= value.end
  const [binding] = scopeOf('timezone', file.scopeAt(now))?.bindings.get('timezone') ?? []
  if (!isInside || binding?.kind !== 'import' || binding.module !== 'django.utils') return undefined
  return { title: 'Use timezone.now()', applicability: 'safe', edits: [{ span: now, replacement: 'timezone.now()' }] }
}
