/**
 * Owns which name means what inside one file, by Python's scoping rules. What an import leads to in other files is left
 * to the project.
 */
import type {
  ClassDef,
  Comprehension,
  Expr,
  FunctionDef,
  Handler,
  ImportedName,
  ImportFrom,
  Lambda,
  Module,
  Node,
  Parameter,
} from './syntax.ts'
import { forEachChild } from './walk.ts'

export type ScopeNode = Module | FunctionDef | ClassDef | Lambda | Comprehension

/** One way in which a name gets its value in a scope. `at` is where that happens. */
export type Binding =
  | { kind: 'import'; at: ImportedName; module: string; level: number; name?: string }
  | { kind: 'function'; at: FunctionDef }
  | { kind: 'class'; at: ClassDef }
  | { kind: 'parameter'; at: Parameter }
  /** `name = value`; without a value it is a bare annotation. `path` leads into an unpacked value: `_, user = …` has `[1]`. */
  | { kind: 'assignment'; at: Node; value?: Expr; annotation?: Expr; path: number[] }
  | { kind: 'loop'; at: Node; iter: Expr; path: number[] }
  | { kind: 'with'; at: Node; context: Expr }
  | { kind: 'except'; at: Handler }
  | { kind: 'other'; at: Node }

/** A name that one scope binds more often is generated code's; nobody says which of its values is meant. */
export const MAX_BINDINGS = 200

export interface Scope {
  readonly node: ScopeNode
  readonly parent?: Scope
  readonly bindings: ReadonlyMap<string, readonly Binding[]>
  /** Modules of `from … import *`. */
  readonly stars: readonly ImportFrom[]
}

interface OpenScope extends Scope {
  readonly bindings: Map<string, Binding[]>
  readonly stars: ImportFrom[]
  /** Names declared `global` or `nonlocal`: bound elsewhere. */
  readonly outer: Set<string>
}

/** Every scope of a module by its node. The module needs its parents linked. */
export function scopesOf(module: Module): ReadonlyMap<Node, Scope> {
  const scopes = new Map<Node, Scope>()

  const open = (node: ScopeNode, parent?: Scope): OpenScope => {
    const scope: OpenScope = { node, parent, bindings: new Map(), stars: [], outer: new Set() }
    scopes.set(node, scope)
    return scope
  }

  const bind = (scope: OpenScope, name: string, binding: Binding) => {
    if (scope.outer.has(name)) return
    const known = scope.bindings.get(name)
    if (known) known.push(binding)
    else scope.bindings.set(name, [binding])
  }

  const bindTarget = (
    scope: OpenScope,
    target: Expr,
    make: (path: number[], at: Node) => Binding,
    path: number[] = [],
  ) => {
    if (target.kind === 'name') bind(scope, target.id, make(path, target))
    else if (target.kind === 'starred') bindTarget(scope, target.value, (_, at) => ({ kind: 'other', at }))
    else if (target.kind === 'tuple' || target.kind === 'list') {
      for (const [index, element] of target.elements.entries()) bindTarget(scope, element, make, [...path, index])
    }
  }

  const visitAll = (nodes: Iterable<Node>, scope: OpenScope) => {
    for (const node of nodes) visit(node, scope)
  }

  const visitFunction = (node: FunctionDef | Lambda, scope: OpenScope) => {
    const inner = open(node, scope)
    for (const parameter of node.parameters) {
      bind(inner, parameter.name, { kind: 'parameter', at: parameter })
      forEachChild(parameter, (child) => visit(child, scope))
    }
    if (node.kind === 'lambda') visit(node.body, inner)
    else visitAll(node.body, inner)
  }

  const visit = (node: Node, scope: OpenScope): void => {
    switch (node.kind) {
      case 'function':
        bind(scope, node.name, { kind: 'function', at: node })
        visitAll(node.decorators, scope)
        if (node.returns) visit(node.returns, scope)
        visitFunction(node, scope)
        return
      case 'lambda':
        visitFunction(node, scope)
        return
      case 'class':
        bind(scope, node.name, { kind: 'class', at: node })
        visitAll(node.decorators, scope)
        visitAll(node.bases, scope)
        visitAll(node.body, open(node, scope))
        return
      case 'comprehension': {
        const inner = open(node, scope)
        for (const clause of node.clauses) {
          if (clause.kind !== 'for-clause') continue
          bindTarget(inner, clause.target, (path, at) => ({ kind: 'loop', at, iter: clause.iter, path }))
        }
        forEachChild(node, (child) => visit(child, inner))
        return
      }
      case 'import':
        for (const name of node.names) {
          const [first = ''] = name.name.split('.')
          bind(scope, name.alias ?? first, {
            kind: 'import',
            at: name,
            module: name.alias ? name.name : first,
            level: 0,
          })
        }
        return
      case 'import-from':
        if (node.star) scope.stars.push(node)
        for (const name of node.names) {
          const { module, level } = node
          bind(scope, name.alias ?? name.name, { kind: 'import', at: name, module, level, name: name.name })
        }
        return
      case 'assign':
        for (const target of node.targets) {
          const { value, annotation } = node
          bindTarget(scope, target, (path, at) => ({ kind: 'assignment', at, value, annotation, path }))
        }
        break
      case 'augassign':
        bindTarget(scope, node.target, (_, at) => ({ kind: 'other', at }))
        break
      case 'walrus':
        bind(scope, node.target.id, { kind: 'assignment', at: node, value: node.value, path: [] })
        break
      case 'for':
        bindTarget(scope, node.target, (path, at) => ({ kind: 'loop', at, iter: node.iter, path }))
        break
      case 'with-item': {
        const { context } = node
        if (node.target) bindTarget(scope, node.target, (_, at) => ({ kind: 'with', at, context }))
        break
      }
      case 'handler':
        if (node.name) bind(scope, node.name, { kind: 'except', at: node })
        break
      case 'case':
        for (const name of node.names) bind(scope, name, { kind: 'other', at: node })
        break
      case 'global':
      case 'nonlocal':
        for (const name of node.names) scope.outer.add(name)
        return
    }
    forEachChild(node, (child) => visit(child, scope))
  }

  const root = open(module)
  visitAll(module.body, root)
  return scopes
}

const opensScope: ReadonlySet<Node['kind']> = new Set([
  'module',
  'class',
  'function',
  'lambda',
  'comprehension',
] as const)

/** The scope in which a node's names are looked up. Decorators, defaults and bases belong to the scope around. */
export function scopeAt(scopes: ReadonlyMap<Node, Scope>, node: Node): Scope {
  let below = node
  for (let up = node.parent; up; up = up.parent) {
    const outside =
      below.kind === 'decorator' || below.kind === 'parameter' || (up.kind === 'class' && below.kind === 'argument')
    if (!outside && opensScope.has(up.kind)) return scopes.get(up)!
    below = up
  }
  return scopes.get(below)!
}

/** The scope that binds a name, seen from `from`: classes are skipped on the way out, as Python does. */
export function scopeOf(name: string, from: Scope): Scope | undefined {
  for (let scope: Scope | undefined = from; scope; scope = scope.parent) {
    if (scope !== from && scope.node.kind === 'class') continue
    if (scope.bindings.has(name)) return scope
  }
  return undefined
}
