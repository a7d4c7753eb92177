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
  find: (project) => {
    const { callGraph, names } = project
    const found = callGraph.reached(starts(project), (file, node) => isInSaversTransaction(names, file, node))
    const written = found.filter((one) => callGraph.wroteOnTheWay(one, one.origin.transaction.body[0]?.start))
    return grouped(written.map((one) => [one.dispatch.file, one]))
  },
}

function* starts(project: CeleryProject): Generator<Start<Holder>> {
  const { callGraph, names } = project
  for (const file of project.files.values()) {
    if (file.isTest || file.isMigration || !mentionsOpener(names, file)) continue
    for (const call of file.calls) {
      const transaction = project.transactionAround(file, call)
      const frame = transaction && frameAround(file, call)
      if (!frame || !callGraph.leads(frame, call) || standsInFailure(call)) continue
      if (frame.node && waitsForCommit(names, file, frame.node)) continue
      yield { frame, call, origin: { file, transaction } }
    }
  }
}
