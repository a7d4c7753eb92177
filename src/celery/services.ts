/**
 * Owns which parts of a repository are services: code that runs on its own, with a Celery application or a Django project
 * that is no other's. What a service's files then mean is left to `project.ts`.
 */
import { descendants, enclosingFunction } from '../python/walk.ts'
import { makesApp } from './apps.ts'
import { joined } from './modules.ts'
import type { Names } from './names.ts'
import type { ProjectFile } from './project-file.ts'
import { pathKind } from './relevance.ts'

/** The directories of one service: that of its application, and that of a Django project which the application runs. */
export type ServiceDirectories = readonly string[]

/** Part of a repository, with what it imports and what is nobody's. */
export interface Service {
  readonly files: ReadonlyMap<string, ProjectFile>
  /** Whether a path is its own, or nobody's. */
  readonly mayHold: (path: string) => boolean
  /** The other services, by their index, that it imports something of. */
  readonly leadsTo: ReadonlySet<number>
}

/**
 * Where the services of a repository lie; none when all of it is one. Applications of one root are told apart by package,
 * where none of these leads to another.
 */
export function findServices(names: Names, paths: readonly string[]): ServiceDirectories[] {
  const { modules, files } = names
  const apps = [...files.values()].filter((file) => !file.isTest && !file.isMigration && definesApp(names, file))
  const services = new Set<string>()
  for (const root of new Set(apps.map(({ path }) => modules.rootOf(path)))) {
    const packages = new Set(apps.flatMap(({ path }) => (modules.rootOf(path) === root ? [packageOf(path, root)] : [])))
    for (const directory of areApart([...packages], names) ? packages : [root]) services.add(directory)
  }
  const isApart = (directory: string) => [...services].every((one) => !isIn(one, directory) && !isIn(directory, one))
  const isManager = (path: string) => /(^|\/)manage\.py$/.test(path) && pathKind(path) !== 'test'
  const projects = [...new Set(paths.filter(isManager).map((path) => modules.rootOf(path)))].filter(isApart)
  if (services.size + projects.length < 2) return []
  const found = [...services].map((directory) => [directory])
  const all = servicesIn([...services, ...projects], names)
  for (const [index, directory] of projects.entries()) {
    const runs = found.slice(0, services.size).filter((_, service) => all[service]!.leadsTo.has(services.size + index))
    const [only, ...others] = runs
    // What several applications run is nobody's own.
    if (only && others.length === 0) only.push(directory)
    else if (!only) found.push([directory])
  }
  return found.length > 1 ? found : []
}

/** The services below these directories, in their order. */
export function servicesOf(directories: readonly ServiceDirectories[], names: Names): Service[] {
  const places = directories
    .flatMap((own, service) => own.map((directory) => ({ directory, service })))
    .sort((a, b) => b.directory.length - a.directory.length)
  const ownerOf = (path: string) => places.find(({ directory }) => isIn(path, directory))?.service
  return directories.map((_, service) => {
    const mayHold = (path: string) => [service, undefined].includes(ownerOf(path))
    const own = [...names.files.values()].filter(({ path }) => ownerOf(path) === service)
    const imported = importedBy(own, names)
    const files = [...names.files].filter(([path, file]) => mayHold(path) || imported.has(file))
    const owners = new Set([...imported].flatMap(({ path }) => ownerOf(path) ?? []))
    owners.delete(service)
    return { files: new Map(files), mayHold, leadsTo: owners }
  })
}

const isIn = (path: string, directory: string) =>
  directory === '' || path === directory || path.startsWith(`${directory}/`)

/** Whether a module makes an application when it is imported, and not only when a function of it is called. */
const definesApp = (names: Names, file: ProjectFile): boolean =>
  file.mentionsCelery && file.calls.some((call) => !enclosingFunction(call) && makesApp(names, file, call))

/** Whether there are several packages, and none leads to another. */
const areApart = (packages: readonly string[], names: Names): boolean =>
  packages.length > 1 && servicesIn(packages, names).every(({ leadsTo }) => leadsTo.size === 0)

const servicesIn = (directories: readonly string[], names: Names): Service[] =>
  servicesOf(
    directories.map((directory) => [directory]),
    names,
  )

/** The directory right below a source root that holds a path; the root itself for its own modules. */
function packageOf(path: string, root: string): string {
  const below = root === '' ? path : path.slice(root.length + 1)
  return below.includes('/') ? joined(root, below.slice(0, below.indexOf('/'))) : root
}

/** All files that files of a service lead to, by import statements or by the dotted names of modules that they give. */
function importedBy(own: readonly ProjectFile[], names: Names): ReadonlySet<ProjectFile> {
  const found = new Set<ProjectFile>(own.filter(({ isTest }) => !isTest))
  for (const file of found) {
    for (const module of modulesNamedIn(file)) {
      const path = names.modules.find(module, file.path)
      const led = path === undefined ? undefined : names.files.get(path)
      if (led && !led.isTest) found.add(led)
    }
  }
  return found
}

function* modulesNamedIn(file: ProjectFile): Generator<string> {
  for (const node of file.imports) yield* file.namesImported(node)
  for (const node of descendants(file.facts.module)) {
    if (node.kind === 'string' && /^\w+(\.\w+)+$/.test(node.value)) yield node.value
  }
}
