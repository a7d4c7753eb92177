/** Owns whether Django wraps each request of a project in a transaction. */
import type { Expr } from '../python/syntax.ts'
import { descendants } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

const known = new WeakMap<CeleryProject, boolean>()

/** Whether any settings module sets `ATOMIC_REQUESTS` for a database. As a setting of its own it has no effect. */
export function hasAtomicRequests(project: CeleryProject): boolean {
  let answer = known.get(project)
  if (answer === undefined) {
    const settings = new Set(project.settingPlaces.flatMap(({ file, source }) => (source === 'django' ? [file] : [])))
    answer = [...settings].some(asksForThem)
    known.set(project, answer)
  }
  return answer
}

const NAME = 'ATOMIC_REQUESTS'

function asksForThem(file: ProjectFile): boolean {
  if (!file.facts.text.includes(NAME)) return false
  for (const node of descendants(file.facts.module)) {
    if (node.kind === 'entry' && isName(node.key) && isTruthy(node.value)) return true
    if (node.kind === 'argument' && node.name === NAME && isTruthy(node.value)) return true
    if (node.kind !== 'assign' || !node.value || !isTruthy(node.value)) continue
    if (node.targets.some((target) => target.kind === 'subscript' && isName(target.index[0]))) return true
  }
  return false
}

const isName = (expr: Expr | undefined): boolean => expr?.kind === 'string' && expr.value === NAME

/** What is computed counts as true, unless it comes from the environment with a default that says otherwise. */
const isTruthy = (value: Expr): boolean => {
  if (value.kind === 'constant') return value.value === true
  if (value.kind !== 'call') return true
  const fallback = value.args.find((arg) => arg.name === 'default')?.value ?? value.args[1]?.value
  return !fallback || isTruthy(fallback)
}
