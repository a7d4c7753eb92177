/**
 * Owns the source roots that only imports tell: packages that `sys.path`, `PYTHONPATH` or a container puts on Python's path
 * themselves, so that what they hold is imported as if it lay at the top, such as `accounts.models` in `apps/accounts`.
 */
import { grouped } from '../core/grouped.ts'
import type { FileFacts } from './facts.ts'
import { directoryOf, joined } from './modules.ts'

/** So many members of a package, imported by so many files, are no coincidence of names. */
const MIN_MEMBERS = 2
const MIN_FILES = 3

/** Who imports from a package, as from a root or by its own name. */
interface Evidence {
  readonly members: Set<string>
  readonly asRoot: Set<string>
  readonly byName: Set<string>
}

/**
 * The packages from which more files import as from a root than by the package's own name.
 * @param paths every path of the project
 * @param facts the facts of the files whose imports count
 */
export function findImportRoots(paths: readonly string[], facts: ReadonlyMap<string, FileFacts>): string[] {
  const all = new Set(paths)
  const isModule = (path: string) => all.has(`${path}.py`) || all.has(`${path}/__init__.py`)
  const holders = holdersByMember(paths)
  const none = (): Evidence => ({ members: new Set(), asRoot: new Set(), byName: new Set() })
  const found = new Map([...holders.values()].flat().map((root) => [root, none()]))
  for (const [path, one] of facts) {
    for (const module of modulesImported(one)) {
      const parts = module.split('.')
      for (const [index, part] of parts.entries()) {
        for (const root of holders.get(part) ?? []) {
          const evidence = found.get(root)!
          if (index > 0 && parts[index - 1] === nameOf(root)) evidence.byName.add(path)
          if (index > 0 || parts.length < 2 || !isModule(joined(root, parts.join('/')))) continue
          evidence.members.add(part)
          evidence.asRoot.add(path)
        }
      }
    }
  }
  return [...found].flatMap(([root, { members, asRoot, byName }]) =>
    members.size >= MIN_MEMBERS && asRoot.size >= MIN_FILES && asRoot.size > byName.size ? root : [],
  )
}

/** By the name of a package, the packages that it lies in; none for a name that is imported from an ordinary root, too. */
function holdersByMember(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const packages = new Set(paths.flatMap((path) => (path.endsWith('/__init__.py') ? path.slice(0, -12) : [])))
  const atTop = new Set([...packages].filter((member) => !packages.has(directoryOf(member))).map(nameOf))
  return grouped(
    [...packages].flatMap((member): [string, string][] =>
      packages.has(directoryOf(member)) && !atTop.has(nameOf(member)) ? [[nameOf(member), directoryOf(member)]] : [],
    ),
  )
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

const known = new WeakMap<FileFacts, readonly string[]>()

/** The modules that a file imports by their absolute names, at its top level. */
function modulesImported(facts: FileFacts): readonly string[] {
  let modules = known.get(facts)
  if (!modules) {
    modules = facts.module.body.flatMap((statement) => {
      if (statement.kind === 'import') return statement.names.map(({ name }) => name)
      return statement.kind === 'import-from' && statement.level === 0 ? statement.module : []
    })
    known.set(facts, modules)
  }
  return modules
}
