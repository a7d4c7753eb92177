/** A message sent inside a transaction can reach the worker before the rows it speaks of are committed. */

import { functionLabel } from '../../src/celery/call-graph.ts'
import { runsIn, type Transaction } from '../../src/celery/context.ts'
import { type HeldDispatch, heldDispatches } from '../../src/celery/held-transactions.ts'
import { defersToCommit, dispatchLabel, hasOnlyConstants, onCommitFix } from '../../src/celery/on-commit.ts'
import { executed } from '../../src/python/walk.ts'
import { defineRule, type Related } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'dispatch-in-atomic',
  reference: 'django-integration.md#sending-a-task-inside-a-transaction',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task is sent inside a transaction, so a worker can run it before the commit, or after a rollback',
  messages: {
    sent: '{task} is sent before this transaction commits, so a worker can look for rows that are not there yet, and a rollback does not take the message back. Send it from `transaction.on_commit`, or with `delay_on_commit` on Celery 5.4 or newer.',
    constants:
      '{task} is sent before this transaction commits, and a rollback does not take the message back. If the task should only run when the transaction succeeds, send it from `transaction.on_commit`.',
    held: '{holder} opens a transaction at {place} and calls {callee}, which sends {task} here before it commits: a worker can look for rows that are not there yet, and a rollback does not take the message back. Send it from `transaction.on_commit`, or with `delay_on_commit` on Celery 5.4 or newer.',
    heldFurtherUp:
      '{holder} opens a transaction at {place} and comes here through {path}, so {task} is sent before it commits: a worker can look for rows that are not there yet, and a rollback does not take the message back. Send it from `transaction.on_commit`, or with `delay_on_commit` on Celery 5.4 or newer.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      if (dispatch.kind !== 'send' || dispatch.onCommit || file.isMigration) continue
      const transaction = project.transactionAround(file, dispatch.call)
      if (!transaction || defersToCommit(project, dispatch)) continue
      const harmless = hasOnlyConstants(dispatch) && !writes(transaction)
      yield {
        messageId: harmless ? 'constants' : 'sent',
        data: { task: dispatchLabel(dispatch) },
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
    for (const held of heldDispatches(project).get(file) ?? []) {
      const { dispatch, origin, steps } = held
      yield {
        messageId: steps.length === 1 ? 'held' : 'heldFurtherUp',
        data: { ...wayOf(held), task: dispatchLabel(dispatch) },
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
    path: steps.map(({ runs }) => functionLabel(runs.node)).join(' → '),
    ...Object.fromEntries(steps.map(({ runs }, index) => [`call${index}`, functionLabel(runs.node)])),
  }
}

function relatedTo({ origin, steps }: HeldDispatch): Related[] {
  const { file, transaction } = origin
  const opening: Related = {
    file,
    span: { start: transaction.at.start, end: transaction.at.start },
    note: 'the transaction opens here',
  }
  return [
    opening,
    ...steps.map(
      ({ frame, call }, index): Related => ({ file: frame.file, span: call, note: `{call${index}} is called here` }),
    ),
  ]
}

const writeMethods =
  /^(a?save|a?create|a?update|a?delete|bulk_(create|update)|abulk_(create|update)|(get|update)_or_create|set|add|remove|clear|execute)$/

/** Whether anything in the transaction looks as if it wrote to the database, directly or in a function it calls. */
function writes({ body }: Transaction): boolean {
  for (const node of executed(body)) {
    if (node.kind !== 'call') continue
    if (node.callee.kind === 'name') return true
    if (node.callee.kind === 'attribute' && writeMethods.test(node.callee.attr)) return true
  }
  return false
}
