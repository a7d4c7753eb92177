/** Owns the places that still send, by reference, what a change makes a plain function or takes away. */
import { scopeOf } from '../python/scopes.ts'
import type { Attribute, Expr, FunctionDef } from '../python/syntax.ts'
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
  const named = memberNamed(after, file, receiver)
  if (referent?.kind === 'function') {
    const { file: where, node } = referent
    // It may have been moved as well, and be imported under the name that it had.
    const places: Member[] = [{ module: where.module, name: node.name, file: where }, ...(named ? [named] : [])]
    if (receiver.kind === 'name') places.push({ module: file.module, name: receiver.id, file })
    // What a decorator, or whoever it is handed to, made of it may well have the method.
    if (node.decorators.length > 0 || node.parent !== where.facts.module) return undefined
    if (places.some((place) => place.file && isPassedOn(place.file, place.name))) return undefined
    const [task] = places.flatMap((place) => taskBefore(change, place) ?? [])
    return task && { task, plain: { file: where, node }, error: 'AttributeError' }
  }
  if (
    !named ||
    (named.file ? !lacks(after, named.file, named.name) : after.modules.candidates(named.module).length > 0)
  )
    return undefined
  if (receiver.kind === 'name') {
    const [binding, ...others] = scopeOf(receiver.id, file.scopeAt(receiver))?.bindings.get(receiver.id) ?? []
    // Whoever tries an import is ready for it to fail.
    if (!binding || others.length > 0 || [...ancestors(binding.at)].some(({ kind }) => kind === 'try')) return undefined
  }
  const task = taskBefore(change, named)
  return task && { task, error: receiver.kind === 'name' ? 'ImportError' : 'AttributeError' }
}

/** A member of a module, whether or not it is there. */
interface Member {
  readonly module: string
  readonly name: string
  /** Absent where the module is not there, or was not parsed. */
  readonly file?: ProjectFile
}

/** The member of another module that a name is imported from, or that an attribute of a module is. */
function memberNamed(project: CeleryProject, file: ProjectFile, expr: Expr): Member | undefined {
  if (expr.kind === 'attribute') {
    const owner = project.resolve(file, expr.value)
    return owner?.kind === 'module' ? { module: owner.file.module, name: expr.attr, file: owner.file } : undefined
  }
  const [imported] = expr.kind === 'name' ? project.names.imports(file, expr) : []
  if (!imported?.includes('.')) return undefined
  const dot = imported.lastIndexOf('.')
  const module = imported.slice(0, dot)
  const path = project.modules.find(module, file.path)
  return { module, name: imported.slice(dot + 1), file: path === undefined ? undefined : project.files.get(path) }
}

/** The task that a member of a module was, defined there and nowhere else. */
function taskBefore({ before, previousPath }: ProjectChange, { module, name, file: now }: Member): Task | undefined {
  const path = now && previousPath(now.path)
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
