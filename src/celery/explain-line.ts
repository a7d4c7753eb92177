/** Owns saying in words what is known of one line of a project: what stands there, and what of it could not be seen. */
import type { Call, FunctionDef, Node } from '../python/syntax.ts'
import { ancestors, dottedName } from '../python/walk.ts'
import { atomicRequests } from './atomic-requests.ts'
import { type Dispatch, sentLabel } from './dispatches.ts'
import { whyUnresolved } from './explain-name.ts'
import { receivesMessages } from './forwarding.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { celeryKey } from './settings.ts'
import type { Task } from './tasks.ts'

/** Sentences without a full stop; code stands in backticks. `line` is 1-based. */
export function* explainLine(project: CeleryProject, file: ProjectFile, line: number): Generator<string> {
  const startsHere = (node: { start: number }) => file.lines.lineAt(node.start) === line
  if (file.facts.errors.some((span) => covers(file, span, line)))
    yield 'the syntax cannot be read here, so nothing is known of it'
  for (const node of file.functions) {
    if (![node.nameSpan, ...node.decorators].some(startsHere)) continue
    const task = project.tasksOf(file).find(({ run }) => run === node)
    yield* task ? explainTask(project, task) : explainFunction(project, file, node)
  }
  const dispatches = project.dispatchesOf(file)
  for (const call of file.calls) {
    if (!startsHere(call) && !(call.callee.kind === 'attribute' && startsHere(call.callee.attrSpan))) continue
    const dispatch = dispatches.find((one) => one.call === call)
    if (dispatch) yield* explainDispatch(project, dispatch)
    else yield* explainCall(project, file, call)
  }
  for (const place of project.settingPlaces) {
    if (place.file !== file || !startsHere(place.at)) continue
    const key = celeryKey(place, project.namespace)
    if (!key && /^(CELERY|BROKER)/.test(place.written)) yield `\`${place.written}\` is no setting that Celery reads`
    if (key && place.value.kind === 'call')
      yield `the value of \`${key}\` is computed when the program starts, and taken to be unknown`
  }
}

const covers = (file: ProjectFile, span: { start: number; end: number }, line: number) => {
  const range = file.rangeOf(span)
  return range.line <= line && line <= range.endLine
}

function* explainTask(project: CeleryProject, task: Task): Generator<string> {
  const { name, node, optionsOpen, bound, wrapper, base, inner, file } = task
  yield `\`${name ?? node.name}\` is a task`
  if (name === undefined) yield 'its name is computed, so whatever goes by the name passes it over'
  if (wrapper) yield `it is made by \`${wrapper}\`, which may set options that cannot be seen`
  else if (optionsOpen && node.kind === 'function') yield 'not all of its options can be seen'
  if (bound === undefined) yield 'whether it is bound cannot be seen'
  if (base && base.kind !== 'class') yield 'its base class is not in the project, and may change how it is sent and run'
  if (inner.length > 0 && !receivesMessages(project, task))
    yield `\`${file.textOf(inner[0]!)}\` stands between the task and its function, and may change what it takes`
}

function* explainFunction(project: CeleryProject, file: ProjectFile, node: FunctionDef): Generator<string> {
  for (const { expression } of node.decorators) {
    const decorator = expression.kind === 'call' ? expression.callee : expression
    const why = whyUnresolved(project, file, decorator)
    const text = dottedName(decorator) ?? file.textOf(decorator)
    if (/^(property|staticmethod|classmethod)$/.test(text)) continue
    yield `a decorator is not known to make a task: ${why ?? `\`${text}\` is not seen to hand the function to Celery`}`
    yield `if it does make one, \`task_decorators\` of the configuration can name it`
  }
}

function* explainDispatch(project: CeleryProject, dispatch: Dispatch): Generator<string> {
  const { file, call, kind, receiver, certainty, args, onCommit, task, taskName } = dispatch
  const label = sentLabel(dispatch)
  yield kind === 'signature' ? `this is a signature of \`${label}\`` : `this sends \`${label}\``
  if (certainty === 'likely') yield `what it sends is only taken for a task: ${whyUnresolved(project, file, receiver)}`
  if (taskName && taskName.kind !== 'string') yield 'the name of the task is computed'
  else if (taskName && !project.taskSentBy(dispatch)) yield 'the project has no task of that name, or more than one'
  if (args.open) yield 'not all of its arguments can be seen'
  if (task?.parameters.some(({ form }) => form === '*' || form === '**')) yield `\`${label}\` takes any arguments`
  if (onCommit) yield 'it waits for the commit by itself'
  else if (isDeferred(project, file, call)) yield 'it is deferred: it runs after the commit'
  else if (kind === 'send' && !project.transactionAround(file, call)) {
    yield 'no transaction is visibly open around it'
    if (!atomicRequests(project))
      yield 'requests are not seen to run in transactions: no setting turns `ATOMIC_REQUESTS` on'
  }
}

const isDeferred = (project: CeleryProject, file: ProjectFile, call: Node): boolean =>
  [...ancestors(call)].some((up) => {
    const callback = up.kind === 'call' ? project.onCommitCallback(file, up) : undefined
    return callback !== undefined && callback.start <= call.start && call.end <= callback.end
  })

/** What only tasks are asked for; other methods of theirs have names that anything may have. */
const sends = /^(delay|apply_async|delay_on_commit|apply_async_on_commit|si|send_task)$/

function* explainCall(project: CeleryProject, file: ProjectFile, { callee }: Call): Generator<string> {
  if (callee.kind !== 'attribute' || !sends.test(callee.attr)) return
  const why = whyUnresolved(project, file, callee.value)
  const text = dottedName(callee.value) ?? file.textOf(callee.value)
  const referent = project.resolve(file, callee.value)
  yield why ? `this is not known to send a task: ${why}` : `\`${text}\` is no task, so this sends none`
  if (referent?.kind === 'function') yield* explainFunction(project, referent.file, referent.node)
}
