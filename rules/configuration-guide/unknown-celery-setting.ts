/** Celery takes any name among its settings and asks for its own only, so a slip of the keyboard leaves the default in force. */
import type { CeleryProject } from '../../src/celery/project.ts'
import { isHandedToCelery, isReadByOthers, meantKey } from '../../src/celery/setting-names.ts'
import { settingUses } from '../../src/celery/setting-uses.ts'
import type { SettingPlace } from '../../src/celery/settings.ts'
import { newNameOf, oldSettingNames, settingNames, settingSince } from '../../src/celery/vocabulary/settings.ts'
import type { Edit, Fix } from '../../src/core/fix.ts'
import { nearest } from '../../src/core/nearest.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'unknown-celery-setting',
  reference: 'configuration-guide.md#a-setting-that-does-not-exist',
  scope: 'project',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: "A setting's name is almost one of Celery's, which says nothing of it and keeps its default",
  messages: {
    misspelt:
      'Celery has no setting {setting}, and no other code here reads it, so the default of {expected} stays in force without a word. Rename it to {expected}.',
    newer:
      'Celery {version}, the newest that the requirements of this project allow, has no setting {setting} yet, so it has no effect. It came with Celery {since}: upgrade, or remove it.',
  },
  *check({ project }) {
    yield* newerSettings(project)
    for (const place of project.settingPlaces) {
      const spelling = spellingOf(project, place)
      if (!spelling) continue
      const meant = meantBy(project, spelling)
      if (meant === undefined || isSet(project, meant) || !isForCelery(project, place)) continue
      if (isReadByOthers(project, place.written)) continue
      const expected = spelling.prefix + meant
      yield {
        messageId: 'misspelt',
        data: { setting: place.written, expected },
        file: place.file,
        span: place.at,
        fix: renaming(project, place, expected),
      }
    }
  },
})

const tooNew = ({ versions }: CeleryProject, key: string) => versions.missing('celery', settingSince.get(key))

function* newerSettings(project: CeleryProject): Generator<Problem> {
  for (const { key, file, at, written } of project.settings) {
    const newer = tooNew(project, key)
    if (newer) yield { messageId: 'newer', data: { setting: written, ...newer }, file, span: at }
  }
}

/** What Celery would ask for in the manner of a name that is none of its own. */
interface Spelling {
  /** What stands before each setting's name. */
  readonly prefix: string
  /** The name behind the prefix. */
  readonly rest: string
  /** The names that it may have been meant to be. */
  readonly names: ReadonlySet<string>
}

const upperNames: ReadonlySet<string> = new Set([...settingNames].map((name) => name.toUpperCase()))

/** How an unknown name is spelt; undefined for a name that Celery knows, or that is not handed to it. */
function spellingOf({ namespace }: CeleryProject, { written, source }: SettingPlace): Spelling | undefined {
  const prefix = namespace?.prefix ? `${namespace.prefix}_` : ''
  if (source === 'django') {
    if (!namespace || meantKey(written) !== undefined) return undefined
    if (prefix === '') return oldSpelling(written)
    return prefix === prefix.toUpperCase() ? prefixedSpelling(prefix, written) : undefined
  }
  if (source === 'constructor' || newNameOf(written) !== undefined) return undefined
  if (prefix !== '' && written.startsWith(prefix)) return prefixedSpelling(prefix, written)
  return { prefix: '', rest: written, names: written === written.toUpperCase() ? oldSettingNames : settingNames }
}

function oldSpelling(written: string): Spelling | undefined {
  const isOthers = oldSettingNames.has(written) || !/^(CELERY|CELERYD|CELERYBEAT|BROKER)_/.test(written)
  return isOthers ? undefined : { prefix: '', rest: written, names: oldSettingNames }
}

function prefixedSpelling(prefix: string, written: string): Spelling | undefined {
  const rest = written.slice(prefix.length)
  return !written.startsWith(prefix) || upperNames.has(rest) ? undefined : { prefix, rest, names: upperNames }
}

/** The one name that somebody must have meant: a slip or two away, else of the same words in another order. */
function meantBy(project: CeleryProject, { rest, names }: Spelling): string | undefined {
  const existing = [...names].filter((name) => !tooNew(project, name.toLowerCase()))
  const close = nearest(rest, existing, rest.length < 12 ? 1 : 2)
  const candidates = close.length > 0 ? close : existing.filter((name) => wordsOf(name) === wordsOf(rest))
  return candidates.length === 1 ? candidates[0] : undefined
}

const wordsOf = (name: string) => name.split('_').sort().join('_')

const isForCelery = (project: CeleryProject, place: SettingPlace) =>
  place.source !== 'django' || (project.namespace !== undefined && isHandedToCelery(project, project.namespace, place))

const isSet = (project: CeleryProject, name: string) =>
  project.settingsFor(newNameOf(name) ?? name.toLowerCase()).length > 0

/** Writes the name that is meant, unless other lines change what the wrong one holds. */
function renaming(project: CeleryProject, { at, file, written }: SettingPlace, expected: string): Fix | undefined {
  if (settingUses(project, written).has('changed')) return undefined
  const start = at.start + file.textOf(at).indexOf(written)
  const edit: Edit = { span: { start, end: start + written.length }, replacement: expected }
  return { title: `Rename it to \`${expected}\``, applicability: 'safe', edits: [edit] }
}
