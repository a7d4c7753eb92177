/**
 * Owns who receives which of Django's signals, across files: those that a model sends when it is saved or deleted, and
 * those that the project defines and sends itself.
 */

import { grouped } from '../core/grouped.ts'
import type { Call, Decorator, Expr, FunctionDef } from '../python/syntax.ts'
import { ancestors, enclosingClass } from '../python/walk.ts'
import { findMethod } from './classes.ts'
import type { DerivedMap } from './derived.ts'
import type { Names } from './names.ts'
import type { ProjectFile } from './project-file.ts'

/** One way in which a function receives a model signal. */
export interface SignalConnection {
  /** `post_save`, and so on. */
  readonly signal: string
  /** The file that connects it, which need not be the function's. */
  readonly file: ProjectFile
  /** `@receiver(…)` on the function, or a `.connect(…)` call anywhere. */
  readonly at: Decorator | Call
  readonly sender?: Expr
}

/** A function that receives a signal of the project's own. */
export interface Receiver {
  readonly file: ProjectFile
  readonly node: FunctionDef
  /** The only sender that it hears, as the file that connects it names it. */
  readonly sender?: { readonly file: ProjectFile; readonly expr: Expr }
}

const modelSignal = /^django\.db\.models\.signals\.(pre_save|post_save|pre_delete|post_delete|m2m_changed)$/
const signalClasses = new Set(['django.dispatch.Signal', 'django.dispatch.dispatcher.Signal'])
/** What connects a function to a signal and leaves it as it is. */
export const receiverDecorators: ReadonlySet<string> = new Set([
  'django.dispatch.receiver',
  'django.dispatch.dispatcher.receiver',
])

/** The ways to send a signal that return when all receivers have run. */
export const sendingSignals: ReadonlySet<string> = new Set(['send', 'send_robust'])

/** By the function, which signals of models it receives. */
const ofModels: DerivedMap<Names, FunctionDef, readonly SignalConnection[]> = {
  find: (names) =>
    grouped(
      connectionsIn(names).flatMap(({ to, ofModels }) =>
        ofModels.map((one): [FunctionDef, SignalConnection] => [to, one]),
      ),
    ),
  partsOf: (all) => all.flatMap(({ signal, at }) => [signal, at]),
}

/** By the call that makes a signal of the project's own, what receives it. */
const own: DerivedMap<Names, Expr, readonly Receiver[]> = {
  find: (names) => grouped(connectionsIn(names).flatMap(({ own }) => own)),
  parts: (found) => [...found].flatMap(([signal, all]) => [signal, ...all.flatMap(partsOfReceiver)]),
  partsOf: (all) => all.flatMap(partsOfReceiver),
}

const partsOfReceiver = ({ node, sender }: Receiver) => [node, sender?.expr]

/** The model signals that a function is connected to. What tests connect does not count. */
export const signalConnections = (names: Names, node: FunctionDef): readonly SignalConnection[] =>
  names.derived.get(ofModels, node) ?? []

/** The receivers of a signal that the project defines, such as `order_paid = Signal()`. */
export function receiversOf(names: Names, file: ProjectFile, signal: Expr): readonly Receiver[] {
  const made = ownSignal(names, file, signal)
  return (made && names.derived.get(own, made)) ?? []
}

/** The functions that receive any signal of the project's own. */
export const ownReceivers = (names: Names): FunctionDef[] =>
  [...names.derived.of(own).values()].flat().map(({ node }) => node)

const connectionsIn = (names: Names): readonly Connected[] =>
  names.inFiles('connections', (file) => (file.isTest ? [] : connectedIn(names, file)))

/** What one place of a file connects a function to. */
interface Connected {
  readonly to: FunctionDef
  readonly ofModels: readonly SignalConnection[]
  readonly own: readonly [Expr, Receiver][]
}

function* connectedIn(names: Names, file: ProjectFile): Generator<Connected> {
  const connected = (to: Omit<Receiver, 'sender'>, at: Decorator | Call, signal: Expr, { args }: Call): Connected => {
    const sender = args.find((arg) => arg.name === 'sender')?.value
    return {
      to: to.node,
      ofModels: signalsIn(names, file, signal).map((name) => ({ signal: name, file, at, sender })),
      own: elementsOf(signal).flatMap((one): [Expr, Receiver][] => {
        const made = ownSignal(names, file, one)
        return made ? [[made, { ...to, sender: sender && { file, expr: sender } }]] : []
      }),
    }
  }
  for (const node of file.functions) {
    for (const decorator of node.decorators) {
      const { expression } = decorator
      if (expression.kind !== 'call' || !receiverDecorators.has(names.calleeName(file, expression) ?? '')) continue
      const signal = expression.args.find((arg) => arg.name === 'signal' || !arg.name)
      if (signal) yield connected({ file, node }, decorator, signal.value, expression)
    }
  }
  for (const call of file.calls) {
    const { callee, args } = call
    if (callee.kind !== 'attribute' || callee.attr !== 'connect') continue
    const given = args.find((arg) => arg.name === 'receiver' || (!arg.name && !arg.unpack))
    const receiver = given && functionMeant(names, file, given.value)
    if (receiver) yield connected(receiver, call, callee.value, call)
  }
}

/** The function that an expression means, or the method of the object whose method it stands in: `self.on_saved`. */
function functionMeant(names: Names, file: ProjectFile, expr: Expr): Omit<Receiver, 'sender'> | undefined {
  const referent = names.follow(file, expr)
  if (referent?.kind === 'function') return { file: referent.file, node: referent.node }
  if (expr.kind !== 'attribute' || expr.value.kind !== 'name') return undefined
  const method = [...ancestors(expr)].find((up) => up.kind === 'function')
  const owner = method && enclosingClass(method)
  if (!owner || method.parameters[0]?.name !== expr.value.id) return undefined
  return findMethod(names, { kind: 'class', file, node: owner }, expr.attr)
}

/** The call that makes the signal that an expression means, where the project makes it. */
function ownSignal(names: Names, file: ProjectFile, expr: Expr): Call | undefined {
  const referent = names.follow(file, expr)
  if (referent?.kind !== 'value' || referent.expr.kind !== 'call') return undefined
  return signalClasses.has(names.calleeName(referent.file, referent.expr) ?? '') ? referent.expr : undefined
}

const elementsOf = (expr: Expr): readonly Expr[] =>
  expr.kind === 'list' || expr.kind === 'tuple' ? expr.elements.flatMap(elementsOf) : [expr]

/** The model signals that `post_save`, or a list of signals, names. */
function signalsIn(names: Names, file: ProjectFile, expr: Expr): string[] {
  return elementsOf(expr).flatMap((one) => {
    const referent = names.follow(file, one)
    const signal = referent?.kind === 'external' ? modelSignal.exec(referent.name)?.[1] : undefined
    return signal ? [signal] : []
  })
}
