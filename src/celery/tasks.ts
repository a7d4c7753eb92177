/**
 * Owns finding tasks: decorated functions, class-based tasks, and functions decorated by what the project wraps around
 * Celery's decorators. Never accepts the `task` decorator of another library.
 */
import type {
  Argument,
  Call,
  ClassDef,
  Decorator,
  Expr,
  FunctionDef,
  Node,
  Parameter,
  StringLiteral,
} from '../python/syntax.ts'
import { descendants, enclosingClass, enclosingFunction } from '../python/walk.ts'
import { isApp } from './apps.ts'
import { attributeIn, type ClassReferent, classAttribute, findMethod, inheritsFrom, lineage } from './classes.ts'
import { literalString } from './constants.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'

export interface Task {
  readonly file: ProjectFile
  /** The decorated function, or the class of a class-based task. */
  readonly node: FunctionDef | ClassDef
  /** The function that a message's arguments go to. */
  readonly run: FunctionDef
  /** The name that messages carry; undefined when it is computed. Celery uses `__name__`, not `__qualname__`. */
  readonly name?: string
  /** The `name=` argument or attribute, where there is one. */
  readonly nameArgument?: Expr
  /** The string that it is, or that the name which it gives was assigned. */
  readonly nameLiteral?: StringLiteral
  /** The decorator that makes the function a task. */
  readonly decorator?: Decorator
  /** Keyword arguments of that decorator. */
  readonly options: ReadonlyMap<string, Argument>
  /** The options hold `**unpacked`, come through a wrapper, or otherwise cannot all be seen. */
  readonly optionsOpen: boolean
  /** Whether the first parameter receives the task; undefined when that cannot be seen. */
  readonly bound: boolean | undefined
  /** What a caller can fill: the parameters of `run` without `self`. */
  readonly parameters: readonly Parameter[]
  /** Decorators between the task decorator and `def`; they may change what a caller can pass. */
  readonly inner: readonly Decorator[]
  /** `base=`, where it is given. */
  readonly base?: Referent
  /** The project's own decorator that makes the task, where it is not Celery's. */
  readonly wrapper?: string
}

/** How a task is spoken of: by the name that messages carry or, where that is computed, as its code calls it. */
export const taskLabel = ({ name, node }: Pick<Task, 'name' | 'node'>): string => name ?? node.name

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

/** Celery's own task classes. */
export const taskClasses: ReadonlySet<string> = new Set([
  'celery.Task',
  'celery.app.task.Task',
  'celery.task.Task',
  'celery.task.base.Task',
  'celery.contrib.django.task.DjangoTask',
  'celery.contrib.abortable.AbortableTask',
])

/** How a decorator makes a task: Celery's own, or one that the project wraps around it. */
interface Maker {
  readonly wrapper?: string
  readonly preset: readonly Argument[]
  readonly open: boolean
  /** Whether the task goes by the name of the function, unless the decorator is given another one. */
  readonly keepsName: boolean
}

/** One of Celery's own. */
const plain: Maker = { preset: [], open: false, keepsName: true }

/** Names that stand for each other in a circle, and chains longer than anyone writes, end here. */
const MAX_HOPS = 20

export class TaskFinder {
  constructor(
    readonly names: Names,
    /** Dotted names of decorators that configuration says make tasks. */
    readonly configured: ReadonlySet<string>,
  ) {}

  /** The tasks that a file defines, in source order. */
  tasksOf(file: ProjectFile): readonly Task[] {
    return this.names.remember(file, 'tasks', () => this.#findTasks(file))
  }

  #findTasks(file: ProjectFile): Task[] {
    const tasks: Task[] = []
    for (const node of file.functions) {
      const task = this.#functionTask(file, node)
      if (task) tasks.push(task)
    }
    for (const node of file.classes) {
      const task = this.#classTask(file, node)
      if (task) tasks.push(task)
    }
    return tasks.sort((a, b) => a.node.start - b.node.start)
  }

  #functionTask(file: ProjectFile, node: FunctionDef): Task | undefined {
    for (const [index, decorator] of node.decorators.entries()) {
      const maker = this.#maker(file, decorator.expression)
      if (!maker) continue
      const call = decorator.expression.kind === 'call' ? decorator.expression : undefined
      const args = [...maker.preset, ...(call?.args ?? [])]
      const options = new Map(args.flatMap((arg): [string, Argument][] => (arg.name ? [[arg.name, arg]] : [])))
      const isUnpacked = args.some((arg) => arg.unpack)
      const optionsOpen = maker.open || isUnpacked
      const nameArgument = options.get('name')?.value
      // What a wrapper presets is written in another file.
      const isOwn = call?.args.some(({ value }) => value === nameArgument)
      const nameLiteral = isOwn ? literalString(this.names, file, nameArgument)?.literal : undefined
      const bound = boundBy(options.get('bind')?.value, optionsOpen)
      const base = options.get('base')?.value
      return {
        file,
        node,
        run: node,
        name: nameArgument
          ? nameLiteral?.value
          : maker.wrapper && (isUnpacked || !maker.keepsName)
            ? undefined
            : `${file.module}.${node.name}`,
        nameArgument,
        nameLiteral,
        decorator,
        options,
        optionsOpen,
        bound,
        parameters: bound || isMethod(node) ? node.parameters.slice(1) : node.parameters,
        inner: node.decorators.slice(index + 1),
        base: base && this.names.follow(file, base),
        wrapper: maker.wrapper,
      }
    }
    return undefined
  }

  #maker(file: ProjectFile, expr: Expr, hops = 0): Maker | undefined {
    if (hops > MAX_HOPS) return undefined
    const callee = expr.kind === 'call' ? expr.callee : expr
    if (callee.kind === 'attribute' && (callee.attr === 'task' || callee.attr === 'periodic_task')) {
      if (isApp(this.names, file, callee.value)) return plain
    }
    const referent = this.names.follow(file, callee)
    if (!referent) return undefined
    if (referent.kind === 'external') {
      if (taskDecorators.has(referent.name)) return plain
      return this.configured.has(referent.name) ? wrappedBy(referent.name, false) : undefined
    }
    if (referent.kind === 'function') {
      const dotted = `${referent.file.module}.${referent.node.name}`
      const makes = this.#wrapsTaskDecorator(referent.file, referent.node)
      if (makes) return wrappedBy(dotted, this.#keepsName(referent.file, referent.node))
      return this.configured.has(dotted) ? wrappedBy(dotted, false) : undefined
    }
    if (referent.kind === 'class') {
      // `@retryable(queue="slow")` makes an object that is called with the function.
      const made = expr.kind === 'call' ? findMethod(this.names, referent, '__call__') : undefined
      if (!made || !this.#wrapsTaskDecorator(made.file, made.node)) return undefined
      return wrappedBy(`${referent.file.module}.${referent.node.name}`, this.#keepsName(made.file, made.node))
    }
    if (referent.kind !== 'value' || referent.expr.kind !== 'call') return undefined
    const { expr: value, file: where } = referent
    // task = functools.partial(shared_task, acks_late=True), or a decorator that was called and kept.
    const [first, ...rest] = value.args
    if (this.names.calleeName(where, value) === 'functools.partial' && first && !first.name) {
      const inner = this.#maker(where, first.value, hops + 1)
      return inner && { ...inner, preset: [...inner.preset, ...rest] }
    }
    const inner = this.#maker(where, value, hops + 1)
    return inner && { ...inner, preset: [...inner.preset, ...value.args] }
  }

  /** Whether a function of the project hands what it decorates to Celery's decorator. */
  #wrapsTaskDecorator(file: ProjectFile, node: FunctionDef): boolean {
    return this.names.remember(file, `maker ${node.start}`, () => this.#findWrapped(file, node), { answer: false })
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
        if (owner?.kind === 'function' && this.#maker(file, inner.expression) && returnsName(node, owner.name))
          wraps = true
      }
      if (
        inner.kind === 'call' &&
        !decorated.has(inner) &&
        !isInside(inner, node.decorators) &&
        (this.#maker(file, inner) || this.#isLeftToMethod(file, node, inner))
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
    return findMethod(this.names, { kind: 'class', file, node: owner }, callee.attr)
  }

  /** Whether a wrapper visibly leaves it to the function that it is given what its task is called. */
  #keepsName(file: ProjectFile, node: FunctionDef): boolean {
    return this.names.remember(file, `name ${node.start}`, () => this.#findName(file, node), { answer: false })
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
      const maker = this.#maker(file, inner)
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
        this.#isWrapped(file, inner) || !inner.decorators.some(({ expression }) => this.#maker(file, expression)),
    )
  }

  /** Whether a function takes over the name of another by `functools.wraps`. */
  #isWrapped(file: ProjectFile, { decorators }: FunctionDef): boolean {
    return decorators.some(
      ({ expression }) => expression.kind === 'call' && this.names.calleeName(file, expression) === 'functools.wraps',
    )
  }

  #classTask(file: ProjectFile, node: ClassDef): Task | undefined {
    const referent: ClassReferent = { kind: 'class', file, node }
    if (!this.isTaskClass(referent)) return undefined
    const own = node.body.find((statement) => statement.kind === 'function' && statement.name === 'run')
    const run = own?.kind === 'function' ? own : findMethod(this.names, referent, 'run')?.node
    const abstract = attributeIn(node, 'abstract')
    if (!run || (abstract?.kind === 'constant' && abstract.value === true)) return undefined
    const nameArgument = attributeIn(node, 'name')
    const nameLiteral = literalString(this.names, file, nameArgument)?.literal
    return {
      file,
      node,
      run,
      name: nameArgument ? nameLiteral?.value : `${file.module}.${node.name}`,
      nameArgument,
      nameLiteral,
      options: new Map(),
      optionsOpen: true,
      bound: true,
      parameters: run.parameters.slice(1),
      inner: run.decorators,
      base: referent,
    }
  }

  /** Whether a class is a task class: a descendant of `celery.Task` or of an application's `Task`. */
  isTaskClass(referent: ClassReferent): boolean {
    if (inheritsFrom(this.names, referent, taskClasses)) return true
    for (const { file, node } of lineage(this.names, referent).own) {
      for (const base of node.bases) {
        if (base.value.kind === 'attribute' && base.value.attr === 'Task' && isApp(this.names, file, base.value.value))
          return true
      }
    }
    return false
  }

  /** An option of a task: from its decorator, else from its base classes. `open` says that it may be set unseen. */
  option(task: Task, option: string): { value?: Expr; file: ProjectFile; open: boolean } {
    const given = task.options.get(option)
    if (given) return { value: given.value, file: task.file, open: false }
    if (task.base?.kind === 'class') {
      const inherited = classAttribute(this.names, task.base, option)
      if (inherited) return { ...inherited, open: false }
      const { external, unknown } = lineage(this.names, task.base)
      return {
        file: task.file,
        open:
          task.optionsOpen && task.node.kind === 'function'
            ? true
            : unknown || external.some((name) => !taskClasses.has(name) && name !== 'builtins.object'),
      }
    }
    const openBase = task.options.has('base') && !(task.base?.kind === 'external' && taskClasses.has(task.base.name))
    return { file: task.file, open: task.optionsOpen || openBase }
  }
}

/** `options.get("name")` */
const isLookedUp = ({ parent }: Node): boolean => {
  const call = parent?.kind === 'argument' ? parent.parent : undefined
  return call?.kind === 'call' && call.callee.kind === 'attribute' && call.callee.attr === 'get'
}

const wrappedBy = (wrapper: string, keepsName: boolean): Maker => ({ wrapper, preset: [], open: true, keepsName })

const isMethod = (node: FunctionDef) => {
  const owner = enclosingClass(node)
  return owner !== undefined && node.parameters[0]?.name === 'self'
}

function boundBy(value: Expr | undefined, open: boolean): boolean | undefined {
  if (!value) return open ? undefined : false
  return value.kind === 'constant' ? value.value === true : undefined
}

function returnsName(node: FunctionDef, name: string): boolean {
  for (const inner of descendants(node)) {
    if (inner.kind === 'return' && inner.value?.kind === 'name' && inner.value.id === name) return true
  }
  return false
}

const isInside = (node: Node, holders: readonly Decorator[]) =>
  holders.some((holder) => holder.start <= node.start && node.end <= holder.end)

/** Whether a task is defined inside a function or a class, where workers may never see it. */
export const isNested = (task: Task): boolean =>
  task.node.kind === 'function' &&
  (enclosingClass(task.node) !== undefined || enclosingFunction(task.node) !== undefined)
