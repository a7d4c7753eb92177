/** Owns what a decorator of the project leaves under the name that it decorates: the function itself, or one that wraps it. */
import type { Decorator, Expr, FunctionDef } from '../python/syntax.ts'
import { descendants, executed } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

/** The function that a decorator puts in place of the decorated one. */
export interface Replacement {
  readonly file: ProjectFile
  /** The decorator's own function, and the one in it that is returned. */
  readonly decorator: FunctionDef
  readonly wrapper: FunctionDef
  /** `yes` with `functools.wraps` alone, `no` without a trace of it; `unknown` where something else may see to it. */
  readonly keepsName: 'yes' | 'no' | 'unknown'
}

/** The function that takes the place of what `@decorator` decorates; undefined when there is none, or it cannot be seen. */
export function replacementOf(
  project: CeleryProject,
  file: ProjectFile,
  { expression }: Decorator,
): Replacement | undefined {
  const called = expression.kind === 'call' ? expression.callee : expression
  const named = project.resolve(file, called)
  if (named?.kind !== 'function' || named.node.decorators.length > 0 || named.node.async) return undefined
  const decorator = expression.kind === 'call' ? returnedFunction(named.node) : named.node
  if (!decorator || decorator.decorators.length > 0 || decorator.async) return undefined
  const wrapper = returnedFunction(decorator)
  const [first] = decorator.parameters
  if (!wrapper || !first || !uses(wrapper.body, first.name)) return undefined
  return { file: named.file, decorator, wrapper, keepsName: keepsName(project, named.file, decorator, wrapper) }
}

/** The inner function that a function returns, whichever way it ends. */
function returnedFunction({ body }: FunctionDef): FunctionDef | undefined {
  let returned: FunctionDef | undefined
  for (const node of executed(body)) {
    if (node.kind === 'yield') return undefined
    if (node.kind !== 'return') continue
    const { value } = node
    const inner = value?.kind === 'name' ? definedIn(body, value.id) : undefined
    if (!inner || (returned && returned !== inner)) return undefined
    returned = inner
  }
  return returned
}

/** The only function of a name that a block itself defines. */
function definedIn(body: FunctionDef['body'], name: string): FunctionDef | undefined {
  const [only, ...others] = body.filter((node) => node.kind === 'function' && node.name === name)
  return only?.kind === 'function' && others.length === 0 ? only : undefined
}

const uses = (body: FunctionDef['body'], name: string) =>
  body.some((statement) => [...descendants(statement)].some((node) => node.kind === 'name' && node.id === name))

function keepsName(
  project: CeleryProject,
  file: ProjectFile,
  decorator: FunctionDef,
  { name, decorators }: FunctionDef,
): Replacement['keepsName'] {
  const [first, ...others] = decorators
  if (first) {
    const wraps = first.expression.kind === 'call' ? first.expression.callee : first.expression
    return others.length === 0 && project.externalName(file, wraps) === 'functools.wraps' ? 'yes' : 'unknown'
  }
  // `wrapper.__name__ = …`, `update_wrapper(wrapper, function)` and the like.
  const isTouched = [...descendants(decorator)].some(
    (node) =>
      (node.kind === 'attribute' && isNamed(node.value, name)) ||
      (node.kind === 'argument' && isNamed(node.value, name)),
  )
  return isTouched ? 'unknown' : 'no'
}

const isNamed = (expr: Expr, name: string) => expr.kind === 'name' && expr.id === name

/** Whether a function takes whatever it is given, and so hands any arguments on. */
export const takesAnything = ({ parameters }: FunctionDef): boolean =>
  ['*', '**'].every((form) => parameters.some((parameter) => parameter.form === form)) && parameters.length === 2
