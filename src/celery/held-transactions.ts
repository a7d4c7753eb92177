/** Owns which dispatches run in a transaction that another function, further up the calls, holds open. */
import { grouped } from '../core/grouped.ts'
import type { Call } from '../python/syntax.ts'
import { frameAround, type Reached, type Start } from './call-graph.ts'
import { mentionsOpener, standsInFailure, type Transaction } from './context.ts'
import type { DerivedMap } from './derived.ts'
import { waitsForCommit } from './on-commit.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { isInSaversTransaction } from './saving-hooks.ts'

/** Where a transaction is opened. */
export interface Holder {
  readonly file: ProjectFile
  readonly transaction: Transaction
}

export type HeldDispatch = Reached<Holder>

/**
 * The dispatches of a project that a caller makes inside a transaction of its own, each with the shortest
 * way to it. Left out is what is reached through `save()`, `delete()` and receivers of signals: that has a rule of its own.
 */
export const heldDispatches = (project: CeleryProject): readonly HeldDispatch[] =>
  [...project.derived.of(held).values()].flat()

/** Those in one file. */
export const heldDispatchesIn = (project: CeleryProject, file: ProjectFile): readonly HeldDispatch[] =>
  project.derived.get(held, file) ?? []

const held: DerivedMap<CeleryProject, ProjectFile, readonly HeldDispatch[]> = {
  find: (project) => {
    const nearest = new Map<Call, HeldIn>()
    for (const one of project.inFiles('held', (file) => heldIn(project, file))) {
      const known = nearest.get(one.reached.dispatch.call)
      if (!known || one.reached.steps.length < known.reached.steps.length) nearest.set(one.reached.dispatch.call, one)
    }
    const written = [...nearest.values()].filter(({ isWritten }) => isWritten)
    return grouped(written.map(({ reached }) => [reached.dispatch.file, reached]))
  },
  parts: (found) => [...found.values()].flat(),
  partsOf: (found) => found,
}

/** A dispatch that transactions of one file hold. */
interface HeldIn {
  readonly reached: HeldDispatch
  /** Whether something is written on the way to it. */
  readonly isWritten: boolean
}

function heldIn(project: CeleryProject, file: ProjectFile): HeldIn[] {
  const { callGraph, names } = project
  const starts = [...callsIn(project, file)].filter(({ frame, call }) => callGraph.leads(frame, call))
  const found = callGraph.reached(starts, (file, node) => isInSaversTransaction(names, file, node))
  return found.map((reached) => ({
    reached,
    isWritten: callGraph.wroteOnTheWay(reached, reached.origin.transaction.body[0]?.start),
  }))
}

function* callsIn(project: CeleryProject, file: ProjectFile): Generator<Start<Holder>> {
  const { names } = project
  if (file.isTest || file.isMigration || !mentionsOpener(names, file)) return
  for (const call of file.calls) {
    const transaction = project.transactionAround(file, call)
    const frame = transaction && frameAround(file, call)
    if (!frame || standsInFailure(call)) continue
    if (frame.node && waitsForCommit(names, file, frame.node)) continue
    yield { frame, call, origin: { file, transaction } }
  }
}
