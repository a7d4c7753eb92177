/** Owns moving about in a syntax tree: downwards in source order, and upwards once `linkParents` has run. */
import type { ClassDef, Expr, FunctionDef, Lambda, Node, Statement } from './syntax.ts'

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'kind' in value

/** The direct children of a node, in the order of its properties. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const key in node) {
    if (key === 'parent') continue
    const value: unknown = node[key as keyof Node]
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item
    } else if (isNode(value)) yield value
  }
}

/** The node and everything below it, parents first. `enter` may refuse to go below a node. */
export function* descendants(node: Node, enter: (node: Node) => boolean = () => true): Generator<Node> {
  yield node
  if (!enter(node)) return
  for (const child of childrenOf(node)) yield* descendants(child, enter)
}

/** Everything below a list of statements that runs when they run: bodies of nested functions, classes and lambdas are left out. */
export function* executed(statements: readonly (Statement | Expr)[]): Generator<Node> {
  for (const statement of statements) yield* descendants(statement, (node) => !isScope(node))
}

/** Sets `parent` on everything below `node`. Idempotent. */
export function linkParents(node: Node): void {
  for (const child of childrenOf(node)) {
    child.parent = node
    linkParents(child)
  }
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

/** `a.b.c` as written, or undefined for anything but names and attributes. */
export function dottedName(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.id
  if (expr.kind !== 'attribute') return undefined
  const value = dottedName(expr.value)
  return value && `${value}.${expr.attr}`
}
