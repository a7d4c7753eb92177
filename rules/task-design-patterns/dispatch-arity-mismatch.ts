/** A task is sent arguments that its function does not take. */

import { hasPlainSignature, type Mismatch, mismatchOf, signatureText } from '../../src/celery/bind-arguments.ts'
import { type Dispatch, elementsOf, entriesOf } from '../../src/celery/dispatches.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { Span } from '../../src/core/text.ts'
import type { Call } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

/** What comes of a mismatch, by where Celery or Python notices it. */
const consequences = {
  call: 'Celery raises `TypeError` here instead of sending it',
  commit: 'Celery raises `TypeError` after the commit, when it is too late to roll back, and does not send it',
  signature: 'Celery raises `TypeError` when this signature is sent',
  worker: 'the message is sent all the same, and fails in the worker with `TypeError`',
  beat: 'each time it is due it fails with `TypeError`, which only the logs show',
  inline: 'the task fails with `TypeError`',
}
type Place = keyof typeof consequences

const faults = {
  missing: 'Nothing is passed for {names}, which {signature} requires',
  surplus: 'This passes {given} by position where {signature} takes {accepted}',
  unknown: '{signature} has no parameter {names}',
  twice: '{names} of {signature} is passed twice, by position and by name',
}

const messages = Object.fromEntries(
  Object.entries(faults).flatMap(([fault, what]) =>
    Object.entries(consequences).map(([place, then]) => [
      `${fault}-${place}`,
      `${what}: ${then}. Pass what the task's parameters ask for.`,
    ]),
  ),
)

export default defineRule({
  name: 'dispatch-arity-mismatch',
  reference: 'task-design-patterns.md#arguments-that-do-not-fit-the-task',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A task is sent too many, too few or misnamed arguments',
  messages,
  *check({ project }) {
    for (const dispatch of project.dispatches) {
      const { args, call, file } = dispatch
      const task = project.taskSentBy(dispatch)
      if (!task || args.open || !hasPlainSignature(project, task)) continue
      const mismatch = mismatchOf(task.parameters, args.positional, args.keywords, isPartial(dispatch))
      if (mismatch) yield problem(file, call, task, mismatch, placeOf(dispatch, task), args.positional.length)
    }
    yield* beatProblems(project)
  },
})

function* beatProblems(project: CeleryProject): Generator<Problem> {
  for (const { file, fields, open } of project.beatEntries) {
    const name = fields.get('task')
    const named = name?.kind === 'string' ? project.tasksByName.get(name.value) : undefined
    const positional = elementsOf(fields.get('args'))
    const keywords = entriesOf(fields.get('kwargs'))
    const task = named?.length === 1 ? named[0]! : undefined
    if (open || !name || !task || !positional || !keywords || !hasPlainSignature(project, task)) continue
    const mismatch = mismatchOf(task.parameters, positional, keywords, false)
    if (mismatch) yield problem(file, name, task, mismatch, 'beat', positional.length)
  }
}

function problem(file: ProjectFile, at: Span, task: Task, mismatch: Mismatch, place: Place, given: number): Problem {
  const names = mismatch.kind === 'missing' ? mismatch.names : mismatch.kind === 'surplus' ? '' : mismatch.name
  const accepted = mismatch.kind === 'surplus' ? mismatch.accepted : 0
  const definition = { start: task.run.nameSpan.start, end: task.run.parametersSpan.end }
  return {
    messageId: `${mismatch.kind}-${place}`,
    data: { signature: signatureText(task), names, accepted, given },
    file,
    span: mismatch.kind === 'missing' ? at : mismatch.at,
    related: [{ file: task.file, span: definition, note: 'the task is defined here' }],
  }
}

/** Whether arguments may still be added before the task runs: those of a signature, unless it is immutable or sent as it is. */
function isPartial({ kind, method, options, call }: Dispatch): boolean {
  if (kind !== 'signature' || method === 'si') return false
  const immutable = options.get('immutable')?.value
  if (immutable) return !(immutable.kind === 'constant' && immutable.value === true)
  return !isSentAsItIs(call)
}

/** `task.s(1).delay()`, and `app.add_periodic_task(60, task.s(1))` without `args` or `kwargs` of its own. */
function isSentAsItIs({ parent }: Call): boolean {
  const user = parent?.parent
  if (user?.kind !== 'call') return false
  if (parent?.kind === 'attribute') return /^(delay|apply_async)$/.test(parent.attr) && user.args.length === 0
  const { callee, args } = user
  if (parent?.kind !== 'argument' || callee.kind !== 'attribute' || callee.attr !== 'add_periodic_task') return false
  return (
    args.indexOf(parent) < 2 &&
    !args.some((arg, index) => arg.unpack || /^(args|kwargs)$/.test(arg.name ?? '') || (!arg.name && index > 1))
  )
}

function placeOf({ kind, taskName, onCommit }: Dispatch, { node }: Task): Place {
  if (kind === 'inline') return 'inline'
  // Celery knows the parameters of a function that it has at hand, and of no other task.
  if (node.kind === 'class' || taskName) return 'worker'
  return kind === 'signature' ? 'signature' : onCommit ? 'commit' : 'call'
}
