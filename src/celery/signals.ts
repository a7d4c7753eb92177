/** Owns which functions Django calls when a model is saved or deleted: the receivers of its model signals, across files. */

import type { Call, Decorator, Expr, FunctionDef } from '../python/syntax.ts'
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

type Connections = ReadonlyMap<FunctionDef, readonly SignalConnection[]>

const modelSignal = /^django\.db\.models\.signals\.(pre_save|post_save|pre_delete|post_delete|m2m_changed)$/
const receiverDecorators = new Set(['django.dispatch.receiver', 'django.dispatch.dispatcher.receiver'])

const known = new WeakMap<Names, Connections>()

/** The model signals that a function is connected to. What tests connect does not count. */
export function signalConnections(names: Names, node: FunctionDef): readonly SignalConnection[] {
  let connections = known.get(names)
  if (!connections) {
    connections = connectionsIn(names)
    known.set(names, connections)
  }
  return connections.get(node) ?? []
}

function connectionsIn(names: Names): Connections {
  const found = new Map<FunctionDef, SignalConnection[]>()
  const add = (node: FunctionDef, file: ProjectFile, at: Decorator | Call, signal: Expr, { args }: Call) => {
    const sender = args.find((arg) => arg.name === 'sender')?.value
    const connections = signalsIn(names, file, signal).map((name) => ({ signal: name, file, at, sender }))
    if (connections.length > 0) found.set(node, [...(found.get(node) ?? []), ...connections])
  }
  for (const file of names.files.values()) {
    if (file.isTest) continue
    for (const node of file.functions) {
      for (const decorator of node.decorators) {
        const { expression } = decorator
        if (expression.kind !== 'call' || !receiverDecorators.has(names.calleeName(file, expression) ?? '')) continue
        const signal = expression.args.find((arg) => arg.name === 'signal' || !arg.name)
        if (signal) add(node, file, decorator, signal.value, expression)
      }
    }
    for (const call of file.calls) {
      const { callee, args } = call
      if (callee.kind !== 'attribute' || callee.attr !== 'connect') continue
      const given = args.find((arg) => arg.name === 'receiver' || (!arg.name && !arg.unpack))
      const receiver = given && names.follow(file, given.value)
      if (receiver?.kind === 'function') add(receiver.node, file, call, callee.value, call)
    }
  }
  return found
}

/** The model signals that `post_save`, or a list of signals, names. */
function signalsIn(names: Names, file: ProjectFile, expr: Expr): string[] {
  if (expr.kind === 'list' || expr.kind === 'tuple') return expr.elements.flatMap((one) => signalsIn(names, file, one))
  const referent = names.follow(file, expr)
  const signal = referent?.kind === 'external' ? modelSignal.exec(referent.name)?.[1] : undefined
  return signal ? [signal] : []
}
