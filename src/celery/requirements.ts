/**
 * Owns what the files of a project state about the versions of the packages that the vocabulary knows: requirements, lock
 * files and the metadata of a package. The text of one file in, plain data out; nothing is run.
 */
import { parse as parseToml } from 'smol-toml'

/** What one line says of a package. Bounds are versions such as `5.3.1`; an absent one is open. */
export interface Requirement {
  readonly package: Package
  readonly lowest?: string
  /** The highest version that is allowed, where it is known: that of a pin. */
  readonly highest?: string
  /** The version that all allowed ones are older than. */
  readonly below?: string
  /** One version only, as in a lock file. */
  readonly pinned: boolean
  /** The file that says so, where that is known. */
  readonly path?: string
}

const packages = ['celery', 'django', 'django-celery', 'django-celery-beat', 'kombu'] as const
export type Package = (typeof packages)[number]

/** What a file says about the packages; nothing where it cannot be read. */
export function requirementsIn(path: string, text: string): Requirement[] {
  return statedIn(path, text).map((one) => (one.package === 'django-celery' ? forDjangoCelery : one))
}

/** It imports what Celery 4 took away, and its early releases state no bound. */
const forDjangoCelery: Requirement = { package: 'celery', below: '4', pinned: false }

function statedIn(path: string, text: string): Requirement[] {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (name === 'Pipfile.lock') return lockedByPipenv(text)
  if (/^(poetry|pdm|uv)\.lock$/.test(name)) return lockedByBlocks(text)
  if (name === 'setup.py')
    return [...text.matchAll(/"[^"\n]*"|'[^'\n]*'/g)].flatMap(([quoted]) => requirementOf(quoted) ?? [])
  if (name === 'pyproject.toml' || name === 'Pipfile') return declaredInToml(text)
  return text.split(/\r?\n/).flatMap((line) => requirementOf(line) ?? [])
}

/** `[[package]]`, `name = "celery"`, `version = "5.6.3"`: tools write it in this form only. */
function lockedByBlocks(text: string): Requirement[] {
  const blocks = text.matchAll(/^\[\[package\]\]\r?\nname = "([\w.-]+)"\r?\nversion = "([^"]+)"/gm)
  return [...blocks].flatMap(([, name, version]) => pin(name!, version!))
}

function lockedByPipenv(text: string): Requirement[] {
  const locked = attempt(() => JSON.parse(text) as unknown)
  return Object.values(tableOf(locked)).flatMap((section) =>
    Object.entries(tableOf(section)).flatMap(([name, entry]) => {
      const { version } = tableOf(entry)
      return typeof version === 'string' ? pin(name, version.replace(/^==/, '')) : []
    }),
  )
}

function pin(name: string, version: string): Requirement[] {
  const known = packageOf(name)
  return known && isVersion(version) ? [{ package: known, lowest: version, highest: version, pinned: true }] : []
}

/** PEP 621 lists and groups, and the tables of Poetry and Pipenv. */
function declaredInToml(text: string): Requirement[] {
  const found: Requirement[] = []
  const visit = (value: unknown, depth: number) => {
    if (depth > 6) return
    if (Array.isArray(value)) {
      for (const one of value) if (typeof one === 'string') found.push(...(requirementOf(one) ?? []))
    } else {
      for (const [key, inner] of Object.entries(tableOf(value))) {
        const known = packageOf(key)
        const version = typeof inner === 'string' ? inner : tableOf(inner).version
        if (known && typeof version === 'string') found.push({ package: known, ...boundsOf(version) })
        else visit(inner, depth + 1)
      }
    }
  }
  const parsed = tableOf(attempt(() => parseToml(text) as unknown))
  const { project, tool, 'dependency-groups': groups, packages: pipenv, 'dev-packages': development } = parsed
  const { dependencies, 'optional-dependencies': optional } = tableOf(project)
  const { poetry, uv } = tableOf(tool)
  const { dependencies: own, 'dev-dependencies': dev, group } = tableOf(poetry)
  for (const place of [
    dependencies,
    optional,
    groups,
    pipenv,
    development,
    own,
    dev,
    group,
    tableOf(uv)['dev-dependencies'],
  ])
    visit(place, 0)
  return found
}

const tableOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** A line such as `celery[redis]>=5.3,<6 ; python_version > "3.8"  # comment`; also `celery (>=5.3)`. */
function requirementOf(line: string): Requirement[] | undefined {
  const match = /^\s*["']?([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;#"']*)/.exec(line)
  const known = match && packageOf(match[1]!)
  if (!known) return undefined
  const stated = match[2]!.trim().replace(/^\((.*)\)$/, '$1')
  // What stands behind the name of another thing, such as `celery = …` in a section of setup.cfg, is no requirement.
  if (!/^($|[<>=!~^@]|\\)/.test(stated) || /^=[^=]/.test(stated)) return undefined
  return [{ package: known, ...boundsOf(stated) }]
}

function packageOf(name: string): Package | undefined {
  const normal = name.toLowerCase().replace(/[._-]+/g, '-')
  return packages.find((one) => one === normal)
}

/** The bounds that PEP 440, Poetry or Pipenv state: `>=5.3,<6`, `~=5.3`, `^5.2`, `==5.4.*`, `5.3.1`, `*`. */
function boundsOf(stated: string): Pick<Requirement, 'lowest' | 'highest' | 'below' | 'pinned'> {
  let lowest: string | undefined
  let below: string | undefined
  for (const clause of stated
    .replace(/\s*\\\s*$/, '')
    .split(/[,\s]*--hash/)[0]!
    .split(',')) {
    const match = /^\s*(===?|>=?|<|~=?|\^|)\s*v?(\d[\w.]*?)(\.\*)?\s*$/.exec(clause)
    if (!match) continue
    const [, operator, version, wildcard] = match
    if (!isVersion(version!)) continue
    if (/^(==|===|)$/.test(operator!) && !wildcard) return { lowest: version, highest: version, pinned: true }
    below = olderOf(below, operator === '<' ? version : nextAfter(operator!, version!))
    if (operator === '<') continue
    if (lowest === undefined || compareVersions(version!, lowest) > 0) lowest = version
  }
  return { lowest, below, pinned: false }
}

const olderOf = (a: string | undefined, b: string | undefined) =>
  a && b ? (compareVersions(a, b) <= 0 ? a : b) : (a ?? b)

/** The first version that an operator leaves out: `~=4.3.1` ends before 4.4, `^4.3` before 5, `~4.3` and `==4.3.*` before 4.4. */
function nextAfter(operator: string, version: string): string | undefined {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const kept = { '~=': parts.length - 1, '~': Math.min(2, parts.length), '^': 1, '==': parts.length, '': parts.length }[
    operator
  ]
  if (!kept) return undefined
  return [...parts.slice(0, kept - 1), parts[kept - 1]! + 1].join('.')
}

const isVersion = (text: string) => /^\d+\w*(\.\w+)*$/.test(text)

/** Negative when the first version is older; letters behind the numbers do not count. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const right = b.split('.').map((part) => Number.parseInt(part, 10) || 0)
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
