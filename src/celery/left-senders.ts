/** Owns the places that still send, by reference, what a change makes a plain function or takes away. */
import { scopeOf } from '../python/scopes.ts'
import type { Attribute, FunctionDef } from '../python/syntax.ts'
import { ancestors } from '../python/walk.ts'
import type { ProjectChange } from './change.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { isPassedOn } from './task-names.ts'
import type { Task } from './tasks.ts'
import { applyAsyncMethods, delayMethods, signatureMethods } from './vocabulary/methods.ts'

/** A method of a task, asked of something that is none any more. */
export interface LeftSender {
  readonly file: ProjectFile
  readonly method: Attribute
  /** The task that it was. */
  readonly task: Task
  /** The function that is still there; undefined when nothing of the name is. */
  readonly plain?: { readonly file: ProjectFile; readonly node: FunctionDef }
  /** What Python raises there. */
  readonly error: 'AttributeError' | 'ImportError'
}

const methods = new Set([...delayMethods, ...applyAsyncMethods, ...signatureMethods])

/** Every place outside tests that asks a function for a method which it had as a task before the change. */
export function* leftSenders(change: ProjectChange): Generator<LeftSender> {
  const { after } = change
  for (const file of after.files.values()) {
    if (file.isTest) continue
    for (const method of after.remember(file, 'methods of tasks', () => methodsIn(file))) {
      const left = formerTask(change, file, method)
      if (left && !isGiven(after, method.attr)) yield { file, method, ...left }
    }
  }
}

const methodsIn = ({ attributes }: ProjectFile): Attribute[] => attributes.filter(({ attr }) => methods.has(attr))

function formerTask(
  change: ProjectChange,
  file: ProjectFile,
  { value: receiver }: Attribute,
): Omit<LeftSender, 'file' | 'method'> | undefined {
  const { after } = change
  const referent = after.resolve(file, receiver)
  if (referent?.kind === 'function') {
    const { file: where, node } = referent
    // What a decorator made of it may well have the method.
    if (node.decorators.length > 0 || node.parent !== where.facts.module || isPassedOn(where, node.name))
      return undefined
    const task = taskBefore(change, where.module, node.name, change.previousPath(where.path))
    return task && { task, plain: { file: where, node }, error: 'AttributeError' }
  }
  if (receiver.kind === 'attribute') {
    const owner = after.resolve(file, receiver.value)
    if (owner?.kind !== 'module' || !lacks(after, owner.file, receiver.attr)) return undefined
    const task = taskBefore(change, owner.file.module, receiver.attr, change.previousPath(owner.file.path))
    return task && { task, error: 'AttributeError' }
  }
  if (receiver.kind !== 'name') return undefined
  const [binding, ...others] = scopeOf(receiver.id, file.scopeAt(receiver))?.bindings.get(receiver.id) ?? []
  const [imported = ''] = after.names.imports(file, receiver)
  // Whoever tries an import is ready for it to fail.
  if (!binding || others.length > 0 || [...ancestors(binding.at)].some(({ kind }) => kind === 'try')) return undefined
  const dot = imported.lastIndexOf('.')
  const [module, member] = [imported.slice(0, dot), imported.slice(dot + 1)]
  const path = after.modules.find(module, file.path)
  const there = path === undefined ? undefined : after.files.get(path)
  if (there ? !lacks(after, there, member) : after.modules.candidates(module).length > 0) return undefined
  const task = taskBefore(change, module, member, there && change.previousPath(there.path))
  return task && { task, error: 'ImportError' }
}

/** The task that a member of a module was, defined there and nowhere else. */
function taskBefore({ before }: ProjectChange, module: string, name: string, path: string | undefined) {
  return before.tasks.find(
    ({ file, node, wrapper }) =>
      node.kind === 'function' &&
      !wrapper &&
      node.name === name &&
      node.parent === file.facts.module &&
      (path === undefined ? file.module === module : file.path === path),
  )
}

/** Whether a module certainly has no member of a name. */
function lacks({ modules }: CeleryProject, { moduleScope, facts, module }: ProjectFile, name: string): boolean {
  const { bindings, stars } = moduleScope
  if (facts.errors.length > 0 || stars.length > 0 || bindings.has(name) || bindings.has('__getattr__')) return false
  return modules.candidates(`${module}.${name}`).length === 0 && !facts.text.includes('globals()')
}

/** Whether code of the project gives anything an attribute of a name. */
const isGiven = ({ files }: CeleryProject, attribute: string): boolean =>
  [...files.values()].some(
    ({ isTest, assigns }) =>
      !isTest &&
      assigns.some(({ targets }) => targets.some((target) => target.kind === 'attribute' && target.attr === attribute)),
  )
