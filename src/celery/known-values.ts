/**
 * Owns what can be told of a value while one function is followed into another: the class of an object, a class, a
 * function, or a constant. What a call then runs is left to `callees.ts`.
 */
import { scopeOf } from '../python/scopes.ts'
import type { Call, Expr, FunctionDef, Node, Parameter } from '../python/syntax.ts'
import { enclosingClass, executed } from '../python/walk.ts'
import { type ClassReferent, classAttribute, findMethod, lineage } from './classes.ts'
import { annotatedReferent, lastBefore, oneInstance, ormValue } from './models.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'

export type KnownValue =
  /** An object of a class; `open` when it may be of a class that derives from it. */
  | { readonly kind: 'instance'; readonly of: ClassReferent; readonly open: boolean }
  | { readonly kind: 'class'; readonly of: ClassReferent; readonly open: boolean }
  | { readonly kind: 'function'; readonly file: ProjectFile; readonly node: FunctionDef }
  | { readonly kind: 'constant'; readonly value: true | false | null }

/** A function as it runs for one caller, or the code of a module. */
export interface Frame {
  readonly file: ProjectFile
  /** Absent for the code of a module. */
  readonly node?: FunctionDef
  /** What is known of the parameters, by name. */
  readonly known: ReadonlyMap<string, KnownValue>
}

/** What tells frames apart, in every state: the function, and what is known of its parameters. */
export function frameKey({ file, node, known }: Frame): string {
  const parts = [...known].map(([name, value]) => {
    const is = value.kind === 'constant' ? value.value : placeOf('of' in value ? value.of : value)
    return `${name}=${value.kind}${'open' in value && value.open ? '+' : ''}:${is}`
  })
  return [placeOf({ file, node }), ...parts.sort()].join(' ')
}

const placeOf = ({ file, node }: { readonly file: ProjectFile; readonly node?: Node }): string =>
  `${file.path}:${node?.start}`

/** Values that are made from each other in a circle, and chains longer than anyone writes, end here. */
const MAX_DEPTH = 6

/** The frame of a function of which no caller is known: its own class is all that is known. */
export function frameOf(file: ProjectFile, node: FunctionDef | undefined): Frame {
  const owner = node && enclosingClass(node)
  if (!node || !owner) return { file, node, known: new Map() }
  return { file, node, known: selfOf(node, { kind: 'instance', of: { kind: 'class', file, node: owner }, open: true }) }
}

/** The first parameter of a method as it is called on an object or a class; static methods have none. */
export function selfOf(
  node: FunctionDef,
  on: Extract<KnownValue, { kind: 'instance' | 'class' }>,
): ReadonlyMap<string, KnownValue> {
  const first = node.parameters[0]
  const decorators = node.decorators.map(({ expression }) => (expression.kind === 'name' ? expression.id : ''))
  if (!first || first.form.startsWith('*') || decorators.includes('staticmethod')) return new Map()
  return new Map([[first.name, decorators.includes('classmethod') ? { ...on, kind: 'class' } : on]])
}

/** What is known of the value of an expression in a frame; undefined when nothing is. */
export function knownValue(names: Names, frame: Frame, expr: Expr, depth = 0): KnownValue | undefined {
  if (depth > MAX_DEPTH) return undefined
  switch (expr.kind) {
    case 'constant':
      return { kind: 'constant', value: expr.value }
    case 'await':
    case 'walrus':
      return knownValue(names, frame, expr.value, depth + 1)
    case 'name':
      return nameValue(names, frame, expr, depth) ?? ormInstance(names, frame, expr)
    case 'attribute':
      return (
        ofReferent(names.follow(frame.file, expr)) ??
        attributeValue(names, frame, expr, depth) ??
        ormInstance(names, frame, expr)
      )
    case 'call':
      return madeValue(names, frame, expr, depth) ?? ormInstance(names, frame, expr)
  }
  return undefined
}

function ofReferent(referent: Referent | undefined): KnownValue | undefined {
  if (referent?.kind === 'class') return { kind: 'class', of: referent, open: false }
  return referent?.kind === 'function' ? { kind: 'function', file: referent.file, node: referent.node } : undefined
}

function ormInstance(names: Names, { file }: Frame, expr: Expr): KnownValue | undefined {
  const value = ormValue(names, file, expr)
  return value?.kind === 'instance' && value.of ? { kind: 'instance', of: value.of, open: false } : undefined
}

function nameValue(
  names: Names,
  frame: Frame,
  expr: Extract<Expr, { kind: 'name' }>,
  depth: number,
): KnownValue | undefined {
  const scope = scopeOf(expr.id, frame.file.scopeAt(expr))
  const bindings = scope?.bindings.get(expr.id)
  // What a function looks up outside of itself may well be bound further down.
  if (!bindings || scope?.node.kind === 'module') return globalValue(names, frame.file, expr, depth)
  const last = lastBefore(bindings, expr)
  switch (last?.kind) {
    case 'parameter': {
      const known = last.at.parent === frame.node ? frame.known.get(expr.id) : undefined
      // A constant that is replaced further down may be another one in the next round of a loop.
      if (known) return known.kind === 'constant' && bindings.length > 1 ? undefined : known
      return annotated(names, frame.file, last.at)
    }
    case 'assignment': {
      if (last.path.length > 0 || !last.value) return undefined
      const value = knownValue(names, frame, last.value, depth + 1)
      return value?.kind === 'constant' && bindings.length > 1 ? undefined : value
    }
    case 'function':
    case 'class':
    case 'import':
      return globalValue(names, frame.file, expr, depth)
  }
  return undefined
}

/** A definition, or `service = OrderService()` at the top of a module. */
function globalValue(names: Names, file: ProjectFile, expr: Expr, depth: number): KnownValue | undefined {
  const referent = names.follow(file, expr)
  if (referent?.kind !== 'value') return ofReferent(referent)
  if (referent.expr.kind !== 'call') return undefined
  return knownValue(names, { file: referent.file, known: new Map() }, referent.expr, depth + 1)
}

function annotated(names: Names, file: ProjectFile, { annotation, form }: Parameter): KnownValue | undefined {
  const referent = annotation && !form.startsWith('*') ? annotatedReferent(names, file, annotation) : undefined
  return referent?.kind === 'class' ? { kind: 'instance', of: referent, open: false } : undefined
}

/** An attribute of an object or class whose class is known: from the class body, or what `__init__` gives it. */
function attributeValue(
  names: Names,
  frame: Frame,
  { value, attr }: Extract<Expr, { kind: 'attribute' }>,
  depth: number,
): KnownValue | undefined {
  const owner = knownValue(names, frame, value, depth + 1)
  if (owner?.kind !== 'instance' && owner?.kind !== 'class') return undefined
  const declared = classAttribute(names, owner.of, attr)
  if (declared) return knownValue(names, { file: declared.file, known: new Map() }, declared.value, depth + 1)
  const init = findMethod(names, owner.of, '__init__')
  const given = init && attributesOf(init.node).get(attr)
  return given && knownValue(names, frameOf(init.file, init.node), given, depth + 1)
}

const attributes = new WeakMap<FunctionDef, ReadonlyMap<string, Expr>>()

/** What a method gives to the attributes of its object; of several values the first. */
function attributesOf(method: FunctionDef): ReadonlyMap<string, Expr> {
  const known = attributes.get(method)
  if (known) return known
  const self = method.parameters[0]?.name
  const given = new Map<string, Expr>()
  for (const inner of executed(method.body)) {
    if (inner.kind !== 'assign' || !inner.value) continue
    for (const target of inner.targets) {
      if (target.kind !== 'attribute' || target.value.kind !== 'name' || target.value.id !== self) continue
      if (!given.has(target.attr)) given.set(target.attr, inner.value)
    }
  }
  attributes.set(method, given)
  return given
}

/** What a call of a class, of a manager or of a function of the project returns. */
function madeValue(names: Names, frame: Frame, call: Call, depth: number): KnownValue | undefined {
  const { callee } = call
  if (callee.kind === 'attribute') {
    const managed = oneInstance.has(callee.attr) ? managedClass(callee.value) : undefined
    const owner = knownValue(names, frame, managed ?? callee.value, depth + 1)
    if (managed && owner?.kind === 'class') return { ...owner, kind: 'instance' }
    if (!managed && (owner?.kind === 'instance' || owner?.kind === 'class')) {
      const method = findMethod(names, owner.of, callee.attr)
      return method && returnedValue(names, { ...method, known: selfOf(method.node, owner) }, depth)
    }
  }
  const made = knownValue(names, frame, callee, depth + 1)
  if (made?.kind === 'class') return { kind: 'instance', of: made.of, open: made.open }
  return made?.kind === 'function' ? returnedValue(names, { ...made, known: new Map() }, depth) : undefined
}

/** What stands before the manager of a chain of queries: `cls` in `cls.objects.select_for_update()`. */
function managedClass(expr: Expr): Expr | undefined {
  if (expr.kind === 'attribute') return expr.attr === 'objects' ? expr.value : undefined
  return expr.kind === 'call' && expr.callee.kind === 'attribute' ? managedClass(expr.callee.value) : undefined
}

/** What a function returns: by its annotation, else by its `return` statements where they agree. */
function returnedValue(
  names: Names,
  frame: Frame & { readonly node: FunctionDef },
  depth: number,
): KnownValue | undefined {
  const { file, node } = frame
  if (node.returns) {
    const referent = annotatedReferent(names, file, node.returns)
    if (referent?.kind === 'class') return { kind: 'instance', of: referent, open: false }
  }
  let agreed: KnownValue | undefined
  for (const inner of executed(node.body)) {
    if (inner.kind === 'yield') return undefined
    if (inner.kind !== 'return' || !inner.value || (inner.value.kind === 'constant' && inner.value.value === null))
      continue
    const value = knownValue(names, frame, inner.value, depth + 2)
    if (value?.kind !== 'instance' || (agreed?.kind === 'instance' && agreed.of.node !== value.of.node))
      return undefined
    agreed = value
  }
  return agreed
}

/** Whether a condition holds in a frame; undefined when that is not known. */
export function truthOf(names: Names, frame: Frame, test: Expr): boolean | undefined {
  switch (test.kind) {
    case 'unary': {
      const operand = test.operator === 'not' ? truthOf(names, frame, test.operand) : undefined
      return operand === undefined ? undefined : !operand
    }
    case 'binary': {
      if (test.operator !== 'and' && test.operator !== 'or') return undefined
      const sides = [truthOf(names, frame, test.left), truthOf(names, frame, test.right)]
      const decisive = test.operator === 'or'
      if (sides.includes(decisive)) return decisive
      return sides.includes(undefined) ? undefined : !decisive
    }
    case 'compare': {
      const [left, right] = test.operands
      const isNone = right?.kind === 'constant' && right.value === null
      if (!left || !isNone || test.operators.length !== 1) return undefined
      const value = knownValue(names, frame, left)
      if (!value) return undefined
      const none = value.kind === 'constant' && value.value === null
      return test.operators[0] === 'is' ? none : test.operators[0] === 'is not' ? !none : undefined
    }
    case 'name':
    case 'constant': {
      const value = knownValue(names, frame, test)
      return value?.kind === 'constant' ? value.value === true : undefined
    }
  }
  return undefined
}

/** The class that comes after another one in the order in which methods of an object are looked up. */
export function classesAfter(names: Names, of: ClassReferent, owner: ClassReferent): readonly ClassReferent[] {
  const { own } = lineage(names, of)
  const place = own.findIndex(({ node }) => node === owner.node)
  return place < 0 ? lineage(names, owner).own.slice(1) : own.slice(place + 1)
}
