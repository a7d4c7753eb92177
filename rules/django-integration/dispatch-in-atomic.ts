/** A message sent inside a transaction can reach the worker before the rows it speaks of are committed. */

import { frameAround, functionLabel, namesOnTheWay, placesOnTheWay } from '../../src/celery/call-graph.ts'
import { runsIn, standsInFailure, type Transaction } from '../../src/celery/context.ts'
import type { Dispatch } from '../../src/celery/dispatches.ts'
import { type HeldDispatch, heldDispatchesIn } from '../../src/celery/held-transactions.ts'
import { defersToCommit, hasOnlyConstants, onCommitFix, sentLabel } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { defineRule, type Related } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'dispatch-in-atomic',
  reference: 'django-integration.md#sending-a-task-inside-a-transaction',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  replaces: ['dispatch-in-model-signal'],
  summary: 'A task is sent inside a transaction, so a worker can run it before the commit, or after a rollback',
  messages: {
    sent: '{task} is sent before this transaction commits, so a worker can look for rows that are not there yet, and a rollback does not take the message back. Send it from `transaction.on_commit`, or with `delay_on_commit` on Celery 5.4 or newer.',
    constants:
      '{task} is sent before this transaction commits, and a rollback does not take the message back. If the task should only run when the transaction succeeds, send it from `transaction.on_commit`.',
    held: '{holder} opens a transaction at {place} and calls {callee}, which sends {task} here before it commits: a worker can look for rows that are not there yet, and a rollback does not take the message back. Send it from `transaction.on_commit`, or with `delay_on_commit` on Celery 5.4 or newer.',
    calls:
      'This call leads to {task} through {path}, which sends it before the transaction commits that {holder} opens at {place}: a worker can look for rows that are not there yet, and a rollback does not take the message back. Make the call from `transaction.on_commit`, or send the task there.',
    opens:
      'This transaction is still open when {path} sends {task}: a worker can look for rows that are not there yet, and a rollback does not take the message back. Send it from `transaction.on_commit`, or with `delay_on_commit` on Celery 5.4 or newer.',
    heldFurtherUp:
      '{holder} opens a transaction at {place} and comes here through {path}, so {task} is sent before it commits: a worker can look for rows that are not there yet, and a rollback does not take the message back. Send it from `transaction.on_commit`, or with `delay_on_commit` on Celery 5.4 or newer.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      if (dispatch.kind !== 'send' || dispatch.onCommit || file.isMigration) continue
      // What is sent because the transaction fails would never be sent after its commit.
      if (standsInFailure(dispatch.call)) continue
      const transaction = project.transactionAround(file, dispatch.call)
      if (!transaction || defersToCommit(project, dispatch)) continue
      const harmless = hasOnlyConstants(dispatch) && !writes(project, dispatch, transaction)
      yield {
        messageId: harmless ? 'constants' : 'sent',
        data: { task: sentLabel(dispatch) },
        span: dispatch.call,
        severity: harmless ? 'info' : undefined,
        related: [
          {
            file,
            span: { start: transaction.at.start, end: transaction.at.start },
            note: 'the transaction opens here',
          },
        ],
        fix: onCommitFix(project, dispatch, transaction.using),
      }
    }
    for (const held of heldDispatchesIn(project, file)) {
      const { dispatch, origin, steps } = held
      yield {
        messageId: steps.length === 1 ? 'held' : 'heldFurtherUp',
        data: { ...wayOf(held), task: sentLabel(dispatch) },
        span: dispatch.call,
        related: relatedTo(held),
        fix: onCommitFix(project, dispatch, origin.transaction.using),
      }
    }
  },
})

/** The names on the way from a transaction to a dispatch that it reaches. */
function wayOf({ origin, steps }: HeldDispatch) {
  const { file, transaction } = origin
  const holder = runsIn(steps[0].call)
  return {
    holder: holder?.kind === 'function' ? functionLabel(holder) : file.module,
    place: `${file.path}:${file.lines.lineAt(transaction.at.start)}`,
    callee: functionLabel(steps[0].runs.node),
    ...namesOnTheWay(steps),
  }
}

function relatedTo({ origin, steps }: HeldDispatch): Related[] {
  const { file, transaction } = origin
  const opening: Related = {
    file,
    span: { start: transaction.at.start, end: transaction.at.start },
    note: 'the transaction opens here',
    instead: { messageId: 'opens', note: sentHere },
  }
  const calls = placesOnTheWay(steps).map((place) => ({ ...place, instead: { messageId: 'calls', note: sentHere } }))
  return [...calls, opening]
}

const sentHere = '{task} is sent here'

/** Whether anything in the transaction visibly writes to the database, directly or in what it calls. */
function writes({ callGraph }: CeleryProject, { file, call }: Dispatch, { body }: Transaction): boolean {
  const frame = frameAround(file, call)
  const [first, last] = [body[0], body.at(-1)]
  return !!frame && !!first && !!last && callGraph.writes.within(frame, { start: first.start, end: last.end })
}
