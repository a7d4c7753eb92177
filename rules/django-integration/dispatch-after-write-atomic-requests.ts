/** Under `ATOMIC_REQUESTS` a view that writes and then sends does so before the request's transaction commits. */
import { atomicRequests } from '../../src/celery/atomic-requests.ts'
import { frameAround, functionLabel, namesOnTheWay, placesOnTheWay, type Start } from '../../src/celery/call-graph.ts'
import { heldDispatches } from '../../src/celery/held-transactions.ts'
import { frameOf } from '../../src/celery/known-values.ts'
import { onCommitFix, sentLabel, waitsForCommit } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { atomicHandlers } from '../../src/celery/request-handlers.ts'
import { isInSaversTransaction, savingHook } from '../../src/celery/saving-hooks.ts'
import type { FunctionDef } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

const cure =
  'so a worker can look for rows that are not there yet, and a rollback does not take the message back. Send it from `transaction.on_commit`, or with `delay_on_commit` on Celery 5.4 or newer.'

export default defineRule({
  name: 'dispatch-after-write-atomic-requests',
  reference: 'django-integration.md#sending-a-task-from-a-request-that-is-a-transaction',
  scope: 'project',
  severity: 'error',
  confidence: 'medium',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A view sends a task after it has written, while ATOMIC_REQUESTS keeps the request in a transaction',
  messages: {
    sent: `{view} writes and then sends {task}, and \`ATOMIC_REQUESTS\` commits only when the view has returned, ${cure}`,
    reached: `{view} comes here through {path} and sends {task} after it has written, but \`ATOMIC_REQUESTS\` commits only when the view has returned, ${cure}`,
  },
  *check({ project }) {
    const setting = atomicRequests(project)
    if (!setting) return
    const { callGraph } = project
    const switched = { ...setting, note: 'requests run in transactions by this setting' }
    const held = new Set(heldDispatches(project).map(({ dispatch }) => dispatch.call))
    const views = [...atomicHandlers(project)].filter(({ file, node }) => !isLeftToOthers(project, file, node))
    for (const { file, node } of views) {
      const frame = { ...frameOf(file, node), node }
      for (const dispatch of callGraph.sentIn(frame)) {
        if (held.has(dispatch.call) || !callGraph.writes.before(frame, dispatch.call)) continue
        held.add(dispatch.call)
        const data = { view: functionLabel(node), task: sentLabel(dispatch) }
        yield {
          messageId: 'sent',
          data,
          file,
          span: dispatch.call,
          related: [switched],
          fix: onCommitFix(project, dispatch),
        }
      }
    }
    const reached = callGraph.reached(callsOf(project, views), (file, node) => isLeftToOthers(project, file, node))
    for (const one of reached) {
      const { dispatch, origin } = one
      if (held.has(dispatch.call) || !callGraph.wroteOnTheWay(one)) continue
      yield {
        messageId: 'reached',
        data: { ...namesOnTheWay(one.steps), view: functionLabel(origin), task: sentLabel(dispatch) },
        file: dispatch.file,
        span: dispatch.call,
        related: [...placesOnTheWay(one.steps), switched],
        fix: onCommitFix(project, dispatch),
      }
    }
  },
})

/** What a model or its signals run has a rule of its own, and so have the hooks of views that save. */
const isLeftToOthers = (project: CeleryProject, file: ProjectFile, node: FunctionDef): boolean =>
  isInSaversTransaction(project.names, file, node) ||
  savingHook(project.names, file, node) !== undefined ||
  waitsForCommit(project.names, file, node)

function* callsOf(
  { callGraph }: CeleryProject,
  views: readonly { file: ProjectFile; node: FunctionDef }[],
): Generator<Start<FunctionDef>> {
  for (const { file, node } of views) {
    for (const call of callGraph.callees.callsIn(node)) {
      const frame = callGraph.leads({ file }, call) && frameAround(file, call)
      if (frame) yield { frame, call, origin: node }
    }
  }
}
