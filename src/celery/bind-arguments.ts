/** Owns matching the arguments of a call with the parameters of a task, as Python does when it calls a function. */

import type { Span } from '../core/text.ts'
import type { Expr, Parameter } from '../python/syntax.ts'
import { enclosingClass } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'
import { hasForeignBase, taskMethod } from './task-bases.ts'
import type { Task } from './tasks.ts'

/** The first thing that keeps arguments from fitting, with the argument that is at fault. */
export type Mismatch =
  | { readonly kind: 'surplus'; readonly at: Span; readonly accepted: number }
  | { readonly kind: 'unknown' | 'twice'; readonly at: Span; readonly name: string }
  | { readonly kind: 'missing'; readonly names: readonly string[] }

/**
 * What keeps arguments from fitting parameters; undefined when they fit.
 * @param partial whether more arguments may follow, so that none is missing yet
 */
export function mismatchOf(
  parameters: readonly Parameter[],
  positional: readonly Expr[],
  keywords: ReadonlyMap<string, Expr>,
  partial: boolean,
): Mismatch | undefined {
  const places = parameters.filter(({ form }) => form === 'positional' || form === 'positional-only')
  const collects = (form: '*' | '**') => parameters.some((parameter) => parameter.form === form)
  const surplus = positional[places.length]
  if (surplus && !collects('*')) return { kind: 'surplus', at: surplus, accepted: places.length }
  const filled = new Set(places.slice(0, positional.length))
  for (const [name, at] of keywords) {
    const parameter = parameters.find((one) => one.name === name && /^(positional|keyword-only)$/.test(one.form))
    if (!parameter && !collects('**')) return { kind: 'unknown', at: asGiven(at), name }
    if (parameter && filled.has(parameter)) return { kind: 'twice', at: asGiven(at), name }
    if (parameter) filled.add(parameter)
  }
  if (partial) return undefined
  const names = parameters.flatMap((parameter) =>
    filled.has(parameter) || parameter.default || parameter.form.startsWith('*') ? [] : [parameter.name],
  )
  return names.length > 0 ? { kind: 'missing', names } : undefined
}

/** A value with the keyword before it, where it is passed as one. */
const asGiven = (value: Expr): Span => (value.parent?.kind === 'argument' ? value.parent : value)

/** Methods of a task that see its arguments before its function does. */
const argumentMethods = ['apply_async', 'apply', 'delay', 'signature', 'subtask', 's', 'si', '__call__']

/** Whether what can be passed to a task is just what its parameters say: nothing in between changes or hides it. */
export function hasPlainSignature(project: CeleryProject, task: Task): boolean {
  const { node, run, decorator, inner, bound, wrapper } = task
  if (bound === undefined || wrapper || inner.length > 0 || hasForeignBase(project, task)) return false
  if (taskMethod(project, task, argumentMethods)) return false
  if (node.kind === 'class') return run.parent === node
  const typing = project.taskOption(task, 'typing').value
  const isTyped = typing === undefined || (typing.kind === 'constant' && typing.value === true)
  return isTyped && !task.optionsOpen && node.decorators[0] === decorator && !enclosingClass(node)
}

/** A task as its callers see it: `resize(image_id, width=640)`. */
export function signatureText({ file, node, parameters }: Task): string {
  const written = parameters.map((parameter) => file.textOf(parameter))
  const keywordOnly = parameters.findIndex(({ form }) => form === 'keyword-only')
  if (keywordOnly >= 0 && parameters[keywordOnly - 1]?.form !== '*') written.splice(keywordOnly, 0, '*')
  return `${node.name}(${written.join(', ')})`
}
