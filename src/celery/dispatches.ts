/** Owns finding where tasks are sent or made into signatures, and what is passed to them. */
import { scopeOf } from '../python/scopes.ts'
import type { Argument, Call, Dict, Expr, Sequence } from '../python/syntax.ts'
import { isApp } from './apps.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'
import { type Task, type TaskFinder, taskLabel } from './tasks.ts'
import {
  applyAsyncMethods,
  canvasConstructors,
  delayMethods,
  onCommitMethods,
  signatureArgsMethods,
  signatureConstructors,
  signatureMethods,
  signatureModifiers,
} from './vocabulary/methods.ts'

/** The arguments that a task receives, as far as they can be seen. */
export interface TaskArguments {
  readonly positional: readonly Expr[]
  readonly keywords: ReadonlyMap<string, Expr>
  /** Something is unpacked or computed: there may be more arguments than these. */
  readonly open: boolean
  /** There may be more by position, and not only by keyword. */
  readonly openPlaces: boolean
}

export interface Dispatch {
  readonly file: ProjectFile
  readonly call: Call
  /** `send` publishes a message, `signature` only describes one, `inline` runs the task here (`apply`). */
  readonly kind: 'send' | 'signature' | 'inline'
  /** The method's name, or `send_task` or `signature` for dispatches by name. */
  readonly method: string
  /** What the method is called on. */
  readonly receiver: Expr
  /** The task, when it was found in the project. */
  readonly task?: Task
  /**
   * How sure it is that this is a task: `resolved` to one or several of the project (or to a signature or canvas of Celery's), or
   * `likely`, a name imported from a `tasks` module that is not at hand.
   */
  readonly certainty: 'resolved' | 'likely'
  /** The name that is sent, for dispatches by name. */
  readonly taskName?: Expr
  readonly args: TaskArguments
  /** Options of the message, such as `countdown` and `queue`. */
  readonly options: ReadonlyMap<string, Argument>
  /** The options hold `**unpacked`. */
  readonly optionsOpen: boolean
  /** The dispatch waits for the commit by itself. */
  readonly onCommit: boolean
}

/** What a dispatch sends, as messages speak of it: the name of the task, or else how the code refers to it. */
export function sentLabel({ file, task, taskName, receiver }: Dispatch): string {
  if (taskName?.kind === 'string') return taskName.value
  return task ? taskLabel(task) : file.textOf(receiver)
}

/** Signatures made of signatures in more steps than anyone writes end here. */
const MAX_HOPS = 50

/** What a file must mention to make a signature by its constructor. */
const signatures = /signature|subtask/i

const none: TaskArguments = { positional: [], keywords: new Map(), open: false, openPlaces: false }

export class DispatchFinder {
  /** How many of the questions below are being asked within each other. */
  #hops = 0

  constructor(
    readonly names: Names,
    readonly tasks: TaskFinder,
  ) {}

  /** The task that an expression refers to. */
  taskOf(file: ProjectFile, expr: Expr): Task | undefined {
    const referent = this.names.follow(file, expr)
    if (referent?.kind === 'function') return this.#taskAt(referent)
    if (referent?.kind === 'value') return this.#registeredTask(referent)
    return undefined
  }

  /** `Sync = app.register_task(Sync())` and `sync = Sync()`. */
  #registeredTask({ file, expr }: Extract<Referent, { kind: 'value' }>): Task | undefined {
    if (expr.kind !== 'call') return undefined
    const { callee, args } = expr
    if (
      callee.kind === 'attribute' &&
      callee.attr === 'register_task' &&
      isApp(this.names, file, callee.value) &&
      args[0]
    ) {
      const given = args[0].value
      return this.#instanceTask(file, given.kind === 'call' ? given.callee : given)
    }
    return this.#instanceTask(file, callee)
  }

  #instanceTask(file: ProjectFile, callee: Expr): Task | undefined {
    const made = this.names.follow(file, callee)
    return made?.kind === 'class' ? this.#taskAt(made) : undefined
  }

  #taskAt({ file, node }: Pick<Task, 'file' | 'node'>): Task | undefined {
    return this.tasks.tasksOf(file).find((task) => task.node === node)
  }

  /** The dispatches of a file, in source order. */
  dispatchesOf(file: ProjectFile): readonly Dispatch[] {
    return this.names.remember(file, 'dispatches', () => this.#findDispatches(file))
  }

  #findDispatches(file: ProjectFile): Dispatch[] {
    const dispatches: Dispatch[] = []
    for (const call of file.calls) {
      const dispatch = this.#dispatch(file, call)
      if (dispatch) dispatches.push(dispatch)
    }
    return dispatches
  }

  #dispatch(file: ProjectFile, call: Call): Dispatch | undefined {
    const { callee } = call
    if (callee.kind === 'attribute') {
      const byName = this.#byName(file, call, callee.attr, callee.value)
      if (byName) return byName
      const kind = kindOf(callee.attr)
      if (kind) return this.#onTask(file, call, callee.attr, callee.value, kind)
    }
    const called = file.mentions(signatures) && this.names.calleeName(file, call)
    if (called && signatureConstructors.has(called)) return this.#named(file, call, 'signature', callee, 'signature')
    // Calling a canvas sends it; calling a single signature runs its task here.
    if (callee.kind !== 'name' && callee.kind !== 'attribute' && this.isCanvas(file, callee)) {
      return this.#onSignature(file, call, '()', callee)
    }
    return undefined
  }

  #onTask(file: ProjectFile, call: Call, method: string, receiver: Expr, kind: Dispatch['kind']): Dispatch | undefined {
    const task = this.taskOf(file, receiver) ?? this.#calledClassTask(file, receiver)
    if (task) return this.dispatchOf(file, call, task)
    if (kind === 'send' && this.isSignature(file, receiver)) return this.#onSignature(file, call, method, receiver)
    const isTask = this.#isOneOfTasks(file, receiver)
    if (!isTask && !this.#isLikelyTask(file, receiver)) return undefined
    return {
      file,
      call,
      kind,
      method,
      receiver,
      certainty: isTask ? 'resolved' : 'likely',
      ...argumentsOf(call, method),
      onCommit: onCommitMethods.has(method),
    }
  }

  /** What a call of a method does with a task that its receiver is known to be. */
  dispatchOf(file: ProjectFile, call: Call, task: Task): Dispatch | undefined {
    const { callee } = call
    const kind = callee.kind === 'attribute' ? kindOf(callee.attr) : undefined
    if (callee.kind !== 'attribute' || !kind) return undefined
    const { attr: method, value: receiver } = callee
    return {
      file,
      call,
      kind,
      method,
      receiver,
      task,
      certainty: 'resolved',
      ...argumentsOf(call, method),
      onCommit: onCommitMethods.has(method),
    }
  }

  /** `Sync().delay(…)` */
  #calledClassTask(file: ProjectFile, receiver: Expr): Task | undefined {
    return receiver.kind === 'call' ? this.#instanceTask(file, receiver.callee) : undefined
  }

  #onSignature(file: ProjectFile, call: Call, method: string, receiver: Expr): Dispatch {
    const options = new Map(call.args.flatMap((arg): [string, Argument][] => (arg.name ? [[arg.name, arg]] : [])))
    const optionsOpen = call.args.some((arg) => arg.unpack)
    return {
      file,
      call,
      kind: 'send',
      method,
      receiver,
      certainty: 'resolved',
      args: none,
      options,
      optionsOpen,
      onCommit: onCommitMethods.has(method),
    }
  }

  #byName(file: ProjectFile, call: Call, method: string, receiver: Expr): Dispatch | undefined {
    if (method !== 'send_task' && method !== 'signature') return undefined
    if (!isApp(this.names, file, receiver)) return undefined
    return this.#named(file, call, method, receiver, method === 'send_task' ? 'send' : 'signature')
  }

  #named(file: ProjectFile, call: Call, method: string, receiver: Expr, kind: Dispatch['kind']): Dispatch {
    const taskName = call.args.find(
      (arg) => arg.name === 'name' || arg.name === 'varies' || (!arg.name && !arg.unpack),
    )?.value
    const rest = call.args.filter((arg) => arg.value !== taskName)
    return {
      file,
      call,
      kind,
      method,
      receiver,
      certainty: 'resolved',
      taskName,
      ...sequenceArguments(rest),
      onCommit: false,
    }
  }

  /** Whether a name is given one task or another, in the branches of an `if` for instance, and nothing else. */
  #isOneOfTasks(file: ProjectFile, receiver: Expr): boolean {
    if (receiver.kind !== 'name') return false
    const bindings = scopeOf(receiver.id, file.scopeAt(receiver))?.bindings.get(receiver.id) ?? []
    return (
      bindings.length > 1 &&
      bindings.every((binding) => {
        if (binding.kind !== 'assignment' || binding.path.length > 0 || !binding.value) return false
        return this.taskOf(file, binding.value) !== undefined
      })
    )
  }

  /** A name from a `tasks` module that the project does not hold, or that was not parsed. */
  #isLikelyTask(file: ProjectFile, receiver: Expr): boolean {
    const name = this.names.externalName(file, receiver)
    return (
      name !== undefined &&
      /(^|\.)tasks\.(\w+\.)?\w+$/.test(name) &&
      !/^(django|huey|invoke|luigi|procrastinate|rq)\./.test(name)
    )
  }

  /** Whether an expression is a signature or a canvas. */
  isSignature(file: ProjectFile, expr: Expr): boolean {
    return this.#judged('signature', file, expr, () => this.#isSignature(file, expr))
  }

  /** Asks once for each name; what refers to itself, or is nested beyond reason, is not. */
  #judged(kind: string, file: ProjectFile, expr: Expr, ask: () => boolean): boolean {
    if (expr.kind !== 'name' && expr.kind !== 'call' && expr.kind !== 'binary') return false
    if (this.#hops > MAX_HOPS) return false
    this.#hops++
    try {
      if (expr.kind !== 'name') return ask()
      return this.names.remember(file, `${kind} ${expr.start}-${expr.end}`, ask, { answer: false })
    } finally {
      this.#hops--
    }
  }

  #isSignature(file: ProjectFile, expr: Expr): boolean {
    if (this.isCanvas(file, expr)) return true
    if (expr.kind === 'name') {
      const value = this.names.resolve(file, expr)
      return value?.kind === 'value' && this.isSignature(value.file, value.expr)
    }
    if (expr.kind !== 'call') return false
    const { callee } = expr
    const called = this.names.calleeName(file, expr)
    if (called && signatureConstructors.has(called)) return true
    if (callee.kind !== 'attribute') return false
    if (signatureMethods.has(callee.attr) || signatureArgsMethods.has(callee.attr)) {
      return (
        this.taskOf(file, callee.value) !== undefined ||
        this.#isLikelyTask(file, callee.value) ||
        (callee.attr === 'signature' && isApp(this.names, file, callee.value))
      )
    }
    return signatureModifiers.has(callee.attr) && this.isSignature(file, callee.value)
  }

  /** Whether an expression is a chain, group or chord: several signatures in one. */
  isCanvas(file: ProjectFile, expr: Expr): boolean {
    return this.#judged('canvas', file, expr, () => this.#isCanvas(file, expr))
  }

  #isCanvas(file: ProjectFile, expr: Expr): boolean {
    if (expr.kind === 'binary')
      return expr.operator === '|' && (this.isSignature(file, expr.left) || this.isSignature(file, expr.right))
    if (expr.kind === 'name') {
      const value = this.names.resolve(file, expr)
      return (
        value?.kind === 'value' &&
        value.expr !== expr &&
        value.expr.kind !== 'name' &&
        this.isCanvas(value.file, value.expr)
      )
    }
    if (expr.kind !== 'call') return false
    const called = this.names.calleeName(file, expr)
    if (called && canvasConstructors.has(called)) return true
    return (
      expr.callee.kind === 'attribute' &&
      signatureModifiers.has(expr.callee.attr) &&
      this.isCanvas(file, expr.callee.value)
    )
  }
}

function kindOf(method: string): Dispatch['kind'] | undefined {
  if (delayMethods.has(method) || applyAsyncMethods.has(method)) return 'send'
  if (signatureMethods.has(method) || signatureArgsMethods.has(method)) return 'signature'
  return method === 'apply' ? 'inline' : undefined
}

type Passed = Pick<Dispatch, 'args' | 'options' | 'optionsOpen'>

function argumentsOf(call: Call, method: string): Passed {
  return delayMethods.has(method) || signatureMethods.has(method)
    ? directArguments(call.args)
    : sequenceArguments(call.args)
}

/** `delay(a, k=b)`: what is given is what the task receives. */
function directArguments(args: readonly Argument[]): Passed {
  const keywords = new Map(args.flatMap((arg): [string, Expr][] => (arg.name ? [[arg.name, arg.value]] : [])))
  const positional = args.filter((arg) => !arg.name && !arg.unpack).map((arg) => arg.value)
  return {
    args: {
      positional,
      keywords,
      open: args.some((arg) => arg.unpack),
      openPlaces: args.some((arg) => arg.unpack === '*'),
    },
    options: new Map(),
    optionsOpen: false,
  }
}

/** `apply_async((a,), {'k': b}, countdown=1)`: two containers, then options of the message. */
function sequenceArguments(args: readonly Argument[]): Passed {
  const places = args.filter((arg) => !arg.name && !arg.unpack)
  const named = (name: string) => args.find((arg) => arg.name === name)
  const sequence = (places[0] ?? named('args'))?.value
  const mapping = (places[1] ?? named('kwargs'))?.value
  const options = new Map(
    args.flatMap((arg): [string, Argument][] =>
      arg.name && arg.name !== 'args' && arg.name !== 'kwargs' ? [[arg.name, arg]] : [],
    ),
  )
  const optionsOpen = args.some((arg) => arg.unpack)
  const positional = elementsOf(sequence)
  const keywords = entriesOf(mapping)
  const open = optionsOpen || positional === undefined || keywords === undefined
  const openPlaces = optionsOpen || positional === undefined
  return {
    args: { positional: positional ?? [], keywords: keywords ?? new Map(), open, openPlaces },
    options,
    optionsOpen,
  }
}

const isAbsent = (expr: Expr | undefined): boolean => !expr || (expr.kind === 'constant' && expr.value === null)

/** The elements of a literal list or tuple; undefined when they cannot all be seen. */
export function elementsOf(expr: Expr | undefined): readonly Expr[] | undefined {
  if (isAbsent(expr)) return []
  if (expr?.kind !== 'list' && expr?.kind !== 'tuple') return undefined
  const { elements } = expr as Sequence
  return elements.some((element) => element.kind === 'starred') ? undefined : elements
}

/** The entries of a literal dict with literal keys, or of `dict(k=v)`; undefined when they cannot all be seen. */
export function entriesOf(expr: Expr | undefined): ReadonlyMap<string, Expr> | undefined {
  if (isAbsent(expr)) return new Map()
  if (expr?.kind === 'call' && expr.callee.kind === 'name' && expr.callee.id === 'dict') {
    if (expr.args.some((arg) => !arg.name)) return undefined
    return new Map(expr.args.map((arg) => [arg.name!, arg.value]))
  }
  if (expr?.kind !== 'dict') return undefined
  const entries = new Map<string, Expr>()
  for (const { key, value } of (expr as Dict).entries) {
    if (key?.kind !== 'string') return undefined
    entries.set(key.value, value)
  }
  return entries
}
