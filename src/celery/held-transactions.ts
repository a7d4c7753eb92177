/** Owns which dispatches run in a transaction that another function, further up the calls, holds open. */
import { grouped } from '../core/grouped.ts'
import { frameAround, type Reached, type Start } from './call-graph.ts'
import { mentionsOpener, standsInFailure, type Transaction } from './context.ts'
import type { Derivation } from './derived.ts'
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
 * The dispatches of a project that a caller makes inside a transaction of its own, by their files, each with the shortest
 * way to it. Left out is what is reached through `save()`, `delete()` and receivers of signals: that has a rule of its own.
 */
export const heldDispatches = (project: CeleryProject): ReadonlyMap<ProjectFile, readonly HeldDispatch[]> =>
  project.derived.of(held)

const held: Derivation<CeleryProject, ReadonlyMap<ProjectFile, readonly HeldDispatch[]>> = {
  find: (project) => project.rememberAcross('held', () => findHeld(project)),
  parts: (found) => [found],
}

function findHeld(project: CeleryProject): ReadonlyMap<ProjectFile, readonly HeldDispatch[]> {
  const { callGraph, names } = project
  const starts = project.derived.of(callsInTransactions).filter(({ frame, call }) => callGraph.leads(frame, call))
  const found = callGraph.reached(starts, (file, node) => isInSaversTransaction(names, file, node))
  const written = found.filter((one) => callGraph.wroteOnTheWay(one, one.origin.transaction.body[0]?.start))
  return grouped(written.map((one) => [one.dispatch.file, one]))
}

const callsInTransactions: Derivation<CeleryProject, readonly Start<Holder>[]> = {
  find: (project) => project.inFiles('calls in transactions', (file) => callsIn(project, file)),
  parts: (starts) => starts,
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
