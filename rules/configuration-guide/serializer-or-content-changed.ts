/** A message says how it is written, and a worker that does not accept that throws it away. */
import { sentLabel } from '../../src/celery/dispatches.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { elementsIn } from '../../src/celery/sequences.ts'
import type { CelerySetting } from '../../src/celery/settings.ts'
import type { Argument, Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'serializer-or-content-changed',
  reference: 'configuration-guide.md#changing-the-serializer',
  scope: 'change',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'Messages are written in a way that workers of the other release do not accept',
  messages: {
    unreadable:
      'Messages that are already queued are written in {was}, which {setting} does not accept any more: workers of this release refuse them with `ContentDisallowed`. Go on accepting {was} for one release.',
    notYet:
      'Messages are written in {is} from now on, which workers of the release before do not accept: those that are still running refuse them with `ContentDisallowed`. Add {is} to {setting} one release before anything is written in it.',
    unaccepted:
      'Messages are written in {is} from now on, which {setting} does not hold: every worker refuses them with `ContentDisallowed`. Add {is} to {setting}, one release before anything is written in it.',
    taskNotYet:
      '{task} is written in {is}, which workers of the release before do not accept: those that are still running refuse it with `ContentDisallowed`. Add {is} to {setting} one release before anything is written in it.',
    refused:
      '{task} is written in {is} from now on, which {setting} does not hold: every worker refuses it with `ContentDisallowed`. Add {is} to {setting}, one release before anything is written in it.',
  },
  *check({ before, after }) {
    // A project that sends nothing yet has nothing under way.
    if (before.tasks.length === 0) return
    const [was, is] = [formatsOf(before), formatsOf(after)]
    if (!was || !is) return
    yield* chosen(before, was, after, is)
    if (was.written === is.written && is.accepted.has(was.written)) return
    if (was.accepted.has(was.written) && !is.accepted.has(was.written))
      yield* at(is.acceptedAt ?? is.writtenAt, 'unreadable', { was: was.written, setting })
    if (was.written !== is.written && is.accepted.has(is.written) && !was.accepted.has(is.written))
      yield* at(is.writtenAt ?? is.acceptedAt, 'notYet', { is: is.written, setting })
    if (was.written !== is.written && !is.accepted.has(is.written))
      yield* at(is.writtenAt, 'unaccepted', { is: is.written, setting })
  },
})

/** What single tasks and dispatches say of how their messages are written. */
function* chosen(before: CeleryProject, was: Formats, after: CeleryProject, is: Formats): Generator<Problem> {
  const old = choicesOf(before)
  for (const { task, format, file, at: span } of choicesOf(after)) {
    const data = { task, is: format, setting }
    if (is.accepted.has(format)) {
      // What all messages are written in is said of the setting.
      if (!was.accepted.has(format) && format !== is.written) yield { messageId: 'taskNotYet', data, file, span }
    } else if (is.acceptedAt && !old.some((one) => one.task === task && one.format === format))
      yield { messageId: 'refused', data, file, span }
  }
  const gone = new Set(
    old.flatMap(({ format }) => (was.accepted.has(format) && !is.accepted.has(format) ? format : [])),
  )
  gone.delete(was.written)
  for (const format of gone) yield* at(is.acceptedAt, 'unreadable', { was: format, setting })
}

interface Choice {
  readonly task: string
  readonly format: string
  readonly file: ProjectFile
  readonly at: Argument
}

/** Every `serializer=` of a task or a dispatch that can be read. */
const choicesOf = (project: CeleryProject): Choice[] =>
  [
    ...project.tasks.map(({ file, name, node, options }) => ({ file, options, task: name ?? node.name })),
    ...project.dispatches.map((dispatch) => ({ ...dispatch, task: sentLabel(dispatch) })),
  ].flatMap(({ file, options, task }): Choice[] => {
    const given = options.get('serializer')
    const format = given && !file.isTest ? textOf(project, file, given.value) : undefined
    return given && format !== undefined ? [{ task, format, file, at: given }] : []
  })

function* at(place: CelerySetting | undefined, messageId: string, data: Record<string, string>): Generator<Problem> {
  if (place) yield { messageId, data, file: place.file, span: place.at }
}

const setting = 'accept_content'

interface Formats {
  /** How messages are written, where neither the task nor the dispatch says otherwise. */
  readonly written: string
  readonly writtenAt?: CelerySetting
  readonly accepted: ReadonlySet<string>
  readonly acceptedAt?: CelerySetting
}

/** Short names of content types. Source: the registrations in kombu/serialization.py. */
const shortNames: ReadonlyMap<string, string> = new Map([
  ['application/json', 'json'],
  ['application/x-yaml', 'yaml'],
  ['application/x-python-serialize', 'pickle'],
  ['application/x-msgpack', 'msgpack'],
  ['application/data', 'raw'],
])

/** What goes where no setting says otherwise. Source: celery/app/defaults.py of Celery 5.6 and of 3.1. */
const usualDefaults = { written: 'json', accepted: ['json'] }
const olderDefaults = { written: 'pickle', accepted: ['json', 'pickle', 'msgpack', 'yaml'] }

/** What the settings say of messages; undefined when they say it more than once, or in a way that cannot be read. */
function formatsOf(project: CeleryProject): Formats | undefined {
  const [writtenAt, acceptedAt] = [only(project, 'task_serializer'), only(project, 'accept_content')]
  if (writtenAt === 'many' || acceptedAt === 'many') return undefined
  const defaults = project.versions.isBelow('celery', '4') ? olderDefaults : usualDefaults
  const written = writtenAt ? textOf(project, writtenAt.file, writtenAt.value) : defaults.written
  const list = acceptedAt ? elementsIn(project.names, acceptedAt.file, acceptedAt.value) : { elements: [], open: false }
  const accepted = acceptedAt
    ? list.elements.map((element) => textOf(project, acceptedAt.file, element))
    : defaults.accepted
  if (written === undefined || list.open || accepted.includes(undefined)) return undefined
  if ([writtenAt, acceptedAt].some((place) => place && place.file.facts.errors.length > 0)) return undefined
  return { written, writtenAt, accepted: new Set(accepted as string[]), acceptedAt }
}

function only(project: CeleryProject, key: string): CelerySetting | undefined | 'many' {
  const [first, ...others] = project.settingsFor(key).filter(({ file }) => !file.isTest)
  return others.length > 0 || first?.conditional ? 'many' : first
}

function textOf(project: CeleryProject, file: ProjectFile, value: Expr): string | undefined {
  const referent = project.resolve(file, value)
  const text = referent?.kind === 'value' ? referent.expr : value
  return text.kind === 'string' ? (shortNames.get(text.value) ?? text.value) : undefined
}
