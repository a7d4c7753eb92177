/**
 * Owns what a call runs: the functions and methods of the project that are executed before it returns, with what is then
 * known of their parameters. An unknown callee, and one that only puts work off, runs nothing here.
 */
import { grouped } from '../core/grouped.ts'
import type { Call, ClassDef, Expr, FunctionDef, Node } from '../python/syntax.ts'
import { ancestors, descendants, dottedName, enclosingClass, executed, isSuperCall } from '../python/walk.ts'
import { type ClassReferent, findMethod, lineage } from './classes.ts'
import type { DerivedMap } from './derived.ts'
import {
  classesAfter,
  type Frame,
  frameKey,
  frameOf,
  type KnownValue,
  knownValue,
  selfOf,
  truthOf,
} from './known-values.ts'
import type { Names } from './names.ts'
import { waitsForCommit } from './on-commit.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { type Receiver, receiverDecorators, receiversOf, sendingSignals } from './signals.ts'
import { templateMethods } from './vocabulary/framework-methods.ts'

/** A frame of a function. */
export type FunctionFrame = Frame & { readonly node: FunctionDef }

/** More overrides than these say that a base class is everybody's: which of them runs is anybody's guess. */
const MAX_OVERRIDES = 30

/** The functions that are tasks of a repository: what they do when called by name is left to other rules. */
const taskFunctions: DerivedMap<CeleryProject, FunctionDef, true> = {
  find: ({ tasks }) => new Map(tasks.map(({ run }) => [run, true])),
  partsOf: (is) => [is],
}

/** The classes that descend from a class of the project. */
const subclasses: DerivedMap<Names, ClassDef, readonly ClassReferent[]> = {
  find: (names) => grouped(names.inFiles('descents', (file) => descents(names, file))),
  partsOf: (below) => below.map(({ node }) => node),
}

/** Each class of a file with each of its ancestors. */
function descents(names: Names, file: ProjectFile): [ClassDef, ClassReferent][] {
  if (file.isTest || file.isMigration) return []
  return file.classes.flatMap((node) => {
    const [self, ...above] = lineage(names, { kind: 'class', file, node }).own
    return above.map((ancestor): [ClassDef, ClassReferent] => [ancestor.node, self!])
  })
}

const knownCalls = new WeakMap<FunctionDef, readonly Call[]>()

export class Callees {
  readonly names: Names
  readonly #repository: CeleryProject

  constructor({ names, repository }: CeleryProject) {
    this.names = names
    this.#repository = repository
  }

  /** Whether a function is a task. */
  isTask(node: FunctionDef): boolean {
    return this.#repository.derived.get(taskFunctions, node) === true
  }

  /** What a call in a frame runs. */
  of(frame: Frame, call: Call): readonly FunctionFrame[] {
    return this.names.remember(frame.file, `callees ${call.start}-${call.end} ${frameKey(frame)}`, () => {
      for (const value of frame.known.values()) {
        if (value.kind !== 'constant') this.names.goThrough('of' in value ? value.of.file : value.file)
      }
      return this.#targets(frame, call)
        .filter(({ file, node }) => this.#runsAtOnce(file, node))
        .map((target) => ({ ...target, known: this.#bound(frame, call, target) }))
    })
  }

  /** The calls that a function makes itself, in source order. */
  callsIn(node: FunctionDef): readonly Call[] {
    let calls = knownCalls.get(node)
    if (!calls) {
      calls = [...executed(node.body)].filter((inner) => inner.kind === 'call')
      knownCalls.set(node, calls)
    }
    return calls
  }

  /** Whether a node of a frame can be reached, given the constants that the caller passed. */
  isReachable(frame: Frame, node: Node): boolean {
    if (![...frame.known.values()].some(({ kind }) => kind === 'constant')) return true
    let below = node
    for (const up of ancestors(node)) {
      if (up.kind === 'if') {
        const truth = below === up.test ? undefined : truthOf(this.names, frame, up.test)
        if (truth !== undefined && truth !== (up.body as readonly Node[]).includes(below)) return false
      }
      if (up.kind === 'conditional' && below !== up.test) {
        const truth = truthOf(this.names, frame, up.test)
        if (truth !== undefined && truth !== (below === up.body)) return false
      }
      for (const statement of 'body' in up && Array.isArray(up.body) ? (up.body as readonly Node[]) : []) {
        if (statement === below) break
        if (statement.kind !== 'if' || !isWayOut(statement.body.at(-1))) continue
        if (truthOf(this.names, frame, statement.test) === true) return false
      }
      if (up === frame.node) return true
      below = up
    }
    return true
  }

  #targets(frame: Frame, call: Call): FunctionFrame[] {
    const { callee } = call
    if (callee.kind === 'attribute') {
      if (isSuperCall(callee.value)) return this.#superMethods(frame, callee.attr)
      const owner = knownValue(this.names, frame, callee.value)
      if (owner?.kind === 'instance' || owner?.kind === 'class') return this.#methods(owner, callee.attr)
      if (sendingSignals.has(callee.attr)) return this.#received(frame, call, callee.value)
    }
    const value = knownValue(this.names, frame, callee)
    if (value?.kind === 'function') return [{ file: value.file, node: value.node, known: new Map() }]
    return value?.kind === 'class' ? this.#methods({ ...value, kind: 'instance' }, '__init__') : []
  }

  /** A method of an object, or what a framework's method of that name calls on the object. */
  #methods(owner: Extract<KnownValue, { kind: 'instance' | 'class' }>, name: string): FunctionFrame[] {
    const found = findMethod(this.names, owner.of, name)
    const own = found ? [{ ...found, known: selfOf(found.node, owner) }] : this.#templateMethods(owner, name)
    return owner.open ? [...own, ...this.#overrides(owner, name)] : own
  }

  #templateMethods(owner: Extract<KnownValue, { kind: 'instance' | 'class' }>, name: string): FunctionFrame[] {
    const called = templateMethods(name, () => lineage(this.names, owner.of).external)
    return called.flatMap((method) => this.#methods(owner, method))
  }

  /** What hears a signal of the project's own: its receivers have run when `send` returns. */
  #received(frame: Frame, { args }: Call, signal: Expr): FunctionFrame[] {
    const sender = args.find((arg) => arg.name === 'sender' || (!arg.name && !arg.unpack))?.value
    return receiversOf(this.names, frame.file, signal)
      .filter((receiver) => !receiver.sender || this.#isHeard(frame, sender, receiver.sender))
      .map(({ file, node }) => ({ ...frameOf(file, node), node }))
  }

  /** Whether a receiver that hears one sender only visibly hears this one. */
  #isHeard(frame: Frame, sender: Expr | undefined, { file, expr }: NonNullable<Receiver['sender']>): boolean {
    const heard = this.names.follow(file, expr)
    if (!sender || heard?.kind !== 'class') return false
    // `sender=self.__class__`
    if (sender.kind === 'attribute' && sender.attr === '__class__') {
      const owner = knownValue(this.names, frame, sender.value)
      return owner?.kind === 'instance' && lineage(this.names, owner.of).own.some(({ node }) => node === heard.node)
    }
    const sent = this.names.follow(frame.file, sender)
    return sent?.kind === 'class' && sent.node === heard.node
  }

  #overrides(owner: Extract<KnownValue, { kind: 'instance' | 'class' }>, name: string): FunctionFrame[] {
    const overriding = (this.names.derived.get(subclasses, owner.of.node) ?? []).flatMap((of): FunctionFrame[] => {
      const node = of.node.body.find((statement) => statement.kind === 'function' && statement.name === name)
      return node?.kind === 'function' ? [{ file: of.file, node, known: selfOf(node, { ...owner, of }) }] : []
    })
    return overriding.length <= MAX_OVERRIDES ? overriding : []
  }

  #superMethods(frame: Frame, name: string): FunctionFrame[] {
    const owner = frame.node && enclosingClass(frame.node)
    if (!frame.node || !owner) return []
    const own: ClassReferent = { kind: 'class', file: frame.file, node: owner }
    const self = frame.known.get(frame.node.parameters[0]?.name ?? '') ?? { kind: 'instance', of: own, open: true }
    if (self.kind !== 'instance' && self.kind !== 'class') return []
    for (const { file, node } of classesAfter(this.names, self.of, own)) {
      const method = node.body.find((statement) => statement.kind === 'function' && statement.name === name)
      if (method?.kind === 'function') return [{ file, node: method, known: selfOf(method, self) }]
    }
    return this.#templateMethods(self, name)
  }

  /** Whether calling a function runs its body at once, and not after the commit, in a worker or when it is iterated. */
  #runsAtOnce(file: ProjectFile, node: FunctionDef): boolean {
    if (file.isTest || file.isMigration || node.async) return false
    return this.names.remember(
      file,
      `runs at once ${node.start}`,
      () =>
        !this.isTask(node) &&
        !waitsForCommit(this.names, file, node) &&
        !node.decorators.some(({ expression }) => mayPutOff(this.names, file, expression)) &&
        ![...executed(node.body)].some(({ kind }) => kind === 'yield'),
    )
  }

  /** What is known of the parameters of a target, given what a call passes to it. */
  #bound(frame: Frame, call: Call, target: FunctionFrame): ReadonlyMap<string, KnownValue> {
    const known = new Map(target.known)
    const { parameters } = target.node
    const isUnpacked = call.args.some((arg) => arg.unpack)
    const positional = call.args.filter((arg) => !arg.name)
    let place = 0
    for (const [index, parameter] of parameters.entries()) {
      if (index === 0 && (known.size > 0 || isConstructor(target.node))) continue
      if (parameter.form.startsWith('*')) {
        place = positional.length
        continue
      }
      const takesPlace = parameter.form !== 'keyword-only'
      const given =
        (takesPlace ? positional[place++] : undefined) ?? call.args.find((arg) => arg.name === parameter.name)
      if (isUnpacked && (!given || given.unpack || !given.name)) continue
      const value = given
        ? knownValue(this.names, frame, given.value)
        : parameter.default && constantOf(parameter.default)
      if (value) known.set(parameter.name, value)
    }
    return known
  }
}

const constantOf = (expr: Expr): KnownValue | undefined =>
  expr.kind === 'constant' ? { kind: 'constant', value: expr.value } : undefined

const isConstructor = (node: FunctionDef) => node.name === '__init__' && enclosingClass(node) !== undefined

const isWayOut = (node: Node | undefined): boolean => node?.kind === 'return' || node?.kind === 'raise'

/** Names of decorators that hand a function to somebody else, or run it later, or make it no function at all. */
const puttingOff =
  /commit|task|job|actor|thread|background|defer|async|queue|schedul|cron|debounce|later|signal|receiver|contextmanager|property|fixture/i

/** Whether a decorator may keep a call from running the body of what it decorates. */
function mayPutOff(names: Names, file: ProjectFile, expression: Expr): boolean {
  const callee = expression.kind === 'call' ? expression.callee : expression
  const referent = names.follow(file, callee)
  if (referent?.kind === 'external' && receiverDecorators.has(referent.name)) return false
  if (referent?.kind !== 'function') {
    return puttingOff.test(referent?.kind === 'external' ? referent.name : (dottedName(callee) ?? 'later'))
  }
  if (puttingOff.test(referent.node.name)) return true
  for (const node of descendants(referent.node)) {
    if (node.kind === 'attribute' && /^(delay|apply_async|submit|enqueue|defer)$/.test(node.attr)) return true
    if (node.kind === 'name' && /Thread|Timer/.test(node.id)) return true
  }
  return false
}
