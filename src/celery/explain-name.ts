/** Owns saying in words why an expression leads nowhere: what the resolution of names saw, and where it stopped. */
import { absoluteModule } from '../python/imports.ts'
import { type Binding, scopeOf } from '../python/scopes.ts'
import type { Expr } from '../python/syntax.ts'
import { dottedName } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

/** Why nobody can tell what an expression refers to; undefined when that is known. Code stands in backticks. */
export function whyUnresolved(project: CeleryProject, file: ProjectFile, expr: Expr): string | undefined {
  const referent = project.resolve(file, expr)
  const text = `\`${dottedName(expr) ?? file.textOf(expr)}\``
  if (referent?.kind === 'external')
    return referent.name.startsWith('builtins.')
      ? `${text} is defined nowhere in this file`
      : `${text} is \`${referent.name}\`, which is not in the project, or not in a file of it that was analysed`
  if (referent?.kind === 'value' && referent.expr.kind !== 'name')
    return `${text} is the value of \`${short(referent.file.textOf(referent.expr))}\`, which is not followed`
  if (referent) return undefined
  if (expr.kind === 'attribute')
    return whyUnresolved(project, file, expr.value) ?? `${text} is defined nowhere that was analysed`
  if (expr.kind !== 'name') return `${text} is computed`
  const scope = scopeOf(expr.id, file.scopeAt(expr))
  const bindings = scope?.bindings.get(expr.id)
  if (!bindings) {
    const stars = file.moduleScope.stars.map(({ module, level }) =>
      absoluteModule(file.module, file.isPackage, module, level),
    )
    return `${text} can only come from \`from ${stars.join('`, `')} import *\`, where it was not found`
  }
  const [first] = bindings
  if (bindings.length > 1)
    return `${text} gets its value in more than one place: lines ${linesOf(file, bindings).join(', ')}`
  return `${text} ${howBound(first!)}`
}

const linesOf = (file: ProjectFile, bindings: readonly Binding[]) => [
  ...new Set(bindings.map(({ at }) => file.lines.lineAt(at.start))),
]

function howBound({ kind }: Binding): string {
  switch (kind) {
    case 'parameter':
      return 'is a parameter, and what callers pass is not followed'
    case 'import':
      return 'is imported from a module of the project that does not define it visibly'
    case 'loop':
      return 'runs over a loop'
    default:
      return 'gets a value that cannot be followed'
  }
}

const short = (text: string) => {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
