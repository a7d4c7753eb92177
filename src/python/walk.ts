/** Owns moving about in a syntax tree: downwards in source order, and upwards once `linkParents` has run. */
import type { ClassDef, Expr, FunctionDef, Lambda, Node, Statement } from './syntax.ts'

/** The properties of each kind of node that hold other nodes, in source order. */
const childProperties: Readonly<Record<Node['kind'], readonly string[]>> = {
  module: ['body'],
  function: ['decorators', 'parameters', 'returns', 'body'],
  class: ['decorators', 'bases', 'body'],
  assign: ['targets', 'annotation', 'value'],
  augassign: ['target', 'value'],
  expr: ['value'],
  return: ['value'],
  raise: ['exception', 'cause'],
  if: ['test', 'body', 'orelse'],
  for: ['target', 'iter', 'body', 'orelse'],
  while: ['test', 'body', 'orelse'],
  with: ['items', 'body'],
  'with-item': ['context', 'target'],
  try: ['body', 'handlers', 'orelse', 'finalbody'],
  handler: ['types', 'body'],
  import: ['names'],
  'import-from': ['names'],
  imported: [],
  global: [],
  nonlocal: [],
  match: ['subject', 'cases'],
  case: ['guard', 'body'],
  simple: ['expressions'],
  decorator: ['expression'],
  parameter: ['annotation', 'default'],
  argument: ['value'],
  entry: ['key', 'value'],
  name: [],
  attribute: ['value'],
  string: [],
  fstring: ['parts'],
  number: [],
  constant: [],
  list: ['elements'],
  tuple: ['elements'],
  set: ['elements'],
  dict: ['entries'],
  call: ['callee', 'args'],
  subscript: ['value', 'index'],
  lambda: ['parameters', 'body'],
  binary: ['left', 'right'],
  compare: ['operands'],
  unary: ['operand'],
  conditional: ['body', 'test', 'orelse'],
  await: ['value'],
  yield: ['value'],
  starred: ['value'],
  walrus: ['target', 'value'],
  comprehension: ['key', 'element', 'clauses'],
  'for-clause': ['target', 'iter'],
  'if-clause': ['test'],
  unknown: ['children'],
}

/** Calls `visit` with each direct child of a node, in source order. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  for (const property of childProperties[node.kind]) {
    const held = (node as unknown as Record<string, Node | readonly Node[] | undefined>)[property]
    if (!held) continue
    if (Array.isArray(held)) for (const child of held as readonly Node[]) visit(child)
    else visit(held as Node)
  }
}

/** The direct children of a node, in source order. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = []
  forEachChild(node, (child) => children.push(child))
  return children
}

/** The node and everything below it, parents first. `enter` may refuse to go below a node. */
export function* descendants(node: Node, enter: (node: Node) => boolean = () => true): Generator<Node> {
  // A generator within a generator for each level would hand every node up through all of them.
  const waiting = [node]
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    yield at
    if (enter(at)) pushChildren(at, waiting)
  }
}

/** Puts the direct children of a node on a stack, the first on top. Most of an analysis passes here: it makes no garbage. */
function pushChildren(node: Node, stack: Node[]): void {
  const properties = childProperties[node.kind]
  for (let index = properties.length - 1; index >= 0; index--) {
    const held = (node as unknown as Record<string, Node | readonly Node[] | undefined>)[properties[index]!]
    if (!held) continue
    if (Array.isArray(held)) for (let at = held.length - 1; at >= 0; at--) stack.push(held[at] as Node)
    else stack.push(held as Node)
  }
}

/** Everything below a list of statements that runs when they run: bodies of nested functions, classes and lambdas are left out. */
export function* executed(statements: readonly (Statement | Expr)[]): Generator<Node> {
  for (const statement of statements) yield* descendants(statement, (node) => !isScope(node))
}

/** Sets `parent` on everything below `node`. Idempotent. */
export function linkParents(node: Node): void {
  forEachChild(node, (child) => {
    child.parent = node
    linkParents(child)
  })
}

export const isScope = (node: Node): node is FunctionDef | ClassDef | Lambda =>
  node.kind === 'function' || node.kind === 'class' || node.kind === 'lambda'

/** The nodes around a node, nearest first, the module last. */
export function* ancestors(node: Node): Generator<Node> {
  for (let up = node.parent; up; up = up.parent) yield up
}

/** The function that holds a node, lambdas passed over. A function does not hold its own decorators or defaults. */
export function enclosingFunction(node: Node): FunctionDef | undefined {
  let below = node
  for (const up of ancestors(node)) {
    if (up.kind === 'function' && below.kind !== 'decorator' && below.kind !== 'parameter') return up
    below = up
  }
  return undefined
}

/** The class whose body directly holds a function. */
export const enclosingClass = (node: FunctionDef): ClassDef | undefined =>
  node.parent?.kind === 'class' ? node.parent : undefined

const statementKinds: ReadonlySet<Node['kind']> = new Set([
  'function',
  'class',
  'assign',
  'augassign',
  'expr',
  'return',
  'raise',
  'if',
  'for',
  'while',
  'with',
  'try',
  'import',
  'import-from',
  'global',
  'nonlocal',
  'match',
  'simple',
] as const)

export const isStatement = (node: Node): node is Statement => statementKinds.has(node.kind)

/** The innermost statement that holds a node, or the node itself. */
export function enclosingStatement(node: Node): Statement {
  let at: Node = node
  while (!isStatement(at)) at = at.parent!
  return at
}

/** The statements that follow a statement in its own block. */
export function statementsAfter(statement: Statement): Statement[] {
  for (const block of Object.values(statement.parent ?? {})) {
    if (Array.isArray(block) && block.includes(statement)) return block.slice(block.indexOf(statement) + 1)
  }
  return []
}

/** `super()`, and `super(Class, self)` as it was written before Python 3. */
export const isSuperCall = (expr: Expr): boolean =>
  expr.kind === 'call' && expr.callee.kind === 'name' && expr.callee.id === 'super'

/** `a.b.c` as written, or undefined for anything but names and attributes. */
export function dottedName(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.id
  if (expr.kind !== 'attribute') return undefined
  const value = dottedName(expr.value)
  return value && `${value}.${expr.attr}`
}
