/** What Django runs while a model is saved or deleted runs in the saver's transaction, and so before the commit. */

import { atomicRequests } from '../../src/celery/atomic-requests.ts'
import { namesOnTheWay, placesOnTheWay, type Step } from '../../src/celery/call-graph.ts'
import { standsInFailure } from '../../src/celery/context.ts'
import type { Dispatch } from '../../src/celery/dispatches.ts'
import { frameOf } from '../../src/celery/known-values.ts'
import { deferCall, onCommitFix, sentLabel, waitsForCommit } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { isInSaversTransaction, savingHook } from '../../src/celery/saving-hooks.ts'
import { isDraft } from '../../src/celery/writes.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Call, FunctionDef, Node } from '../../src/python/syntax.ts'
import { enclosingClass, enclosingStatement, executed, isSuperCall, statementsAfter } from '../../src/python/walk.ts'
import { defineRule, type Related } from '../../src/rule/rule.ts'

/** What follows from being sent in a transaction, and what to do. */
const because = (how: string, race: string) =>
  `{task} is sent ${how}, so ${race}, and a rollback does not take the message back. Send it from \`transaction.on_commit\`, or with \`delay_on_commit\` on Celery 5.4 or newer.`
/** Said where the message is sent, which is not where the hook stands. */
const reached = (whose: string, race: string) =>
  because(`while {hook} runs, which comes here through {path} inside the transaction of ${whose}`, race)
const written = 'a worker can run first and not find what was written'
const deleted = 'a worker can run while the object is still there for everybody else'

export default defineRule({
  name: 'dispatch-in-model-signal',
  reference: 'django-integration.md#sending-a-task-while-a-model-is-saved',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task is sent from a model signal, from save() or from a hook around it, before the transaction commits',
  messages: {
    signal: because('in a receiver of {hook}, which runs inside the transaction of whoever saves the model', written),
    relation: because('in a receiver of {hook}, which Django runs inside a transaction', written),
    deletion: because('in a receiver of {hook}, which Django runs inside the transaction of the deletion', deleted),
    save: because('in {hook}, which runs inside the transaction of whoever calls it', written),
    delete: because('in {hook}, which runs inside the transaction of whoever calls it', deleted),
    admin: because('in {hook}, which the admin runs inside a transaction', written),
    reached: reached('whoever saves', written),
    reachedInDeletion: reached('whoever deletes', deleted),
    view: because('in {hook}, which `ATOMIC_REQUESTS` makes run inside the transaction of the request', written),
  },
  *check({ project, file }) {
    if (file.isMigration) return
    for (const node of file.functions) {
      const hook = hookOf(project, file, node)
      if (!hook || waitsForCommit(project.names, file, node)) continue
      for (const { call, dispatch, steps } of sendsOf(project, file, node)) {
        if (project.transactionAround(file, call) || !hook.covers(call)) continue
        const isHelper = steps.length > 0
        const messageId = hook.deletes ? 'reachedInDeletion' : 'reached'
        const instead = { messageId, note: '{hook} leads here' }
        const through: Related = { file: dispatch.file, span: dispatch.call, note: '{task} is sent here', instead }
        yield {
          messageId: hook.messageId,
          data: { ...namesOnTheWay(steps), task: sentLabel(dispatch), hook: hook.name },
          span: call,
          related: [...(isHelper ? [...placesOnTheWay(steps).slice(1), through] : []), ...hook.related],
          fix: isHelper ? helperFix(file, call, hook) : onCommitFix(project, dispatch, undefined, hook.deletes),
        }
      }
    }
  },
})

/** A function that Django runs while it saves or deletes. */
interface Hook {
  readonly messageId: string
  /** How it is spoken of: `post_save`, `Order.save`. */
  readonly name: string
  /** Whether the object is being deleted: Django takes its primary key away before an outer transaction commits. */
  readonly deletes: boolean
  /** Whether a call in it comes with what is written, and not on a way out of the function before. */
  readonly covers: (call: Call) => boolean
  readonly related: readonly Related[]
}

function hookOf(project: CeleryProject, file: ProjectFile, node: FunctionDef): Hook | undefined {
  const connections = project.signalConnections(node)
  const [connection] = connections
  if (connection) {
    const { signal, file: from, at } = connection
    const connected: Related = { file: from, span: { start: at.start, end: at.start }, note: 'it is connected here' }
    return {
      messageId: signal === 'm2m_changed' ? 'relation' : signal.endsWith('_delete') ? 'deletion' : 'signal',
      name: signal,
      deletes: connections.some((one) => one.signal.endsWith('_delete')),
      covers: () => true,
      related: at.kind === 'call' ? [connected] : [],
    }
  }
  const messageId = savingHook(project.names, file, node)
  if (!messageId) return undefined
  const ofModel = messageId === 'save' || messageId === 'delete'
  // Without a transaction around the request, what these write is committed at once.
  const setting = messageId === 'view' ? atomicRequests(project) : undefined
  if (messageId === 'view' && !setting) return undefined
  const writes = [...executed(node.body)].filter((inner) => inner.kind === 'call' && isWrite(inner, node))
  if (writes.length === 0) return undefined
  const first = Math.min(...writes.map(({ end }) => end))
  return {
    messageId,
    name: `${enclosingClass(node)!.name}.${node.name}`,
    deletes: messageId === 'delete',
    covers: (call) => call.start > first || (ofModel && !isLeftAfter(call, node)),
    related: setting ? [{ ...setting, note: 'requests run in transactions by this setting' }] : [],
  }
}

/** `super().save(…)`, `Model.save(self, …)`, `form.save()`: what writes in a hook. */
function isWrite(call: Call, { name, parameters }: FunctionDef): boolean {
  const { callee } = call
  if (callee.kind !== 'attribute') return false
  if (callee.attr === name) return !isSelf(callee.value, parameters[0]?.name)
  return /^(save|save_m2m|delete)$/.test(callee.attr) && !isDraft(call)
}

const isSelf = (node: Node, self: string | undefined) => node.kind === 'name' && node.id === self

/** Whether the function ends after a node without going on to what follows its block. */
function isLeftAfter(node: Node, owner: FunctionDef): boolean {
  for (
    let statement = enclosingStatement(node);
    statement !== owner && statement.parent !== owner;
    statement = enclosingStatement(statement.parent!)
  ) {
    if (statementsAfter(statement).some(({ kind }) => kind === 'return' || kind === 'raise')) return true
    if (!statement.parent) return false
  }
  return false
}

/** What a helper does besides sending would wait too; what it reads of a deleted object would be gone by then. */
const helperFix = (file: ProjectFile, call: Call, { deletes }: Hook): Fix | undefined =>
  deletes ? undefined : deferCall(file, call, { title: 'Call it after the commit', applicability: 'unsafe' })

/** A place in a hook that sends: the dispatch itself, or a call of a function of the project that leads to one there and then. */
interface Send {
  readonly call: Call
  readonly dispatch: Dispatch
  /** The calls on the way; none to what the hook sends itself. */
  readonly steps: readonly Step[]
}

function* sendsOf(project: CeleryProject, file: ProjectFile, node: FunctionDef): Generator<Send> {
  const { callGraph, names } = project
  const frame = { ...frameOf(file, node), node }
  for (const dispatch of callGraph.sentIn(frame)) yield { call: dispatch.call, dispatch, steps: [] }
  for (const call of callGraph.callees.callsIn(node)) {
    // What a base class sends, it sends for all that derive from it: each of them has nothing to mend.
    if (isOfBase(call) || standsInFailure(call)) continue
    const start = { origin: node, frame, call }
    // Hooks of other models, and receivers, are looked at for themselves.
    const [first] = callGraph.reached([start], (where, other) => isInSaversTransaction(names, where, other))
    if (first) yield { call, dispatch: first.dispatch, steps: first.steps }
  }
}

/** `super().save(…)` */
const isOfBase = ({ callee }: Call): boolean => callee.kind === 'attribute' && isSuperCall(callee.value)
