/**
 * Celery takes a `datetime` without a time zone for UTC, whatever its `timezone`. Source: `maybe_make_aware` in
 * celery/utils/time.py, which the worker's `Request` applies, the same from Celery 3.1 to 5.6; tried with 5.2 and 5.6.
 */
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
  summary: 'An eta or expires is read from the local clock without a time zone, and Celery takes it for UTC',
  messages: {
    local:
      '{option} is a time in {zone} that does not say so, and Celery takes it for one in UTC: the message is off by the difference of the two. Use `timezone.now()`, which carries its zone, or `countdown`.',
  },
  *check({ project }) {
    const zone = processZone(project)
    if (zone === undefined || isUtc(zone)) return
    for (const { file, options } of messageOptions(project)) {
      for (const option of ['eta', 'expires']) {
        const given = options.get(option)
        const moment = given && momentOf(project, file, given.value)
        if (moment?.clock !== 'local') continue
        yield { messageId: 'local', data: { option, zone }, file, span: given!, fix: withZone(file, given!, moment) }
      }
    }
  },
})

/** The zone that Django sets for the process, where all of its settings agree on one. */
function processZone({ settingPlaces }: CeleryProject): string | undefined {
  const places = settingPlaces.filter(({ written, source }) => written === 'TIME_ZONE' && source === 'django')
  const zones = new Set(places.map(({ value }) => (value.kind === 'string' ? value.value : undefined)))
  const [zone, ...others] = zones
  return others.length === 0 ? zone : undefined
}

const isUtc = (zone: string) => /^(Etc\/)?(UTC|GMT|Zulu|Universal)$/i.test(zone)

/** Reads Django's clock instead, where it is imported. */
function withZone(file: ProjectFile, { value }: Argument, { now, file: where }: Moment): Fix | undefined {
  const isInside = where === file && value.start <= now.start && now.end <= value.end
  const [binding] = scopeOf('timezone', file.scopeAt(now))?.bindings.get('timezone') ?? []
  if (!isInside || binding?.kind !== 'import' || binding.module !== 'django.utils') return undefined
  return { title: 'Use `timezone.now()`', applicability: 'safe', edits: [{ span: now, replacement: 'timezone.now()' }] }
}
