/** Owns whether Django wraps each request of a project in a transaction. */
import type { Span } from '../core/text.ts'
import type { Expr } from '../python/syntax.ts'
import { descendants } from '../python/walk.ts'
import type { Derivation } from './derived.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

/** Where `ATOMIC_REQUESTS` is switched on. */
export interface AtomicRequests {
  readonly file: ProjectFile
  readonly span: Span
}

/** Where a settings module sets `ATOMIC_REQUESTS` for a database, the first of them. As a setting of its own it has no effect. */
export const atomicRequests = (project: CeleryProject): AtomicRequests | undefined => project.derived.of(switchedOn)

const switchedOn: Derivation<CeleryProject, AtomicRequests | undefined> = {
  find: ({ settingPlaces }) => {
    const settings = new Set(settingPlaces.flatMap(({ file, source }) => (source === 'django' ? [file] : [])))
    return [...settings].flatMap((file) => switchIn(file) ?? [])[0]
  },
  parts: (found) => [found?.span],
}

/** Whether Django wraps requests in transactions. */
export const hasAtomicRequests = (project: CeleryProject): boolean => atomicRequests(project) !== undefined

const NAME = 'ATOMIC_REQUESTS'

function switchIn(file: ProjectFile): AtomicRequests | undefined {
  if (!file.mentions(NAME)) return undefined
  for (const node of descendants(file.facts.module)) {
    if (node.kind === 'entry' && isName(node.key) && isTruthy(node.value)) return { file, span: node }
    if (node.kind === 'argument' && node.name === NAME && isTruthy(node.value)) return { file, span: node }
    if (node.kind !== 'assign' || !node.value || !isTruthy(node.value)) continue
    if (node.targets.some((target) => target.kind === 'subscript' && isName(target.index[0])))
      return { file, span: node }
  }
  return undefined
}

const isName = (expr: Expr | undefined): boolean => expr?.kind === 'string' && expr.value === NAME

/** What is computed counts as true, unless it comes from the environment with a default that says otherwise. */
const isTruthy = (value: Expr): boolean => {
  if (value.kind === 'constant') return value.value === true
  if (value.kind !== 'call') return true
  const fallback = value.args.find((arg) => arg.name === 'default')?.value ?? value.args[1]?.value
  return !fallback || isTruthy(fallback)
}
