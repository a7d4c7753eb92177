/** `autoretry_for` wraps `run` alone: what a hook of the task raises is not retried. */
import { type ClassReferent, findMethod, lineage } from '../../src/celery/classes.ts'
import { elementsOf } from '../../src/celery/dispatches.ts'
import type { Referent } from '../../src/celery/names.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Expr, Node, Raise } from '../../src/python/syntax.ts'
import { ancestors, enclosingFunction, executed, isScope } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Methods that Celery calls around `run`: ahead of it, and when all is over. Source: celery/app/trace.py. */
const hooks = [
  ['before_start', 'uncovered'],
  ['__call__', 'uncovered'],
  ['on_success', 'over'],
  ['on_retry', 'over'],
  ['on_failure', 'over'],
  ['after_return', 'over'],
] as const

/** Methods that call each other in a circle end here. */
const MAX_DEPTH = 4

export default defineRule({
  name: 'autoretry-outside-run',
  reference: 'error-handling.md#what-autoretry_for-covers',
  scope: 'project',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A hook of a task raises an exception of autoretry_for, which covers only what run raises',
  messages: {
    uncovered:
      '{hook} raises {exception} here, which is in `autoretry_for`, but Celery retries only what comes out of `run`: the run fails at once. Raise it in `run`, or call `self.retry` here.',
    over: '{hook} raises {exception} here, which is in `autoretry_for`, but it runs when the run is over, and nothing that it raises is retried. Raise it in `run`.',
  },
  *check({ project }) {
    const seen = new Set<Raise>()
    for (const base of retriedClasses(project)) {
      const classes = exceptionsOf(project, base.retried)
      if (classes.length === 0) continue
      for (const [hook, messageId] of hooks) {
        const method = findMethod(project.names, base.owner, hook)
        if (!method) continue
        for (const { file, at, exception } of raisedBy(project, base.owner, method, 0)) {
          if (seen.has(at) || !classes.some((caught) => isKindOf(project, exception, caught))) continue
          seen.add(at)
          const isCalled = enclosingFunction(at) !== method.node
          yield {
            messageId,
            data: { hook, exception: nameOf(exception) },
            file,
            span: at,
            related: isCalled ? [{ file: method.file, span: method.node.nameSpan, note: 'this hook leads to it' }] : [],
          }
        }
      }
    }
  },
})

interface Retried {
  readonly owner: ClassReferent
  readonly retried: { readonly file: ProjectFile; readonly value: Expr }
}

/** The classes of tasks that retry by themselves, and what for. */
function* retriedClasses(project: CeleryProject): Generator<Retried> {
  for (const task of project.tasks) {
    const { value, file } = project.taskOption(task, 'autoretry_for')
    if (value && task.base?.kind === 'class' && !task.file.isTest) yield { owner: task.base, retried: { file, value } }
  }
}

/** The exceptions that a tuple lists, names followed. */
function exceptionsOf(project: CeleryProject, { file, value }: Retried['retried']): Referent[] {
  const referent = project.resolve(file, value)
  const [where, listed] = referent?.kind === 'value' ? [referent.file, referent.expr] : [file, value]
  return (elementsOf(listed) ?? []).flatMap((element) => project.resolve(where, element) ?? [])
}

interface Raised {
  readonly file: ProjectFile
  readonly at: Raise
  readonly exception: Referent
}

type Method = NonNullable<ReturnType<typeof findMethod>>

/** What a method raises past itself, and so do the methods of its own class that it calls. */
function* raisedBy(
  project: CeleryProject,
  owner: ClassReferent,
  { file, node }: Method,
  depth: number,
): Generator<Raised> {
  if (depth > MAX_DEPTH) return
  const [self] = node.parameters
  for (const inner of executed(node.body)) {
    if (isGuarded(inner)) continue
    if (inner.kind === 'raise' && inner.exception) {
      const raised = inner.exception.kind === 'call' ? inner.exception.callee : inner.exception
      const exception = project.resolve(file, raised)
      if (exception) yield { file, at: inner, exception }
    }
    if (inner.kind !== 'call' || inner.callee.kind !== 'attribute') continue
    const { attr, value } = inner.callee
    // `self.run(…)` in `__call__` is the run itself.
    const called = value.kind === 'name' && value.id === self?.name && attr !== 'run'
    const method = called ? findMethod(project.names, owner, attr) : undefined
    if (method) yield* raisedBy(project, owner, method, depth + 1)
  }
}

/** Whether a node stands in the body of a `try`, which may catch what it raises, or in a handler. */
function isGuarded(node: Node): boolean {
  for (const up of ancestors(node)) {
    if (isScope(up)) return false
    if (up.kind === 'try') return true
  }
  return false
}

/** Whether a raised class is one that `autoretry_for` lists, or descends from it. */
function isKindOf(project: CeleryProject, raised: Referent, listed: Referent): boolean {
  if (raised.kind === 'external') return listed.kind === 'external' && raised.name === listed.name
  if (raised.kind !== 'class') return false
  const { own, external } = lineage(project.names, raised)
  if (listed.kind === 'external') return external.includes(listed.name)
  return listed.kind === 'class' && own.some(({ node }) => node === listed.node)
}

const nameOf = (exception: Referent) =>
  exception.kind === 'class' ? exception.node.name : exception.kind === 'external' ? exception.name : ''
