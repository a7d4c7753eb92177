/** Celery looks settings up under one spelling; any other is a variable that nobody reads. */
import type { CeleryProject } from '../../src/celery/project.ts'
import { settingUses } from '../../src/celery/setting-uses.ts'
import { celeryKey, type Namespace, type SettingPlace } from '../../src/celery/settings.ts'
import { newNameOf, oldNameOf, settingNames, settingReaders } from '../../src/celery/vocabulary/settings.ts'
import type { Fix } from '../../src/core/fix.ts'
import { ancestors } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'celery-setting-ignored',
  reference: 'configuration-guide.md#settings-that-celery-never-reads',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: "A setting's name is not one that Celery looks up under the project's namespace",
  messages: {
    renamed:
      'Celery never reads {setting}: this project hands it the settings under the namespace {namespace}, where this one is called {expected}. Rename it, or the default stays in force without a word.',
    unprefixed:
      'Celery never reads {setting}: this project hands it the settings without a namespace, where this one is called {expected}. Pass `namespace="CELERY"` to `config_from_object`, or the default stays in force without a word.',
  },
  *check({ project }) {
    const { namespace } = project
    if (!namespace || namespace.prefix !== namespace.prefix.toUpperCase()) return
    for (const place of project.settingPlaces) {
      if (place.source !== 'django' || !isDjangoSetting(project, namespace, place)) continue
      const key = celeryKey(place, namespace)
      const meant = key !== undefined && settingNames.has(key) ? undefined : meantKey(place.written)
      if (meant === undefined || isSetToo(project, place, meant)) continue
      const uses = settingUses(project, place.written)
      if (uses.has('read') || isReadByPackage(project, place.written)) continue
      const { prefix } = namespace
      const expected = prefix === '' ? oldNameOf(meant)! : `${prefix}_${meant.toUpperCase()}`
      yield {
        messageId: prefix === '' ? 'unprefixed' : 'renamed',
        data: { setting: place.written, namespace: prefix, expected },
        file: place.file,
        span: place.at,
        related: [{ file: namespace.file, span: namespace.call, note: 'this is how Celery reads the settings' }],
        fix: prefix === '' || uses.has('changed') ? undefined : rename(place, expected),
      }
    }
  },
})

/** The setting that a name means in either spelling. Old names that could be anybody's, such as `S3_BUCKET`, are left out. */
function meantKey(written: string): string | undefined {
  if (!/^(CELERY|CELERYD|CELERYBEAT|BROKER)_/.test(written)) return undefined
  const modern = written.replace(/^CELERY_/, '').toLowerCase()
  return settingNames.has(modern) && written.startsWith('CELERY_') ? modern : newNameOf(written)
}

const djangoNames = new Set(['INSTALLED_APPS', 'MIDDLEWARE', 'ROOT_URLCONF', 'DATABASES', 'SECRET_KEY'])
const directoryOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

/** Whether a place belongs to the Django settings that the project's Celery reads, and not to another service's or a class of its own. */
function isDjangoSetting(project: CeleryProject, namespace: Namespace, { at, file }: SettingPlace): boolean {
  for (const up of ancestors(at)) if (up.kind === 'class' && /celery/i.test(up.name)) return false
  if (file.path.split('/')[0] === namespace.file.path.split('/')[0] || !file.path.includes('/')) return true
  const directory = directoryOf(file.path)
  return project.settingPlaces.some(
    (place) =>
      place.source === 'django' && djangoNames.has(place.written) && directoryOf(place.file.path) === directory,
  )
}

/** Whether a Django package that the project installs reads a setting for purposes of its own. */
function isReadByPackage(project: CeleryProject, written: string): boolean {
  const reader = settingReaders.get(written)
  return reader !== undefined && [...project.files.values()].some(({ facts }) => facts.text.includes(reader))
}

/** Whether what is meant is set as well: beside it, or elsewhere to the same value. */
function isSetToo(project: CeleryProject, { file, value }: SettingPlace, key: string): boolean {
  const text = file.textOf(value)
  return project.settingsFor(key).some((other) => other.file === file || other.file.textOf(other.value) === text)
}

function rename({ at }: SettingPlace, expected: string): Fix {
  const edit = { span: { start: at.start, end: at.end }, replacement: expected }
  return { title: `Rename it to ${expected}`, applicability: 'safe', edits: [edit] }
}
