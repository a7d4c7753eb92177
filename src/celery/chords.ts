/** Owns finding chords: several tasks whose results another one is given, however they are written. */
import type { Argument, Binary, Call, Expr } from '../python/syntax.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

export interface Chord {
  readonly file: ProjectFile
  /** The whole of it: `chord(…)`, `chain(…)` or `group(…) | …`. */
  readonly node: Expr
  /** What is to run before the body, as far as it is written there. */
  readonly header: readonly Expr[]
}

/** The chords that the files of a project make. */
export const chordsOf = (project: CeleryProject): readonly Chord[] =>
  project.inFiles('chords', (file) => chordsIn(project, file))

const chordParts = /chord|group/

function chordsIn(project: CeleryProject, file: ProjectFile): Chord[] {
  if (!file.mentions(chordParts)) return []
  return [...file.calls, ...file.unions].flatMap((node) => {
    const header = headerOf(project, file, node)
    return header ? [{ file, node, header }] : []
  })
}

function headerOf(project: CeleryProject, file: ProjectFile, node: Call | Binary): Expr[] | undefined {
  if (node.kind === 'binary') {
    return membersOf(project, file, lastStep(node.left))
  }
  const made = project.externalName(file, node.callee) ?? ''
  if (/^celery\.(canvas\.)?chord$/.test(made)) {
    const header = node.args.find(({ name, unpack }) => name === 'header' || (!name && !unpack))?.value
    return header ? (membersOf(project, file, header) ?? spread(header)) : []
  }
  if (!/^celery\.(canvas\.)?chain$/.test(made)) return undefined
  // The last step of a chain has nothing behind it.
  for (const step of node.args.slice(0, -1)) {
    const header = membersOf(project, file, step.value)
    if (header) return header
  }
  return undefined
}

const lastStep = (expr: Expr): Expr => (expr.kind === 'binary' && expr.operator === '|' ? expr.right : expr)

/** The signatures of `group(…)`; undefined for anything else. */
function membersOf(project: CeleryProject, file: ProjectFile, expr: Expr): Expr[] | undefined {
  if (!isGroup(project, file, expr)) return undefined
  return expr.args.flatMap(({ value }: Argument) => spread(value))
}

/** Whether an expression is a call of `group`. */
export const isGroup = (project: CeleryProject, file: ProjectFile, expr: Expr): expr is Call =>
  expr.kind === 'call' && /^celery\.(canvas\.)?group$/.test(project.externalName(file, expr.callee) ?? '')

function spread(expr: Expr): Expr[] {
  if (expr.kind === 'list' || expr.kind === 'tuple') return expr.elements.flatMap(spread)
  if (expr.kind === 'starred') return spread(expr.value)
  return [expr.kind === 'comprehension' ? expr.element : expr]
}
