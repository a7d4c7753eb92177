/** Owns the circumstances in which a piece of code runs, as far as the function around it shows them. */
import type {
  Call,
  Decorator,
  Expr,
  For,
  FunctionDef,
  Lambda,
  Node,
  Statement,
  Try,
  While,
  With,
} from '../python/syntax.ts'
import { ancestors, enclosingClass, executed, isScope, isStatement, statementsAfter } from '../python/walk.ts'
import type { Derivation } from './derived.ts'
import type { Names } from './names.ts'
import type { ProjectFile } from './project-file.ts'

/** What opens a transaction around a piece of code. */
export interface Transaction {
  /** The `with` statement, or the decorator of the function. */
  readonly at: With | Decorator
  /** What runs inside. */
  readonly body: readonly Statement[]
  /** `using=`, or the first argument, of `atomic`: the database, where it is not the default. */
  readonly using?: Expr
}

const atomicNames = new Set(['django.db.transaction.atomic', 'django.db.transaction.Atomic'])
/** What hands a callback to the default database. */
export const onCommitNames: ReadonlySet<string> = new Set([
  'django.db.transaction.on_commit',
  'django.db.connection.on_commit',
])

/** The `using` of an expression that opens a transaction, or undefined when it does not open one. */
function atomic(names: Names, file: ProjectFile, expr: Expr, as: Opener): { using?: Expr } | undefined {
  const call = expr.kind === 'call' ? expr : undefined
  const callee = call ? call.callee : expr
  const referent = names.follow(file, callee)
  if (referent?.kind === 'function') return openerAt(names, referent) === as ? {} : undefined
  if (referent?.kind !== 'external' || !atomicNames.has(referent.name)) return undefined
  const using = call?.args.find((arg) => arg.name === 'using' || (!arg.name && !arg.unpack))?.value
  // `@atomic` on a bare function passes the function; nothing else to see there.
  return { using }
}

/** How a function of the project opens a transaction: around what a `with` block holds, or around what it decorates. */
type Opener = 'with' | 'decorator'

const mayDefineOpener = (file: ProjectFile): boolean => !file.isTest && file.mentions('atomic')

/** How a function of the project opens a transaction for others, if it does. */
function openerAt(names: Names, { file, node }: { file: ProjectFile; node: FunctionDef }): Opener | undefined {
  if (!mayDefineOpener(file)) return undefined
  // One that is made of itself opens none.
  return names.remember(file, `opener ${node.start}`, () => openerOf(names, file, node), { answer: undefined })
}

function openerOf(names: Names, file: ProjectFile, node: FunctionDef): Opener | undefined {
  const isContextManager = node.decorators.some(
    ({ expression }) => names.externalName(file, expression) === 'contextlib.contextmanager',
  )
  if (isContextManager) {
    const yields = [...executed(node.body)].filter(({ kind }) => kind === 'yield')
    const [only] = yields
    return only && yields.length === 1 && transactionAround(names, file, only) ? 'with' : undefined
  }
  const [decorated] = node.parameters
  const wraps = node.body.find((statement) => statement.kind === 'function')
  const result = node.body.at(-1)
  if (!decorated || wraps?.kind !== 'function' || result?.kind !== 'return' || result.value?.kind !== 'name')
    return undefined
  if (result.value.id !== wraps.name) return undefined
  const calls = [...executed(wraps.body)].filter(
    (inner) => inner.kind === 'call' && inner.callee.kind === 'name' && inner.callee.id === decorated.name,
  )
  return calls.length > 0 && calls.every((call) => transactionAround(names, file, call)) ? 'decorator' : undefined
}

/** The names of all functions of the project that open a transaction for others. */
const openerNames: Derivation<Names, readonly string[]> = {
  find: (names) =>
    names.inFiles('openers', (file) =>
      file.functions.filter((node) => openerAt(names, { file, node })).map(({ name }) => name),
    ),
  parts: (found) => found,
}

/** What a file must mention to open a transaction. */
export const mentionsOpener = (names: Names, file: ProjectFile): boolean =>
  file.mentions('atomic') || names.derived.of(openerNames).some((name) => file.facts.text.includes(name))

function atomicDecorator(
  names: Names,
  file: ProjectFile,
  node: FunctionDef,
): { at: Decorator; using?: Expr } | undefined {
  for (const at of node.decorators) {
    const direct = atomic(names, file, at.expression, 'decorator') ?? methodDecorator(names, file, at.expression)
    if (direct) return { at, ...direct }
  }
  for (const at of enclosingClass(node)?.decorators ?? []) {
    const found = methodDecorator(names, file, at.expression, node.name)
    if (found) return { at, ...found }
  }
  return undefined
}

/** `@method_decorator(transaction.atomic, name='dispatch')`. Decorating `dispatch` covers every handler of the view. */
function methodDecorator(names: Names, file: ProjectFile, expr: Expr, method?: string): { using?: Expr } | undefined {
  if (expr.kind !== 'call' || names.calleeName(file, expr) !== 'django.utils.decorators.method_decorator')
    return undefined
  const decorator = expr.args[0]?.value
  const found = decorator && atomic(names, file, decorator, 'decorator')
  if (!found || method === undefined) return found
  const named = expr.args.find((arg) => arg.name === 'name')?.value
  const target = named?.kind === 'string' ? named.value : undefined
  const handlers = ['get', 'post', 'put', 'patch', 'delete']
  return target === method || (target === 'dispatch' && handlers.includes(method)) ? found : undefined
}

/** The transaction that a node visibly runs in. A function that is only defined inside a block does not run in it. */
export function transactionAround(names: Names, file: ProjectFile, node: Node): Transaction | undefined {
  let below = node
  for (const up of ancestors(node)) {
    if (up.kind === 'with' && up.body.includes(below as Statement)) {
      for (const item of up.items) {
        const found = atomic(names, file, item.context, 'with')
        if (found) return { at: up, body: up.body, using: found.using }
      }
    }
    if (up.kind === 'function') {
      if (!up.body.includes(below as Statement)) return undefined
      const found = atomicDecorator(names, file, up)
      return found && { at: found.at, body: up.body, using: found.using }
    }
    if (up.kind === 'lambda' || up.kind === 'class') return undefined
    below = up
  }
  return undefined
}

/** Whether a call hands something to Django to run after the commit. */
export function isOnCommit(names: Names, file: ProjectFile, { callee }: Call): boolean {
  const name = names.externalName(file, callee)
  if (name !== undefined) return onCommitNames.has(name)
  if (callee.kind !== 'attribute' || callee.attr !== 'on_commit') return false
  // connections["ledger"].on_commit(…) and transaction.get_connection("ledger").on_commit(…)
  const { value } = callee
  if (value.kind === 'subscript') return names.externalName(file, value.value) === 'django.db.connections'
  return value.kind === 'call' && names.calleeName(file, value) === 'django.db.transaction.get_connection'
}

/**
 * The callback that a call hands to Django to run after the commit, directly or through a function of the project that
 * passes it on.
 */
export function onCommitCallback(names: Names, file: ProjectFile, call: Call): Expr | undefined {
  if (isOnCommit(names, file, call)) return argument(call, 0, 'func')
  const wrapper = names.follow(file, call.callee)
  if (wrapper?.kind !== 'function') return undefined
  const { file: where, node } = wrapper
  const parameter = names.remember(where, `passed on ${node.start}`, () => passedOn(names, where, node))
  return parameter && argument(call, parameter.index, parameter.name)
}

/** A parameter that a function hands to Django to run after the commit. */
interface PassedOn {
  readonly index: number
  readonly name: string
}

function passedOn(names: Names, file: ProjectFile, node: FunctionDef): PassedOn | undefined {
  const callbacks = new Set<string>()
  for (const inner of executed(node.body)) {
    if (inner.kind !== 'call' || !isOnCommit(names, file, inner)) continue
    const callback = argument(inner, 0, 'func')
    if (callback?.kind === 'name') callbacks.add(callback.id)
  }
  const index = node.parameters.findIndex(({ name, form }) => form === 'positional' && callbacks.has(name))
  return index < 0 ? undefined : { index, name: node.parameters[index]!.name }
}

/** What a call gives for a parameter, by position or by name; undefined when something is unpacked into it. */
function argument({ args }: Call, index: number, name: string): Expr | undefined {
  if (args.some((arg) => arg.unpack)) return undefined
  const positional = args.filter((arg) => !arg.name)
  return (positional[index] ?? args.find((arg) => arg.name === name))?.value
}

/** The innermost loop or comprehension around a node within its function; the node must run once per round. */
export function loopAround(node: Node): For | While | Extract<Node, { kind: 'comprehension' }> | undefined {
  let below = node
  for (const up of ancestors(node)) {
    if ((up.kind === 'for' || up.kind === 'while') && up.body.includes(below as Statement)) return up
    if (up.kind === 'comprehension') return up
    if (isScope(up)) return undefined
    below = up
  }
  return undefined
}

/** The `try` statements whose body, not whose handlers, holds a node within its function, innermost first. */
export function* triesAround(node: Node): Generator<Try> {
  let below = node
  for (const up of ancestors(node)) {
    if (up.kind === 'try' && up.body.includes(below as Statement)) yield up
    if (isScope(up)) return
    below = up
  }
}

/** Whether a node runs because something failed, in a handler that lets the failure go on: a transaction around it is rolled back. */
export function standsInFailure(node: Node): boolean {
  for (const up of ancestors(node)) {
    if (up.kind === 'handler' && up.body.at(-1)?.kind === 'raise') return true
    if (isScope(up)) return false
  }
  return false
}

/** The lambda or function whose body directly runs a node. */
export function runsIn(node: Node): FunctionDef | Lambda | undefined {
  for (const up of ancestors(node)) {
    if (up.kind === 'function' || up.kind === 'lambda') return up
    if (up.kind === 'class') return undefined
  }
  return undefined
}

/**
 * The statements of a function that run after a statement when nothing raises or returns first, in their order and without
 * `finally` blocks; undefined inside a loop, where the next round may come.
 */
export function statementsThatFollow(statement: Statement): Statement[] | undefined {
  const follow: Statement[] = []
  let below: Node = statement
  for (const up of ancestors(statement)) {
    if (up.kind === 'for' || up.kind === 'while') return undefined
    if (isStatement(below)) follow.push(...statementsAfter(below))
    if (up.kind === 'try' && up.body.includes(below as Statement)) follow.push(...up.orelse)
    if (isScope(up)) break
    below = up
  }
  return follow
}
