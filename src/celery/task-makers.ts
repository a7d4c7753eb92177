/**
 * Owns how decorators make tasks: Celery's own, those of an application, and those that the project wraps around them. Never
 * accepts the `task` decorator of another library.
 */
import type { Argument, Call, Decorator, Expr, FunctionDef, Node } from '../python/syntax.ts'
import { descendants, enclosingClass } from '../python/walk.ts'
import { isApp } from './apps.ts'
import { findMethod } from './classes.ts'
import type { Names } from './names.ts'
import type { ProjectFile } from './project-file.ts'

const taskDecorators = new Set([
  'celery.shared_task',
  'celery.app.shared_task',
  // Gone since Celery 5; code that still uses them is found by `legacy-celery-import`.
  'celery.task',
  'celery.task.task',
  'celery.task.base.task',
  'celery.decorators.task',
  'celery.task.periodic_task',
  'celery.task.base.periodic_task',
  'celery.decorators.periodic_task',
])

/** How a decorator makes a task: Celery's own, or one that the project wraps around it. */
export interface TaskMaker {
  readonly wrapper?: string
  readonly preset: readonly Argument[]
  readonly open: boolean
  /** Whether the task goes by the name of the function, unless the decorator is given another one. */
  readonly keepsName: boolean
}

/** One of Celery's own. */
const plain: TaskMaker = { preset: [], open: false, keepsName: true }

/** Names that stand for each other in a circle, and chains longer than anyone writes, end here. */
const MAX_HOPS = 20

export class TaskMakers {
  readonly #names: Names
  readonly #configured: ReadonlySet<string>

  /** @param configured dotted names of decorators that configuration says make tasks */
  constructor(names: Names, configured: ReadonlySet<string>) {
    this.#names = names
    this.#configured = configured
  }

  /** How an expression makes a task of the function that it decorates; undefined when it does not. */
  makerOf(file: ProjectFile, expr: Expr, hops = 0): TaskMaker | undefined {
    if (hops > MAX_HOPS) return undefined
    const callee = expr.kind === 'call' ? expr.callee : expr
    if (callee.kind === 'attribute' && (callee.attr === 'task' || callee.attr === 'periodic_task')) {
      if (isApp(this.#names, file, callee.value)) return plain
    }
    const referent = this.#names.follow(file, callee)
    if (!referent) return undefined
    if (referent.kind === 'external') {
      if (taskDecorators.has(referent.name)) return plain
      return this.#configured.has(referent.name) ? wrappedBy(referent.name, false) : undefined
    }
    if (referent.kind === 'function') {
      const dotted = `${referent.file.module}.${referent.node.name}`
      const makes = this.#wrapsTaskDecorator(referent.file, referent.node)
      if (makes) return wrappedBy(dotted, this.#keepsName(referent.file, referent.node))
      return this.#configured.has(dotted) ? wrappedBy(dotted, false) : undefined
    }
    if (referent.kind === 'class') {
      // `@retryable(queue="slow")` makes an object that is called with the function.
      const made = expr.kind === 'call' ? findMethod(this.#names, referent, '__call__') : undefined
      if (!made || !this.#wrapsTaskDecorator(made.file, made.node)) return undefined
      return wrappedBy(`${referent.file.module}.${referent.node.name}`, this.#keepsName(made.file, made.node))
    }
    if (referent.kind !== 'value' || referent.expr.kind !== 'call') return undefined
    const { expr: value, file: where } = referent
    // task = functools.partial(shared_task, acks_late=True), or a decorator that was called and kept.
    const [first, ...rest] = value.args
    if (this.#names.calleeName(where, value) === 'functools.partial' && first && !first.name) {
      const inner = this.makerOf(where, first.value, hops + 1)
      return inner && { ...inner, preset: [...inner.preset, ...rest] }
    }
    const inner = this.makerOf(where, value, hops + 1)
    return inner && { ...inner, preset: [...inner.preset, ...value.args] }
  }

  /** Whether a function of the project hands what it decorates to Celery's decorator. */
  #wrapsTaskDecorator(file: ProjectFile, node: FunctionDef): boolean {
    return this.#names.remember(file, `maker ${node.start}`, () => this.#findWrapped(file, node), { answer: false })
  }

  #findWrapped(file: ProjectFile, node: FunctionDef): boolean {
    let wraps = false
    const decorated = new Set<Node>()
    for (const inner of descendants(node)) {
      if (inner === node) continue
      // A function that merely defines a task of its own does not decorate what it is given.
      if (inner.kind === 'function') for (const decorator of inner.decorators) decorated.add(decorator.expression)
    }
    for (const inner of descendants(node)) {
      if (inner.kind === 'decorator' && !node.decorators.includes(inner)) {
        const owner = inner.parent
        if (owner?.kind === 'function' && this.makerOf(file, inner.expression) && returnsName(node, owner.name))
          wraps = true
      }
      if (
        inner.kind === 'call' &&
        !decorated.has(inner) &&
        !isInside(inner, node.decorators) &&
        (this.makerOf(file, inner) || this.#isLeftToMethod(file, node, inner))
      )
        wraps = true
    }
    return wraps
  }

  /** Whether a method hands on to another one of its object, which wraps: `self.decorate(function)`. */
  #isLeftToMethod(file: ProjectFile, node: FunctionDef, call: Call): boolean {
    const method = this.#ownMethod(file, node, call)
    return method !== undefined && this.#wrapsTaskDecorator(method.file, method.node)
  }

  /** The method of the same object that a call in a method calls. */
  #ownMethod(file: ProjectFile, node: FunctionDef, { callee }: Call) {
    const owner = enclosingClass(node)
    if (!owner || callee.kind !== 'attribute' || callee.value.kind !== 'name') return undefined
    if (callee.value.id !== node.parameters[0]?.name) return undefined
    return findMethod(this.#names, { kind: 'class', file, node: owner }, callee.attr)
  }

  /** Whether a wrapper visibly leaves it to the function that it is given what its task is called. */
  #keepsName(file: ProjectFile, node: FunctionDef): boolean {
    return this.#names.remember(file, `name ${node.start}`, () => this.#findName(file, node), { answer: false })
  }

  #findName(file: ProjectFile, node: FunctionDef): boolean {
    const own = new Set(node.parameters.flatMap(({ form, name }) => (form.startsWith('*') ? [name] : [])))
    if (node.parameters.some(({ name }) => name === 'name')) return false
    const nested = new Map<string, FunctionDef>()
    for (const inner of descendants(node))
      if (inner !== node && inner.kind === 'function') nested.set(inner.name, inner)
    for (const inner of descendants(node)) {
      if (inner.kind === 'string' && inner.value === 'name' && !isLookedUp(inner)) return false
      if (inner.kind !== 'call') continue
      const method = this.#ownMethod(file, node, inner)
      if (method && this.#wrapsTaskDecorator(method.file, method.node) && !this.#keepsName(method.file, method.node))
        return false
      const maker = this.makerOf(file, inner)
      if (maker && !maker.keepsName) return false
      for (const { name, unpack, value } of inner.args) {
        if (maker && (name === 'name' || (unpack && !(value.kind === 'name' && own.has(value.id))))) return false
        // What is handed on in place of the function has to take over its name.
        const handed = value.kind === 'name' ? nested.get(value.id) : undefined
        if (handed && !this.#isWrapped(file, handed)) return false
      }
    }
    return [...nested.values()].every(
      (inner) =>
        this.#isWrapped(file, inner) || !inner.decorators.some(({ expression }) => this.makerOf(file, expression)),
    )
  }

  /** Whether a function takes over the name of another by `functools.wraps`. */
  #isWrapped(file: ProjectFile, { decorators }: FunctionDef): boolean {
    return decorators.some(
      ({ expression }) => expression.kind === 'call' && this.#names.calleeName(file, expression) === 'functools.wraps',
    )
  }
}

/** `options.get("name")` */
const isLookedUp = ({ parent }: Node): boolean => {
  const call = parent?.kind === 'argument' ? parent.parent : undefined
  return call?.kind === 'call' && call.callee.kind === 'attribute' && call.callee.attr === 'get'
}

const wrappedBy = (wrapper: string, keepsName: boolean): TaskMaker => ({ wrapper, preset: [], open: true, keepsName })

function returnsName(node: FunctionDef, name: string): boolean {
  for (const inner of descendants(node)) {
    if (inner.kind === 'return' && inner.value?.kind === 'name' && inner.value.id === name) return true
  }
  return false
}

const isInside = (node: Node, holders: readonly Decorator[]) =>
  holders.some((holder) => holder.start <= node.start && node.end <= holder.end)
