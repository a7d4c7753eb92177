/**
 * Owns which modules with tasks a worker does not come to load. A worker loads what `autodiscover_tasks` and `include` name, and,
 * in a Django project, the models, the application configurations and, for Django's checks, the URLs; with each, all that it
 * imports. Source: `DjangoWorkerFixup.validate_models` in celery/fixups/django.py; tried with Celery 5.2 and 5.6.
 */
import type { Call } from '../python/syntax.ts'
import { descendants, enclosingFunction } from '../python/walk.ts'
import { makesAnyApp } from './apps.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

export interface Discovery {
  /** The last names of the modules that are loaded by themselves. */
  readonly names: ReadonlySet<string>
  /** The files with tasks that nothing loads. */
  readonly lost: readonly ProjectFile[]
}

/** What autodiscovery misses; undefined where there is none, or where it cannot be seen what it looks for. */
export function discovery(project: CeleryProject): Discovery | undefined {
  const names = discoveredNames(project)
  if (!names) return undefined
  const hasTasks = new Set(project.tasks.filter(({ decorator }) => decorator).map(({ file }) => file))
  const waiting = new Set([...hasTasks].filter((file) => !loadsItself(project, file, names)))
  const loaders = [...project.files.values()].filter((file) => !isRunByHand(file))
  // What a module loads that is not loaded itself does not count; which of them are shows step by step.
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size
    for (const file of waiting) {
      if (loaders.some((other) => !waiting.has(other) && loads(project, other, file))) waiting.delete(file)
    }
  }
  return { names, lost: [...waiting] }
}

/**
 * Asks for the files beside the lost ones that may load them after all: they need not say anything of Celery. The names that
 * lead to them count as unparsed.
 */
export function seekLoaders(project: CeleryProject): void {
  for (const { module, path } of discovery(project)?.lost ?? []) {
    const packages = module.split('.').slice(0, -1)
    for (let depth = packages.length; depth > 0; depth--) {
      const parent = packages.slice(0, depth).join('.')
      // Only what is looked for in a file has it parsed.
      for (const name of ['', '.apps', '.models', '.signals', '.urls', '.views', '.admin', '.tasks'])
        project.names.lookup(`${parent}${name}.ready`, project.files.get(path)!)
    }
  }
}

function discoveredNames(project: CeleryProject): ReadonlySet<string> | undefined {
  const calls = [...project.files.values()].flatMap((file) => (file.isTest ? [] : discoveries(project, file)))
  if (calls.length === 0) return undefined
  const names = new Set<string>()
  for (const { args } of calls) {
    const given = args.find(({ name }) => name === 'related_name') ?? args.filter(({ name }) => !name)[1]
    if (args.some(({ unpack }) => unpack) || (given && given.value.kind !== 'string')) return undefined
    names.add(given?.value.kind === 'string' ? given.value.value : 'tasks')
  }
  return names
}

const discoveries = (project: CeleryProject, file: ProjectFile): Call[] =>
  file.methodCalls('autodiscover_tasks').filter(({ callee }) => project.isApp(file, callee.value))

/** What only a person or a test starts. */
const isRunByHand = ({ path, isTest, isMigration }: ProjectFile): boolean =>
  isTest || isMigration || /(^|\/)(management\/commands|scripts?|bin)\//.test(path)

/** Whether a file needs no other to load it: by its name, as a package of others, or because it makes the application. */
function loadsItself(project: CeleryProject, file: ProjectFile, names: ReadonlySet<string>): boolean {
  const segments = file.module.split('.')
  if (isRunByHand(file) || file.isPackage || names.has(segments.at(-1)!)) return true
  return makesAnyApp(project.names, file)
}

/** Whether loading a file loads another: it imports it at once, names it in a string, or imports what it finds. */
function loads(project: CeleryProject, from: ProjectFile, { module, path }: ProjectFile): boolean {
  const isIt = (name: string) => name === module || project.modules.find(name, from.path) === path
  const isAbove = module.startsWith(`${from.module.replace(/\.[^.]*$/, '')}.`) || from.module === ''
  const { text } = from.facts
  if (isAbove && /\b(import_module|__import__|iter_modules|walk_packages|autodiscover_modules|glob)\b/.test(text))
    return true
  if (!text.includes(module.slice(module.lastIndexOf('.') + 1))) return false
  for (const node of descendants(from.facts.module)) {
    if (node.kind === 'string' && node.value.startsWith(module)) {
      const rest = node.value.slice(module.length)
      if (rest === '' || rest.startsWith(':')) return true
    }
    if (node.kind !== 'import' && node.kind !== 'import-from') continue
    const around = enclosingFunction(node)
    if (around && around.name !== 'ready') continue
    // `import shop.tasks.mail` loads `shop.tasks` on its way.
    const leadsThrough = (name: string) => node.kind === 'import' && name.startsWith(`${module}.`)
    if (from.namesImported(node).some((name) => isIt(name) || leadsThrough(name))) return true
  }
  return false
}
