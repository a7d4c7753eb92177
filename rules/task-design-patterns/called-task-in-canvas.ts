/** A canvas is made of signatures: a task that is called, sent or merely named in it is none. */
import { calledTask, functionTask } from '../../src/celery/called-tasks.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { applyAsyncMethods, canvasConstructors, delayMethods } from '../../src/celery/vocabulary/methods.ts'
import type { Edit, Fix } from '../../src/core/fix.ts'
import type { Call, Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'called-task-in-canvas',
  reference: 'task-design-patterns.md#tasks-in-a-canvas',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A chain, group, chord or callback is given a call of a task where it needs a signature',
  messages: {
    called:
      'This calls {task} here and now, in the process that builds the workflow, and puts what it returns where a signature belongs. Write {signature}, which only describes the call.',
    sent: 'This sends {task} at once, outside of the workflow, and puts its `AsyncResult` where a signature belongs. Write {signature}, which only describes the call.',
    bare: '{task} is a task and no signature, so the workflow cannot be built of it. Write {signature}.',
  },
  *check({ project, file }) {
    const seen = new Set<Expr>()
    for (const expr of steps(project, file)) {
      if (seen.has(expr)) continue
      seen.add(expr)
      const problem = problemOf(project, file, expr)
      if (problem) yield problem
    }
  },
})

function problemOf(project: CeleryProject, file: ProjectFile, expr: Expr): Problem | undefined {
  const bare = functionTask(project, file, expr)
  if (bare) return problem('bare', bare.node.name, expr, [insert(expr.end, '.s()')])
  if (expr.kind !== 'call') return undefined
  const called = calledTask(project, file, expr)
  if (called) return problem('called', called.node.name, expr, [insert(expr.callee.end, '.s')])
  const { callee } = expr
  if (callee.kind !== 'attribute') return undefined
  const isDelay = delayMethods.has(callee.attr)
  const sent = isDelay || applyAsyncMethods.has(callee.attr) ? functionTask(project, file, callee.value) : undefined
  if (!sent) return undefined
  return problem('sent', sent.node.name, expr, isDelay ? [{ span: callee.attrSpan, replacement: 's' }] : undefined)
}

function problem(messageId: string, task: string, span: Expr, edits: readonly [Edit] | undefined): Problem {
  const fix: Fix | undefined = edits && { title: 'Make it a signature', applicability: 'safe', edits }
  return { messageId, data: { task, signature: `${task}.s(…)` }, span, fix }
}

const insert = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })

/** Every expression that stands where a canvas takes a signature. */
function* steps(project: CeleryProject, file: ProjectFile): Generator<Expr> {
  for (const call of file.calls) {
    const made = project.externalName(file, call.callee)
    if (made !== undefined && canvasConstructors.has(made)) {
      for (const { name, value } of call.args) if (!name || canvasArguments.has(name)) yield* elements(value)
    } else yield* callbacks(project, file, call)
  }
  for (const node of file.unions) {
    if (project.isSignature(file, node.left)) yield node.right
    if (project.isSignature(file, node.right)) yield node.left
  }
}

const canvasArguments = new Set(['header', 'body', 'callback', 'tasks'])

/** What is to run after a task: `link=` and `link_error=` of a dispatch, and the argument of `link` of a signature. */
function* callbacks(project: CeleryProject, file: ProjectFile, { callee, args }: Call): Generator<Expr> {
  if (callee.kind !== 'attribute') return
  if (applyAsyncMethods.has(callee.attr)) {
    if (!project.taskOf(file, callee.value) && !project.isSignature(file, callee.value)) return
    for (const { name, value } of args) if (name === 'link' || name === 'link_error') yield* elements(value)
  } else if (/^(link|link_error|on_error)$/.test(callee.attr) && project.isSignature(file, callee.value)) {
    for (const { name, unpack, value } of args) if (!name && !unpack) yield* elements(value)
  }
}

/** The elements of a literal sequence or comprehension, else the expression itself. */
function* elements(expr: Expr): Generator<Expr> {
  switch (expr.kind) {
    case 'list':
    case 'tuple':
      for (const element of expr.elements) yield* elements(element)
      return
    case 'comprehension':
      if (expr.type !== 'dict') yield* elements(expr.element)
      return
    case 'starred':
      yield* elements(expr.value)
      return
    case 'conditional':
      yield* elements(expr.body)
      yield* elements(expr.orelse)
      return
    default:
      yield expr
  }
}
