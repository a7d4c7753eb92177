/** A peer that never answers holds a worker's slot for good: neither Celery nor `requests` gives up by itself. */
import { lastBefore } from '../../src/celery/models.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import { appendArgument } from '../../src/python/edits.ts'
import { scopeOf } from '../../src/python/scopes.ts'
import type { Argument, Call, Expr, FunctionDef, Name, Node } from '../../src/python/syntax.ts'
import { ancestors, enclosingFunction } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Functions and classes that wait for ever unless told otherwise, with the place of `timeout` among their positional arguments. */
const patient: ReadonlyMap<string, number | undefined> = new Map([
  ...['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request'].flatMap((verb) => [
    [`requests.${verb}`, undefined] as const,
    [`requests.api.${verb}`, undefined] as const,
  ]),
  ['urllib.request.urlopen', 2],
  ['smtplib.SMTP', 3],
  ['smtplib.LMTP', 3],
  ['smtplib.SMTP_SSL', undefined],
])

/** These wait five seconds unless they are told `timeout=None`. Source: python-httpx.org/advanced/timeouts. */
const impatient = /^httpx\.(get|post|put|patch|delete|head|options|request|stream|Client|AsyncClient)$/

const sessions = new Set(['requests.Session', 'requests.session', 'requests.sessions.Session'])
const sessionVerbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request', 'send'])

export default defineRule({
  name: 'request-without-timeout-in-task',
  reference: 'error-handling.md#a-request-that-waits-for-ever',
  scope: 'file',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task makes a network request without a timeout, so a peer that never answers blocks a worker for good',
  messages: {
    endless:
      '{call} waits for ever when the other side does not answer, and a run of {task} that hangs keeps its slot in the worker: Celery sets no time limit by itself. Pass a `timeout`.',
    limited:
      '{call} waits for ever when the other side does not answer, so that only the time limit of {task} ends it. Pass a `timeout`, which fails sooner and leaves the task a chance to react.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      const name = waits(project, file, call)
      const task = name && taskHolding(project, file, call)
      if (!task) continue
      yield {
        messageId: isLimited(project, task) ? 'limited' : 'endless',
        data: { call: name, task: taskLabel(task) },
        span: call,
        severity: isLimited(project, task) ? 'info' : undefined,
        fix: withTimeout(file, call),
      }
    }
  },
})

/** How a call that may wait for ever is spoken of; undefined when it has a timeout, or may have one. */
function waits(project: CeleryProject, file: ProjectFile, call: Call): string | undefined {
  if (call.args.some((arg) => arg.unpack)) return undefined
  const name = project.externalName(file, call.callee)
  const timeout = call.args.find((arg) => arg.name === 'timeout')
  if (name && impatient.test(name)) return isNone(timeout) ? name : undefined
  if (timeout && !isNone(timeout)) return undefined
  if (name && patient.has(name)) {
    const place = patient.get(name)
    if (place !== undefined && call.args[place]) return undefined
    return name.startsWith('requests.') || !setsDefaultTimeout(project) ? name : undefined
  }
  const { callee } = call
  if (callee.kind !== 'attribute' || !sessionVerbs.has(callee.attr)) return undefined
  return isPlainSession(project, file, callee.value) ? `Session.${callee.attr}` : undefined
}

/** `requests` does not heed `socket.setdefaulttimeout`; the standard library does. */
function setsDefaultTimeout({ files, names }: CeleryProject): boolean {
  const sets = (file: ProjectFile) =>
    file.calls.some((call) => names.calleeName(file, call) === 'socket.setdefaulttimeout')
  return [...files.values()].some(sets)
}

const isNone = (arg: Argument | undefined) => arg?.value.kind === 'constant' && arg.value.value === null

/** Whether an expression is a session of `requests` that nobody has taught a timeout. */
function isPlainSession(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  if (expr.kind === 'call') return sessions.has(project.externalName(file, expr.callee) ?? '')
  if (expr.kind !== 'name' || isTaught(file, expr)) return false
  const binding = lastBefore(scopeOf(expr.id, file.scopeAt(expr))?.bindings.get(expr.id) ?? [], expr)
  const made = binding?.kind === 'with' ? binding.context : binding?.kind === 'assignment' ? binding.value : undefined
  return made?.kind === 'call' && isPlainSession(project, file, made)
}

/** Whether a file mounts an adapter on a session or replaces one of its methods, as one does to give it a timeout. */
function isTaught(file: ProjectFile, { id }: Name): boolean {
  const isIt = (expr: Expr) => expr.kind === 'name' && expr.id === id
  return (
    file.calls.some(({ callee }) => callee.kind === 'attribute' && callee.attr === 'mount' && isIt(callee.value)) ||
    file.assigns.some(({ targets }) =>
      targets.some((target) => target.kind === 'attribute' && sessionVerbs.has(target.attr) && isIt(target.value)),
    )
  )
}

/** Helpers that call each other in more steps than these are not followed. */
const MAX_CALLS = 3

/** The task that a node belongs to, functions inside it included, or that alone calls the function that it belongs to. */
function taskHolding(project: CeleryProject, file: ProjectFile, node: Node, calls = 0): Task | undefined {
  const holders = new Set(ancestors(node))
  const task = project.tasksOf(file).find(({ run }) => holders.has(run))
  const helper = task || calls === MAX_CALLS ? undefined : enclosingFunction(node)
  if (helper?.parent?.kind !== 'module') return task
  const uses = [...project.files.values()].flatMap((other) => (other.isTest ? [] : usesOf(project, other, helper)))
  const tasks = uses.map((use) => (use.isCall ? taskHolding(project, use.file, use.node, calls + 1) : undefined))
  if (!tasks.every((one) => one !== undefined)) return undefined
  // The same of several, wherever they stand.
  return tasks.sort((a, b) => (taskLabel(a) < taskLabel(b) ? -1 : 1))[0]
}

/** Where a file uses a function by its name, and whether it calls it there. */
function usesOf(project: CeleryProject, file: ProjectFile, helper: FunctionDef) {
  return file.usesOf(helper.name).flatMap((node) => {
    const referent = project.names.follow(file, node)
    if (referent?.kind !== 'function' || referent.node !== helper) return []
    return [{ file, node, isCall: node.parent?.kind === 'call' && node.parent.callee === node }]
  })
}

/** Whether Celery itself ends the task some time. */
function isLimited(project: CeleryProject, task: Task): boolean {
  return ['time_limit', 'soft_time_limit'].some((option) => {
    const { value, open } = project.taskOption(task, option)
    if (value) return !(value.kind === 'constant' && value.value === null)
    return !open && project.settingsFor(`task_${option}`).length > 0
  })
}

function withTimeout({ facts }: ProjectFile, call: Call): Fix | undefined {
  const none = call.args.find((arg) => arg.name === 'timeout')
  const edit = none ? { span: none.value, replacement: '30' } : appendArgument(facts.text, call, 'timeout=30')
  // Thirty seconds are a guess: some peers need longer for an honest answer.
  return edit && { title: 'Wait no longer than 30 seconds', applicability: 'unsafe', edits: [edit] }
}
