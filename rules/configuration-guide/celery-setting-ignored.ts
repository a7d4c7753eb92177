/** Celery looks settings up under one spelling; any other is a variable that nobody reads. */
import { makesAnyApp } from '../../src/celery/apps.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { isHandedToCelery, isReadByOthers, meantKey } from '../../src/celery/setting-names.ts'
import { settingUses } from '../../src/celery/setting-uses.ts'
import { celeryKey, type SettingPlace } from '../../src/celery/settings.ts'
import { oldNameOf, settingNames, switchDefaults } from '../../src/celery/vocabulary/settings.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Name } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

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
    old: 'Celery never reads {setting}: this project hands it the settings without a namespace and by their old names, where this one is called {expected}. Rename it, or the default stays in force without a word.',
    bare: 'Celery never reads {setting}: here it is a variable of the module that makes the application, not a setting. Set it with {expected}, or the default stays in force without a word.',
  },
  *check({ project }) {
    yield* bareNames(project)
    const { namespace } = project
    if (!namespace || namespace.prefix !== namespace.prefix.toUpperCase()) return
    for (const place of project.settingPlaces) {
      if (place.source !== 'django') continue
      const key = celeryKey(place, namespace)
      const meant = key !== undefined && settingNames.has(key) ? undefined : meantKey(place.written)
      if (meant === undefined || isDefault(meant, place) || isSetToo(project, place, meant)) continue
      if (!isHandedToCelery(project, namespace, place) || isReadByOthers(project, place.written)) continue
      const { prefix } = namespace
      const expected = prefix === '' ? oldNameOf(meant) : `${prefix}_${meant.toUpperCase()}`
      if (expected === undefined) continue
      const messageId = prefix !== '' ? 'renamed' : needsNoNamespace(project) ? 'old' : 'unprefixed'
      yield {
        messageId,
        data: { setting: place.written, namespace: prefix, expected },
        file: place.file,
        span: place.at,
        related: [{ file: namespace.file, span: namespace.call, note: 'this is how Celery reads the settings' }],
        fix:
          messageId === 'unprefixed' || settingUses(project, place.written).has('changed')
            ? undefined
            : rename(place, expected),
      }
    }
  },
})

/** Names that nobody gives to a variable of their own. */
const settingLike = /^(accept|beat|broker|result|task|worker)_\w+$/

/** `task_acks_late = True` beside `app = Celery(…)`. */
function* bareNames({ files, names, settingPlaces }: CeleryProject): Generator<Problem> {
  const configurations = new Set(settingPlaces.flatMap(({ file, source }) => (source === 'module' ? [file] : [])))
  for (const file of files.values()) {
    if (file.isTest || configurations.has(file) || !makesAnyApp(names, file)) continue
    for (const { targets, parent } of file.assigns) {
      const [target] = targets
      if (target?.kind !== 'name' || parent?.kind !== 'module' || targets.length > 1) continue
      const { id: setting } = target
      if (!settingLike.test(setting) || !settingNames.has(setting) || isMentioned(file, target)) continue
      if ([...files.values()].some((other) => other !== file && other.facts.text.includes(setting))) continue
      yield { messageId: 'bare', data: { setting, expected: `app.conf.${setting}` }, file, span: target }
    }
  }
}

/** Whether a file says a name anywhere else. */
const isMentioned = ({ facts: { text } }: ProjectFile, { id }: Name): boolean =>
  text.split(new RegExp(`\\b${id}\\b`)).length > 2

/** Whether some of Django's settings are read without a namespace, and would not be under that of `CELERY`. */
const needsNoNamespace = ({ settings }: CeleryProject): boolean =>
  settings.some(
    ({ source, key, written }) =>
      source === 'django' && settingNames.has(key) && written !== `CELERY_${key.toUpperCase()}`,
  )

/** Whether a switch is set to what it is anyway, so that nothing is lost. */
const isDefault = (key: string, { value }: SettingPlace): boolean =>
  value.kind === 'constant' && switchDefaults.get(key) === value.value

/** Whether what is meant is set as well: beside it, or elsewhere to the same value. */
function isSetToo(project: CeleryProject, { file, value }: SettingPlace, key: string): boolean {
  const text = file.textOf(value)
  return project.settingsFor(key).some((other) => other.file === file || other.file.textOf(other.value) === text)
}

function rename({ at }: SettingPlace, expected: string): Fix {
  const edit = { span: { start: at.start, end: at.end }, replacement: expected }
  return { title: `Rename it to \`${expected}\``, applicability: 'safe', edits: [edit] }
}
