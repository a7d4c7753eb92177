/** Owns sending after the commit: how a dispatch is moved there, and which tasks go there by themselves. */
import type { Edit, Fix } from '../core/fix.ts'
import { scopeOf } from '../python/scopes.ts'
import type { Expr, FunctionDef } from '../python/syntax.ts'
import { descendants, dottedName, enclosingFunction } from '../python/walk.ts'
import { findMethod, lineage } from './classes.ts'
import { loopAround } from './context.ts'
import type { Dispatch } from './dispatches.ts'
import type { CeleryProject } from './project.ts'
import type { Task } from './tasks.ts'

/** How a dispatch is spoken of: `email_invoice.delay`. */
export function dispatchLabel(dispatch: Dispatch): string {
  if (dispatch.taskName?.kind === 'string') return dispatch.taskName.value
  const receiver = dispatch.task ? dispatch.task.node.name : (dottedName(dispatch.receiver) ?? 'the canvas')
  return dispatch.method === '()' ? receiver : `${receiver}.${dispatch.method}`
}

/** Whether sending this task waits for the commit by itself: its base class, or the application's, overrides how it is sent. */
export function defersToCommit(project: CeleryProject, { task }: Dispatch): boolean {
  if (!task) return false
  return mentionsOnCommit(sendMethod(project, task)) || appTaskDefers(project)
}

function sendMethod(project: CeleryProject, task: Task): FunctionDef | undefined {
  if (task.base?.kind !== 'class') return undefined
  const { base } = task
  for (const method of ['apply_async', 'delay']) {
    const found = findMethod(project.names, base, method)
    if (found) return found.node
  }
  return undefined
}

function mentionsOnCommit(method: FunctionDef | undefined): boolean {
  if (!method) return false
  for (const node of descendants(method)) {
    if (node.kind === 'attribute' && /on_commit$/.test(node.attr)) return true
    if (node.kind === 'name' && node.id === 'on_commit') return true
  }
  return false
}

const deferring = new WeakMap<CeleryProject, boolean>()

/** `app.Task = OnCommitTask` and `Celery(task_cls=OnCommitTask)`. */
function appTaskDefers(project: CeleryProject): boolean {
  const known = deferring.get(project)
  if (known !== undefined) return known
  let defers = false
  for (const file of project.files.values()) {
    if (file.isTest) continue
    const bases: Expr[] = []
    for (const assign of file.assigns) {
      const target = assign.targets[0]
      if (assign.value && target?.kind === 'attribute' && target.attr === 'Task' && project.isApp(file, target.value))
        bases.push(assign.value)
    }
    for (const call of file.calls) {
      const cls = call.args.find((arg) => arg.name === 'task_cls')
      if (cls) bases.push(cls.value)
    }
    for (const base of bases) {
      const referent = project.resolve(file, base)
      if (referent?.kind !== 'class') continue
      if (mentionsOnCommit(findMethod(project.names, referent, 'apply_async')?.node)) defers = true
    }
  }
  deferring.set(project, defers)
  return defers
}

/** Whether a task has `delay_on_commit`: Celery 5.4 gives it to tasks whose base class the project does not replace. */
function hasOnCommitMethods(project: CeleryProject, task: Task): boolean {
  if (task.options.has('base') || task.optionsOpen) {
    const external = task.base?.kind === 'class' ? lineage(project.names, task.base).external : []
    if (!external.includes('celery.contrib.django.task.DjangoTask')) return false
  }
  return project.usesOnCommitMethods
}

/**
 * Moves a dispatch behind the commit, where that can be done in its own place without an import.
 * @param using the database of the transaction, when it names one
 */
export function onCommitFix(project: CeleryProject, dispatch: Dispatch, using?: Expr): Fix | undefined {
  const { call, file, task, method } = dispatch
  // The result of a dispatch is gone when it happens later.
  if (call.parent?.kind !== 'expr') return undefined
  if (
    call.callee.kind === 'attribute' &&
    task &&
    !using &&
    (method === 'delay' || method === 'apply_async') &&
    hasOnCommitMethods(project, task)
  ) {
    const { attrSpan } = call.callee
    return {
      title: `Use ${method}_on_commit`,
      applicability: 'safe',
      edits: [{ span: attrSpan, replacement: `${method}_on_commit` }],
    }
  }
  const opener = onCommitName(dispatch)
  if (!opener) return undefined
  const database = using && (using.kind === 'string' || using.kind === 'name') ? `, using=${file.textOf(using)}` : ''
  if (using && !database) return undefined
  if (isStable(dispatch)) return wrap(dispatch, `${opener}(lambda: `, `${database})`)
  return undefined
}

function wrap({ call }: Dispatch, before: string, after: string): Fix {
  const edits: [Edit, Edit] = [
    { span: { start: call.start, end: call.start }, replacement: before },
    { span: { start: call.end, end: call.end }, replacement: after },
  ]
  return { title: 'Send it after the commit', applicability: 'safe', edits }
}

/** How `transaction.on_commit` is written in this file, when it is imported. */
function onCommitName({ file, call }: Dispatch): string | undefined {
  const scope = file.scopeAt(call)
  const imported = (name: string, module: string, member?: string) =>
    scopeOf(name, scope)
      ?.bindings.get(name)
      ?.some((binding) => binding.kind === 'import' && binding.module === module && binding.name === member)
  if (imported('transaction', 'django.db', 'transaction')) return 'transaction.on_commit'
  return imported('on_commit', 'django.db.transaction', 'on_commit') ? 'on_commit' : undefined
}

/** Whether every name that a dispatch uses still has its value when the transaction has committed. */
function isStable({ call, file }: Dispatch): boolean {
  if (loopAround(call)) return false
  const owner = enclosingFunction(call)
  for (const node of descendants(call)) {
    if (node.kind === 'await' || node.kind === 'yield' || node.kind === 'walrus') return false
    if (node.kind !== 'name') continue
    const bindings = scopeOf(node.id, file.scopeAt(node))?.bindings.get(node.id) ?? []
    const local = bindings.filter((binding) => enclosingFunction(binding.at) === owner && binding.kind !== 'parameter')
    if (owner && local.length > 0 && bindings.length > 1) return false
  }
  return true
}
