/** Owns the map from dotted module names to files: source roots, packages, and the choice among files of one name. */
import { moduleName } from '../python/imports.ts'
import type { ApplicationModule } from './apps.ts'

const rootMarkers = new Set(['manage.py', 'pyproject.toml', 'setup.py', 'setup.cfg'])

export const directoryOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
export const joined = (directory: string, name: string) => (directory === '' ? name : `${directory}/${name}`)

/** The length of what two paths' directories have in common. */
function kinship(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  let shared = 0
  while (shared < left.length - 1 && shared < right.length - 1 && left[shared] === right[shared]) shared++
  return shared
}

/** What decides which file a dotted name means. */
interface ModuleSources {
  /** Every path of the project. */
  readonly paths: readonly string[]
  /** Source roots that configuration or imports add, packages or not. */
  readonly roots?: readonly string[]
  /** Modules that make an application of Celery. */
  readonly applications?: readonly ApplicationModule[]
}

export class Modules {
  readonly #sources: ModuleSources
  readonly #byName = new Map<string, string[]>()
  /** Paths by their last path segments, for imports whose source root is not one that was recognised. */
  readonly #byLastName = new Map<string, string[]>()
  readonly #nameByPath = new Map<string, string>()
  readonly #candidates = new Map<string, readonly string[]>()
  readonly #paths: ReadonlySet<string>
  readonly #rootByPath = new Map<string, string>()

  /** The modules of a project: those of another state of it where they are the same. */
  static of(sources: ModuleSources, like?: Modules): Modules {
    return like && areSame(like.#sources, sources) ? like : new Modules(sources)
  }

  private constructor(sources: ModuleSources) {
    this.#sources = sources
    const { paths, roots: extraRoots = [], applications = [] } = sources
    const all = new Set(paths)
    this.#paths = all
    const roots = new Set(['', ...extraRoots])
    const directories = new Set<string>()
    for (const path of paths) {
      const directory = directoryOf(path)
      directories.add(directory)
      if (rootMarkers.has(path.slice(directory === '' ? 0 : directory.length + 1))) roots.add(directory)
    }
    for (const root of [...roots]) {
      const src = joined(root, 'src')
      if ([...directories].some((directory) => directory === src || directory.startsWith(`${src}/`))) roots.add(src)
    }
    for (const root of roots) {
      // A directory that is itself a package is imported from above it.
      if (root !== '' && !extraRoots.includes(root) && all.has(joined(root, '__init__.py'))) roots.delete(root)
    }
    for (const path of paths) if (/(^|\/)celery(_?app)?\.py$/.test(path)) this.#addRootAbove(path, roots)
    for (const { path, imports } of applications) {
      this.#addRootAbove(path, roots)
      const directory = directoryOf(path)
      const isBeside = (name: string) =>
        all.has(joined(directory, `${name}.py`)) || all.has(joined(directory, `${name}/__init__.py`))
      // A worker that is started in its own directory imports what lies beside it; a `celery.py` there would hide Celery.
      const isStartedHere = [...imports].some(isBeside) && !isBeside('celery')
      if (isStartedHere && !all.has(joined(directory, '__init__.py'))) roots.add(directory)
    }
    for (const path of paths) {
      if (!path.endsWith('.py')) continue
      let root = directoryOf(path)
      while (!roots.has(root)) root = directoryOf(root)
      this.#rootByPath.set(path, root)
      const name = moduleName(path, root)
      this.#nameByPath.set(path, name)
      push(this.#byName, name, path)
      push(this.#byLastName, name.slice(name.lastIndexOf('.') + 1), path)
    }
  }

  /** The dotted name of a Python file of the project. */
  nameOf(path: string): string {
    return this.#nameByPath.get(path) ?? moduleName(path, '')
  }

  /** The directory from which a Python file of the project is imported: what two services of one repository differ in. */
  rootOf(path: string): string {
    return this.#rootByPath.get(path) ?? ''
  }

  /** The file that `module` means to an importing file, or undefined when there is none or the choice is a guess. */
  find(module: string, from: string): string | undefined {
    return nearest(this.candidates(module), from)
  }

  /** Every file that `module` can mean: more than one where source roots hold modules of the same name. */
  candidates(module: string): readonly string[] {
    const known = this.#candidates.get(module)
    if (known) return known
    const candidates = this.#byName.get(module) ?? this.#withSuffix(module)
    this.#candidates.set(module, candidates)
    return candidates
  }

  /** Files that `module` names from some directory that is not a package itself, and so can be a source root. */
  #withSuffix(module: string): string[] {
    if (!module.includes('.')) return []
    const below = module.replaceAll('.', '/')
    const candidates = this.#byLastName.get(module.slice(module.lastIndexOf('.') + 1)) ?? []
    return candidates.filter((path) => {
      const location = path.replace(/(\/__init__)?\.py$/, '')
      if (location !== below && !location.endsWith(`/${below}`)) return false
      const root = location.slice(0, -below.length - 1)
      // Python finds modules beside the script that it runs, also where that lies in a package.
      return !this.#paths.has(joined(root, '__init__.py')) || this.#paths.has(joined(root, 'manage.py'))
    })
  }

  /** The package that holds the application of a service is imported from the first directory that is no package. */
  #addRootAbove(path: string, roots: Set<string>): void {
    let root = directoryOf(path)
    if (!this.#paths.has(joined(root, '__init__.py'))) return
    while (root !== '' && this.#paths.has(joined(root, '__init__.py'))) root = directoryOf(root)
    roots.add(root)
  }
}

const areSame = (one: ModuleSources, other: ModuleSources): boolean =>
  areEqual(one.paths, other.paths) &&
  areEqual(one.roots ?? [], other.roots ?? []) &&
  areEqual(keysOf(one), keysOf(other))

const areEqual = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, index) => text === other[index])

const keysOf = ({ applications = [] }: ModuleSources): string[] =>
  applications.map(({ path, imports }) => [path, ...[...imports].sort()].join('\n'))

function nearest(paths: readonly string[], from: string): string | undefined {
  if (paths.length < 2) return paths[0]
  const ranked = paths.map((path) => ({ path, kin: kinship(path, from) })).sort((a, b) => b.kin - a.kin)
  return ranked[0]!.kin > ranked[1]!.kin ? ranked[0]!.path : undefined
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}
