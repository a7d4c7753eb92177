/** Owns questions about classes and their bases, across files. */
import type { ClassDef, Expr, FunctionDef } from '../python/syntax.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'

export type ClassReferent = Extract<Referent, { kind: 'class' }>

/** Classes that refer to each other in a circle end here. */
const MAX_DEPTH = 20

export interface Lineage {
  readonly own: readonly ClassReferent[]
  readonly external: readonly string[]
  readonly unknown: boolean
}

/** A class and every ancestor that the project defines, nearest first, and the dotted names of those from outside. */
export const lineage = (names: Names, referent: ClassReferent): Lineage =>
  names.remember(referent.file, `lineage ${referent.node.start}`, () => lineageOf(names, referent))

function lineageOf(names: Names, referent: ClassReferent): Lineage {
  const own: ClassReferent[] = []
  const external: string[] = []
  let unknown = false
  const visit = (at: ClassReferent, depth: number) => {
    if (own.some((known) => known.node === at.node) || depth > MAX_DEPTH) return
    own.push(at)
    for (const base of at.node.bases) {
      if (base.name) continue
      const parent = names.follow(at.file, withoutParameters(base.value))
      if (parent?.kind === 'class') visit(parent, depth + 1)
      else if (parent?.kind === 'external') external.push(parent.name)
      else unknown = true
    }
  }
  visit(referent, 0)
  return { own, external, unknown }
}

/** `Generic[T]` as `Generic`. */
const withoutParameters = (expr: Expr): Expr => (expr.kind === 'subscript' ? expr.value : expr)

/** Whether a class descends from one of the classes with these dotted names. */
export function inheritsFrom(names: Names, referent: ClassReferent, ancestors: ReadonlySet<string>): boolean {
  return lineage(names, referent).external.some((name) => ancestors.has(name))
}

/** A method in a class or the nearest ancestor that the project defines. */
export function findMethod(
  names: Names,
  referent: ClassReferent,
  method: string,
): { file: ProjectFile; node: FunctionDef } | undefined {
  for (const { file, node } of lineage(names, referent).own) {
    const found = node.body.find((statement) => statement.kind === 'function' && statement.name === method)
    if (found?.kind === 'function') return { file, node: found }
  }
  return undefined
}

/** The value that a class body, or that of the nearest ancestor, gives to an attribute. */
export function classAttribute(
  names: Names,
  referent: ClassReferent,
  attribute: string,
): { file: ProjectFile; value: Expr } | undefined {
  for (const { file, node } of lineage(names, referent).own) {
    const value = attributeIn(node, attribute)
    if (value) return { file, value }
  }
  return undefined
}

/** The value that a class body itself gives to an attribute. */
export function attributeIn(node: ClassDef, attribute: string): Expr | undefined {
  for (const statement of node.body) {
    if (statement.kind !== 'assign' || !statement.value) continue
    if (statement.targets.some((target) => target.kind === 'name' && target.id === attribute)) return statement.value
  }
  return undefined
}
