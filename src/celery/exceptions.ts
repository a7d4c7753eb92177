/** Owns whether an expression is an exception, or a class of them. Silent when not sure. */
import { scopeOf } from '../python/scopes.ts'
import type { Expr } from '../python/syntax.ts'
import { ancestors } from '../python/walk.ts'
import { lineage } from './classes.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

const builtinException = /^builtins\.(\w+(Error|Exception|Exit|Interrupt|Warning)|Exception|StopIteration)$/
const namedException = /(^|\.)(?=[A-Z])\w*(Error|Exception|Timeout|DoesNotExist|Failure)$/

/** Whether an expression is an instance of an exception: a name that a handler around it has bound, or one made here. */
export function isException(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  if (expr.kind === 'call') return isExceptionClass(project, file, expr.callee)
  if (expr.kind !== 'name') return false
  const bindings = scopeOf(expr.id, file.scopeAt(expr))?.bindings.get(expr.id) ?? []
  const around = [...ancestors(expr)]
  return (
    bindings.length > 0 &&
    bindings.every(({ kind }) => kind === 'except') &&
    bindings.some(({ at }) => around.includes(at))
  )
}

/** Whether an expression is a class of exceptions: Python's own, one that derives from them, or one that is called so elsewhere. */
export function isExceptionClass(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  const referent = project.resolve(file, expr)
  if (referent?.kind === 'external')
    return referent.name.startsWith('builtins.')
      ? builtinException.test(referent.name)
      : namedException.test(referent.name)
  if (referent?.kind !== 'class') return false
  return lineage(project.names, referent).external.some(
    (name) => builtinException.test(name) || namedException.test(name),
  )
}
