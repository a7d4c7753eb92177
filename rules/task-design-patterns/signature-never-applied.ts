/** A signature only describes a call: one that is made and dropped sends nothing. */
import { functionTask } from '../../src/celery/called-tasks.ts'
import type { DerivedMap } from '../../src/celery/derived.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { sendersOf } from '../../src/celery/senders.ts'
import type { Task } from '../../src/celery/tasks.ts'
import { applyAsyncMethods, delayMethods, signatureModifiers } from '../../src/celery/vocabulary/methods.ts'
import type { Edit, Fix } from '../../src/core/fix.ts'
import type { Assign, Expr, Name } from '../../src/python/syntax.ts'
import { descendants, enclosingFunction, executed } from '../../src/python/walk.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'signature-never-applied',
  reference: 'task-design-patterns.md#signatures-and-sending-them',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A signature or canvas is built and never sent, or a sending method named and not called',
  messages: {
    signature:
      'This builds a signature of {task} and drops it: nothing is sent, and nothing says so. Call {call} on it.',
    canvas: 'This builds a workflow and drops it: none of its tasks is sent, and nothing says so. Call {call} on it.',
    unread:
      'A workflow is kept in {variable}, which nothing reads afterwards: none of its tasks is sent, and nothing says so. Call {call} on it.',
    returned:
      'A task that returns a workflow does not run it: what it returns becomes its result, and none of these tasks is sent. Replace the task by it with `self.replace(…)`, or send it.',
    method:
      'This names {method} of {task} and does not call it: nothing is sent. Add the parentheses with its arguments.',
  },
  *check({ project, file }) {
    for (const { value } of file.expressions) {
      const problem = dropped(project, file, value)
      if (problem) yield problem
    }
    for (const assign of file.assigns) {
      const problem = unread(project, file, assign)
      if (problem) yield problem
    }
    for (const task of project.tasksOf(file)) yield* returned(project, task)
  },
})

/** `return chain(…)` in a task that is sent, and that nobody calls for what it returns. */
function* returned(project: CeleryProject, task: Task): Generator<Problem> {
  const { file, run } = task
  const results = [...executed(run.body)].flatMap((node) => (node.kind === 'return' && node.value ? [node.value] : []))
  const dropped = results.filter((value) => isMadeHere(project, file, value))
  if (dropped.length === 0 || sendersOf(project, task).length === 0 || isCalled(project, task)) return
  for (const value of dropped) yield { messageId: 'returned', span: value }
}

const isCalled = ({ repository }: CeleryProject, task: Task): boolean =>
  repository.derived.get(calledTasks, task) === true

/** The tasks that something calls for what they return. */
const calledTasks: DerivedMap<CeleryProject, Task, true> = {
  find: (project) =>
    new Map(
      project
        .inFiles('called tasks', (file) => (file.isTest ? [] : calledIn(project, file)))
        .map((task) => [task, true]),
    ),
  partsOf: (is) => [is],
}

function* calledIn(project: CeleryProject, file: ProjectFile): Generator<Task> {
  for (const { callee } of file.calls) {
    const called = project.taskOf(file, callee)
    if (called) yield called
    const run = callee.kind === 'attribute' && /^(run|apply)$/.test(callee.attr) && project.taskOf(file, callee.value)
    if (run) yield run
  }
}

const call = 'delay()'

function dropped(project: CeleryProject, file: ProjectFile, expr: Expr): Problem | undefined {
  if (expr.kind === 'attribute') {
    if (!delayMethods.has(expr.attr) && !applyAsyncMethods.has(expr.attr)) return undefined
    const task = functionTask(project, file, expr.value)
    if (!task) return undefined
    const needsNone =
      task.bound !== undefined && task.parameters.every(({ form, default: value }) => value || /^\*/.test(form))
    return {
      messageId: 'method',
      data: { method: expr.attr, task: task.node.name },
      span: expr,
      fix: needsNone ? sending([insert(expr.end, '()')]) : undefined,
    }
  }
  if (!isMadeHere(project, file, expr)) return undefined
  const task = expr.kind === 'call' && expr.callee.kind === 'attribute' ? expr.callee.value : undefined
  if (!task || project.isCanvas(file, expr))
    return { messageId: 'canvas', data: { call }, span: expr, fix: sending(applying(expr)) }
  return { messageId: 'signature', data: { task: file.textOf(task), call }, span: expr, fix: sending(applying(expr)) }
}

/** `flow = chain(…)` in a function that never reads `flow`. */
function unread(project: CeleryProject, file: ProjectFile, { targets, value }: Assign): Problem | undefined {
  const [target, ...others] = targets
  if (!value || target?.kind !== 'name' || others.length > 0 || target.id.startsWith('_')) return undefined
  if (!isMadeHere(project, file, value) || !isLocalAndUnread(file, target)) return undefined
  return { messageId: 'unread', data: { variable: target.id, call }, span: value }
}

function isLocalAndUnread(file: ProjectFile, target: Name): boolean {
  const owner = enclosingFunction(target)
  if (!owner || file.scopeAt(target).node !== owner || !file.scopeAt(target).bindings.has(target.id)) return false
  for (const node of descendants(owner)) {
    if (node.kind !== 'name' || node === target) continue
    if (node.id === target.id || node.id === 'locals') return false
  }
  return true
}

/** Whether an expression makes a signature or a canvas on the spot; methods of one that a name holds may be meant to change it. */
function isMadeHere(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  if (!project.isSignature(file, expr)) return false
  if (expr.kind === 'binary') return true
  if (expr.kind !== 'call') return false
  const { callee } = expr
  if (callee.kind !== 'attribute' || !signatureModifiers.has(callee.attr)) return true
  return callee.attr !== 'freeze' && isMadeHere(project, file, callee.value)
}

/** Appends the call that sends, around an operator too. */
function applying(expr: Expr): readonly [Edit, ...Edit[]] {
  if (expr.parens) return [insert(expr.parens.end, `.${call}`)]
  return expr.kind === 'binary'
    ? [insert(expr.start, '('), insert(expr.end, `).${call}`)]
    : [insert(expr.end, `.${call}`)]
}

const sending = (edits: readonly [Edit, ...Edit[]]): Fix => ({ title: 'Send it', applicability: 'safe', edits })

const insert = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })
