/** Callbacks of `on_commit` run when a loop is long over, and then read the last value of each name it assigned. */

import { hasAtomicRequests } from '../../src/celery/atomic-requests.ts'
import { loopAround } from '../../src/celery/context.ts'
import { asPartial, insert, unwrapOnCommit } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { atomicHandlers } from '../../src/celery/request-handlers.ts'
import { codeSpans } from '../../src/core/code-span.ts'
import type { Fix } from '../../src/core/fix.ts'
import { type Binding, scopeOf } from '../../src/python/scopes.ts'
import type { Call, Expr, FunctionDef, Lambda, Node } from '../../src/python/syntax.ts'
import {
  ancestors,
  descendants,
  enclosingFunction,
  enclosingStatement,
  statementsAfter,
} from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'on-commit-late-binding',
  reference: 'django-integration.md#callbacks-in-a-loop',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A callback of on_commit reads a loop variable after the loop, so every round acts on the last value',
  messages: {
    late: 'This callback runs after the commit, when the loop is over, and reads {names} only then: every round acts on the last value, and the others are never handled. Bind the value now, with `functools.partial` or as a default of the callback.',
    unseen:
      'When this runs in a transaction, its callback waits for the commit: the loop is over by then, only the last value is left in {names}, and the other rounds are never handled. Without one, Django runs it at once, and nothing is wrong yet. Bind the value now, with `functools.partial` or as a default of the callback.',
    perRound:
      'This callback reads {names} when the transaction commits. That is the right value as long as the block in this loop is the outermost transaction; inside another one, as in a `TestCase` or with `ATOMIC_REQUESTS`, every round acts on the last value. Bind the value now, with `functools.partial` or as a default of the callback.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      if (!loopAround(call)) continue
      const given = project.onCommitCallback(file, call)
      const callback = given && definitionOf(project, file, given)
      if (!callback) continue
      const names = [...lateNames(file, call, callback)]
      if (names.length === 0) continue
      const messageId = commitsEachRound(project, file, call)
        ? 'perRound'
        : isHeld(project, file, call)
          ? 'late'
          : 'unseen'
      yield {
        messageId,
        data: { names },
        span: given,
        severity: messageId === 'late' ? undefined : 'warning',
        fix: fixOf(project, file, call, callback, names),
      }
    }
  },
})

/** The lambda or nested function that an expression is, or names. */
function definitionOf(project: CeleryProject, file: ProjectFile, expr: Expr): Lambda | FunctionDef | undefined {
  if (expr.kind === 'lambda') return expr
  const referent = project.names.resolve(file, expr)
  // What another file defines cannot see the loop.
  if (!referent || referent.kind === 'external' || referent.file !== file) return undefined
  if (referent.kind === 'function') return referent.node
  return referent.kind === 'value' && referent.expr.kind === 'lambda' ? referent.expr : undefined
}

/** The names that a callback reads and that a loop around its registration gives another value in each round. */
function lateNames(file: ProjectFile, call: Call, callback: Lambda | FunctionDef): Set<string> {
  const loops: Node[] = []
  for (let loop = loopAround(call); loop; loop = loopAround(loop))
    if (!isLeft(call, loop) && !picksOneRound(call, loop)) loops.push(loop)
  const names = new Set<string>()
  const body = callback.kind === 'lambda' ? [callback.body] : callback.body
  for (const node of body.flatMap((part) => [...descendants(part)])) {
    if (node.kind !== 'name') continue
    const scope = scopeOf(node.id, file.scopeAt(node))
    // A name of the callback's own is settled when it runs; only those of the code around the loop can have moved on.
    if (!scope || isWithin(scope.node, callback)) continue
    const bindings = scope.bindings.get(node.id) ?? []
    if (loops.some((loop) => bindings.some((binding) => isWithin(binding.at, loop) && varies(binding, bindings))))
      names.add(node.id)
  }
  return names
}

const isWithin = (node: Node, around: Node): boolean => around.start <= node.start && node.end <= around.end

/** Whether a binding may give another value in each round: definitions and literals do not. */
function varies(binding: Binding, bindings: readonly Binding[]): boolean {
  if (binding.kind !== 'assignment')
    return binding.kind === 'loop' || binding.kind === 'with' || binding.kind === 'other'
  const { value } = binding
  const isLiteral = value?.kind === 'string' || value?.kind === 'number' || value?.kind === 'constant'
  return value !== undefined && !(isLiteral && bindings.length === 1)
}

/** Whether a loop is left for good once a node in it has run, so that there is only one round that matters. */
function isLeft(node: Node, loop: Node): boolean {
  for (
    let statement = enclosingStatement(node);
    statement.parent && isWithin(statement, loop) && statement !== loop;
    statement = enclosingStatement(statement.parent)
  ) {
    for (const next of statementsAfter(statement)) {
      if (next.kind === 'return' || next.kind === 'raise') return true
      if (next.kind === 'simple' && next.keyword === 'break' && loopAround(next) === loop) return true
    }
  }
  return false
}

/** Whether a node runs only in rounds in which something equals a literal, as where one of several is looked for. */
function picksOneRound(node: Node, loop: Node): boolean {
  for (const up of ancestors(node)) {
    if (up === loop) break
    if (up.kind !== 'if' || up.test.kind !== 'compare') continue
    const { operators, operands } = up.test
    if (operators.join() === '==' && operands.some(({ kind }) => kind === 'string' || kind === 'number')) return true
  }
  return false
}

/** Whether the outermost transaction in sight opens and ends inside the loop. */
function commitsEachRound(project: CeleryProject, file: ProjectFile, call: Call): boolean {
  const loop = loopAround(call)
  const transaction = project.transactionAround(file, call)
  if (!loop || !transaction || !isWithin(transaction.at, loop)) return false
  return project.transactionAround(file, transaction.at) === undefined
}

/** Whether a transaction is visibly open at a call; where none is, Django runs callbacks at once. */
function isHeld(project: CeleryProject, file: ProjectFile, call: Call): boolean {
  if (project.transactionAround(file, call)) return true
  const around = enclosingFunction(call)
  return hasAtomicRequests(project) && [...atomicHandlers(project)].some(({ node }) => node === around)
}

function fixOf(
  project: CeleryProject,
  file: ProjectFile,
  call: Call,
  callback: Lambda | FunctionDef,
  names: readonly string[],
): Fix | undefined {
  const bound = names.map((name) => `${name}=${name}`).join(', ')
  const title = `Bind ${codeSpans(names)} now`
  const loop = loopAround(call)
  // Above the loop there is no value yet that could be bound.
  if (!loop || !isWithin(callback, loop)) return undefined
  if (callback.kind === 'function') {
    if (callback.parameters.length > 0) return undefined
    return { title, applicability: 'safe', edits: [insert(callback.parametersSpan.start + 1, bound)] }
  }
  const { body, parameters } = callback
  if (body.kind === 'call' && parameters.length === 0 && !body.parens) {
    const dispatch = project.dispatchesOf(file).find((one) => one.call === body && one.kind === 'send')
    const unwrapped = dispatch && callback.parent?.kind === 'argument' && unwrapOnCommit(project, call, dispatch)
    if (unwrapped) return unwrapped
    const partial = body.args.length > 0 ? asPartial(file, body) : undefined
    if (partial) {
      const opening = { span: { start: callback.start, end: body.start }, replacement: '' }
      return { title, applicability: 'safe', edits: [opening, ...partial] }
    }
  }
  const last = parameters.at(-1)
  const at = last ? last.end : callback.start + 'lambda'.length
  return { title, applicability: 'safe', edits: [insert(at, last ? `, ${bound}` : ` ${bound}`)] }
}
