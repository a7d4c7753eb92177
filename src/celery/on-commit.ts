/** Owns sending after the commit: how a call is moved there, and what goes there by itself. */
import type { Applicability, Edit, Fix } from '../core/fix.ts'
import { scopeOf } from '../python/scopes.ts'
import type { Call, Expr, FunctionDef } from '../python/syntax.ts'
import { ancestors, descendants, dottedName, enclosingFunction } from '../python/walk.ts'
import { lineage } from './classes.ts'
import { loopAround, onCommitNames, triesAround } from './context.ts'
import type { Dispatch } from './dispatches.ts'
import type { Names } from './names.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { applicationBases, taskMethod } from './task-bases.ts'
import type { Task } from './tasks.ts'
import { onCommitMethods } from './vocabulary/methods.ts'

/** How a dispatch is spoken of as a call: `email_invoice.delay`, `chain(…).apply_async`. */
export function dispatchLabel(dispatch: Dispatch): string {
  const { taskName, method } = dispatch
  return taskName?.kind === 'string' || method === '()' ? sentLabel(dispatch) : `${sentLabel(dispatch)}.${method}`
}

/** How what a dispatch sends is spoken of: `email_invoice`, `chain(…)`. */
export function sentLabel({ file, task, taskName, receiver }: Dispatch): string {
  if (taskName?.kind === 'string') return taskName.value
  const callee = receiver.kind === 'call' && dottedName(receiver.callee)
  return task ? task.node.name : callee ? `${callee}(…)` : file.textOf(receiver.parens ?? receiver)
}

/** Whether sending this task waits for the commit by itself: its base class, or the application's, overrides how it is sent. */
export function defersToCommit(project: CeleryProject, { task }: Dispatch): boolean {
  const method = task && taskMethod(project, task, ['apply_async', 'delay'])
  return method !== undefined && mentionsOnCommit(method)
}

/** Whether a function hands something to Django to run after the commit. */
export function mentionsOnCommit(method: FunctionDef): boolean {
  for (const node of descendants(method)) {
    if (node.kind === 'attribute' && /on_commit$/.test(node.attr)) return true
    if (node.kind === 'name' && node.id === 'on_commit') return true
  }
  return false
}

/** Whether a task is sent with nothing but constants, so that it reads no row that the sender has just written. */
export const hasOnlyConstants = ({ args, taskName, task }: Dispatch): boolean =>
  (task !== undefined || taskName !== undefined) &&
  !args.open &&
  [...args.positional, ...args.keywords.values()].every(
    ({ kind }) => kind === 'string' || kind === 'number' || kind === 'constant',
  )

/** Whether a function is run after the commit by a decorator, or looks itself whether it is in a transaction. */
export function waitsForCommit(names: Names, file: ProjectFile, node: FunctionDef): boolean {
  const decorated = node.decorators.some(({ expression }) => {
    const decorator = names.follow(file, expression.kind === 'call' ? expression.callee : expression)
    if (decorator?.kind === 'function') return mentionsOnCommit(decorator.node)
    return decorator?.kind === 'external' && /(on|after)_?(transaction_?)?commit/i.test(decorator.name)
  })
  return decorated || asksForTransaction.test(file.textOf(node))
}

const asksForTransaction = /\b(in_atomic_block|get_autocommit)\b/

const djangoTask = 'celery.contrib.django.task.DjangoTask'

/** Whether a task has `delay_on_commit`: Celery 5.4 gives it to tasks whose base class the project does not replace. */
function hasOnCommitMethods(project: CeleryProject, task: Task): boolean {
  if (!project.hasOnCommitMethods) return false
  const isGiven = task.options.has('base') || task.optionsOpen
  const own = task.base?.kind === 'class' ? [task.base] : []
  const bases = isGiven ? own : applicationBases(project)
  if (!isGiven && bases.length === 0) return true
  return bases.some((base) => lineage(project.names, base).external.includes(djangoTask))
}

/**
 * Moves a dispatch behind the commit, where that can be done in its own place without an import.
 * @param using the database of the transaction, when it names one
 * @param fleeting what the arguments read may be gone after the commit, so they must be evaluated now
 */
export function onCommitFix(
  project: CeleryProject,
  dispatch: Dispatch,
  using?: Expr,
  fleeting = false,
): Fix | undefined {
  // What a handler catches now would be raised after the commit, out of its reach.
  const applicability = isGuarded(dispatch.call) ? 'unsafe' : 'safe'
  const { call, file, task, method } = dispatch
  // The result of a dispatch is gone when it happens later.
  if (call.parent?.kind !== 'expr' || (fleeting && sendsInstance(project, dispatch))) return undefined
  if (
    call.callee.kind === 'attribute' &&
    task &&
    !using &&
    (method === 'delay' || method === 'apply_async') &&
    hasOnCommitMethods(project, task)
  ) {
    const { attrSpan } = call.callee
    return {
      title: `Use \`${method}_on_commit\``,
      applicability,
      edits: [{ span: attrSpan, replacement: `${method}_on_commit` }],
    }
  }
  return deferCall(file, call, { title: 'Send it after the commit', applicability, using, fleeting })
}

/** Whether an instance is sent as it is: of one that is deleted, the primary key is gone when it is pickled after the commit. */
const sendsInstance = (project: CeleryProject, { file, call }: Dispatch): boolean =>
  call.args.some(({ value }) =>
    [...descendants(value)].some(
      (node) =>
        node.kind === 'name' && node.parent?.kind !== 'attribute' && project.ormValue(file, node)?.kind === 'instance',
    ),
  )

export interface Deferral {
  readonly title: string
  readonly applicability: Applicability
  readonly using?: Expr
  readonly fleeting?: boolean
}

/** Wraps a call that stands as a statement in `on_commit`: in a lambda where its names keep their values, else as a partial. */
export function deferCall(
  file: ProjectFile,
  call: Call,
  { title, applicability, using, fleeting = false }: Deferral,
): Fix | undefined {
  const opener = onCommitName(file, call)
  const database = using && (using.kind === 'string' || using.kind === 'name') ? `, using=${file.textOf(using)}` : ''
  const callback = asCallback(file, call, fleeting)
  if (!opener || !callback || call.parent?.kind !== 'expr' || (using && !database)) return undefined
  const edits = [insert(call.start, `${opener}(`), ...callback, insert(call.end, `${database})`)] as const
  return { title, applicability, edits }
}

/** Turns a call into a callback that makes it later: a lambda where its names keep their values, else as `asPartial`. */
export function asCallback(file: ProjectFile, call: Call, fleeting = false): readonly Edit[] | undefined {
  return !fleeting && isStable(file, call) ? [insert(call.start, 'lambda: ')] : asPartial(file, call)
}

/**
 * Turns a call into a callback that makes it later with the arguments it has now: `send(pk)` becomes
 * `partial(send, pk)`, `send()` becomes `send`. Undefined where `partial` is not imported.
 */
export function asPartial(file: ProjectFile, call: Call): readonly Edit[] | undefined {
  const { argsSpan, args } = call
  const [first] = args
  if (!first) return [{ span: argsSpan, replacement: '' }]
  const partial = partialName(file, call)
  // A generator may share the parentheses of the call only while it is the sole argument.
  if (!partial || (first.value.kind === 'comprehension' && first.start <= argsSpan.start)) return undefined
  const separator = /\s/.test(file.facts.text[argsSpan.start + 1] ?? '') ? ',' : ', '
  const opening = { start: argsSpan.start, end: argsSpan.start + 1 }
  return [insert(call.start, `${partial}(`), { span: opening, replacement: separator }]
}

/**
 * Replaces `on_commit(… task.delay(pk) …)` by `task.delay_on_commit(pk)`, which takes its arguments at once.
 * Undefined where the task has no such method, and where `on_commit` is not that of the default database or is given
 * more than the callback.
 */
export function unwrapOnCommit(project: CeleryProject, onCommit: Call, dispatch: Dispatch): Fix | undefined {
  const { call, task, method } = dispatch
  const { callee } = call
  if (!task || !hasOnCommitMethods(project, task) || callee.kind !== 'attribute') return undefined
  if (onCommit.parent?.kind !== 'expr' || onCommit.args.length !== 1 || !delayedMethods.has(method)) return undefined
  if (!onCommitNames.has(project.externalName(dispatch.file, onCommit.callee) ?? '')) return undefined
  const sent = dispatch.onCommit ? method : `${method}_on_commit`
  return {
    title: `Use \`${sent}\``,
    applicability: 'safe',
    edits: [
      { span: { start: onCommit.start, end: call.start }, replacement: '' },
      { span: callee.attrSpan, replacement: sent },
      { span: { start: call.end, end: onCommit.end }, replacement: '' },
    ],
  }
}

/** Whether a `try` with handlers stands between a call and the block that it is in. */
function isGuarded(call: Call): boolean {
  const [innermost] = triesAround(call)
  if (!innermost || innermost.handlers.length === 0) return false
  for (const up of ancestors(call)) {
    if (up === innermost) return true
    if (up.kind === 'with') return false
  }
  return false
}

const delayedMethods = new Set(['delay', 'apply_async', ...onCommitMethods])

export const insert = (at: number, replacement: string): Edit => ({ span: { start: at, end: at }, replacement })

/** How a name of a module is written in a file, when it is imported where a node stands. */
function importedAs(file: ProjectFile, at: Expr, name: string, module: string, member?: string): boolean {
  const bindings = scopeOf(name, file.scopeAt(at))?.bindings.get(name) ?? []
  return bindings.some((binding) => binding.kind === 'import' && binding.module === module && binding.name === member)
}

/** How `transaction.on_commit` is written in this file, when it is imported. */
function onCommitName(file: ProjectFile, at: Expr): string | undefined {
  if (importedAs(file, at, 'transaction', 'django.db', 'transaction')) return 'transaction.on_commit'
  return importedAs(file, at, 'on_commit', 'django.db.transaction', 'on_commit') ? 'on_commit' : undefined
}

/** How `functools.partial` is written in this file, when it is imported. */
function partialName(file: ProjectFile, at: Expr): string | undefined {
  if (importedAs(file, at, 'partial', 'functools', 'partial')) return 'partial'
  return importedAs(file, at, 'functools', 'functools') ? 'functools.partial' : undefined
}

/** Whether every name that a call uses still has its value when the transaction has committed. */
function isStable(file: ProjectFile, call: Call): boolean {
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
