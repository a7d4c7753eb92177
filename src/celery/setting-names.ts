/** Owns what the name of a Django setting means to Celery, and what it was meant to mean where it means nothing. */
import { ancestors } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'
import { settingUses } from './setting-uses.ts'
import type { Namespace, SettingPlace } from './settings.ts'
import { newNameOf, settingNames, settingReaders } from './vocabulary/settings.ts'

/**
 * The setting that a name in upper case means in either spelling, by its lower-case name. Old names that could be
 * anybody's, such as `S3_BUCKET`, are left out.
 */
export function meantKey(written: string): string | undefined {
  if (!/^(CELERY|CELERYD|CELERYBEAT|BROKER)_/.test(written)) return undefined
  const modern = written.replace(/^CELERY_/, '').toLowerCase()
  return settingNames.has(modern) && written.startsWith('CELERY_') ? modern : newNameOf(written)
}

const djangoNames = new Set(['INSTALLED_APPS', 'MIDDLEWARE', 'ROOT_URLCONF', 'DATABASES', 'SECRET_KEY'])
const directoryOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)

/** The directory of the `manage.py` that a file lies below, which stands for a Django project. */
function djangoProject({ paths }: CeleryProject, path: string): string | undefined {
  const managers = paths.filter((one) => /(^|\/)manage\.py$/.test(one)).map(directoryOf)
  return managers.filter((directory) => path.startsWith(directory)).sort((a, b) => b.length - a.length)[0]
}

/** Whether a place belongs to the Django settings that the project's Celery reads, and not to another service's or a class of its own. */
export function isHandedToCelery(project: CeleryProject, namespace: Namespace, { at, file }: SettingPlace): boolean {
  for (const up of ancestors(at)) if (up.kind === 'class' && /celery/i.test(up.name)) return false
  const own = djangoProject(project, file.path)
  const configured = djangoProject(project, namespace.file.path)
  if (own !== undefined && configured !== undefined && own !== configured) return false
  if (file.path.split('/')[0] === namespace.file.path.split('/')[0] || !file.path.includes('/')) return true
  const directory = directoryOf(file.path)
  return project.settingPlaces.some(
    (place) =>
      place.source === 'django' && djangoNames.has(place.written) && directoryOf(place.file.path) === directory,
  )
}

/** Whether somebody besides Celery reads a setting: the project itself, or a Django package that it installs. */
export function isReadByOthers(project: CeleryProject, written: string): boolean {
  if (settingUses(project, written).has('read')) return true
  const reader = settingReaders.get(written)
  return reader !== undefined && project.mentions(reader)
}
