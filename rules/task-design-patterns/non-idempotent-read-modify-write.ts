/** A task that reads a row, adds to it and saves it adds again when it runs again, and loses what others wrote meanwhile. */
import { lastBefore } from '../../src/celery/models.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Task } from '../../src/celery/tasks.ts'
import { scopeOf } from '../../src/python/scopes.ts'
import type { Assign, Attribute, AugAssign, Expr, Node } from '../../src/python/syntax.ts'
import { ancestors, descendants, executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Methods that read one row, or make it where there is none. */
const readers = new Set(['get', 'first', 'last', 'latest', 'earliest', 'get_or_create', 'update_or_create'])
/** What counts the runs themselves should grow with each of them. */
const counters = /attempt|tries|retr(y|ies)|fail|error|version|revision|run_?count|_runs$/i

export default defineRule({
  name: 'non-idempotent-read-modify-write',
  reference: 'task-design-patterns.md#tasks-that-run-twice',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'never',
  summary:
    'A task adds to a field that it has read before and saves it, so a second run adds twice and a parallel one gets lost',
  messages: {
    changed:
      'This adds to the {field} that {task} has read before: when the message is delivered or retried a second time, it adds again, and of two runs at once one loses what the other wrote. Note which messages have been applied, under a unique key, and write the sum in the database with `F({quoted})`.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      for (const statement of executed(task.run.body)) {
        const target = modified(file, statement)
        if (!target || counters.test(target.attr)) continue
        if (
          !isReadHere(project, file, target) ||
          isGuarded(task, statement, target) ||
          isResetBefore(file, task, statement, target) ||
          !isSaved(task, statement, target)
        )
          continue
        yield {
          messageId: 'changed',
          data: { field: file.textOf(target), task: task.node.name, quoted: JSON.stringify(target.attr) },
          span: statement,
        }
      }
    }
  },
})

/** The attribute of a local that a statement computes from itself: `x.n += 1`, `x.n = x.n + 1`. */
function modified(file: ProjectFile, node: Node): (Attribute & { value: { kind: 'name'; id: string } }) | undefined {
  const target =
    node.kind === 'augassign' ? augmented(node) : node.kind === 'assign' ? recomputed(file, node) : undefined
  return target?.kind === 'attribute' && target.value.kind === 'name'
    ? (target as Attribute & { value: { kind: 'name'; id: string } })
    : undefined
}

const augmented = ({ target, operator, value }: AugAssign): Expr | undefined =>
  (operator === '+=' || operator === '-=') && !isExpressionOfTheDatabase(value) ? target : undefined

function recomputed(file: ProjectFile, { targets, value }: Assign): Expr | undefined {
  const [target, ...others] = targets
  if (!target || others.length > 0 || value?.kind !== 'binary' || !/^[+-]$/.test(value.operator)) return undefined
  const isSame = file.textOf(value.left) === file.textOf(target)
  return isSame && !isExpressionOfTheDatabase(value.right) ? target : undefined
}

/** `F("n") + 1` and the like. */
const isExpressionOfTheDatabase = (expr: Expr): boolean =>
  [...descendants(expr)].some(
    (node) =>
      node.kind === 'call' &&
      node.callee.kind === 'name' &&
      /^[A-Z]\w*$/.test(node.callee.id) &&
      node.callee.id !== 'Decimal',
  )

/** Whether a local was read from the database in this function, without a lock on its row. */
function isReadHere(project: CeleryProject, file: ProjectFile, { value }: Attribute): boolean {
  if (value.kind !== 'name' || project.ormValue(file, value)?.kind !== 'instance') return false
  const bindings = scopeOf(value.id, file.scopeAt(value))?.bindings.get(value.id) ?? []
  const binding = lastBefore(bindings, value)
  const made = binding?.kind === 'assignment' ? binding.value : undefined
  if (made?.kind !== 'call' || made.callee.kind !== 'attribute' || !readers.has(made.callee.attr)) return false
  return ![...descendants(made)].some((node) => node.kind === 'attribute' && /select_for_update|lock/.test(node.attr))
}

/** Whether the task looks at the row before, or holds some lock, and so may know that it runs again. */
function isGuarded({ run }: Task, statement: Node, { value }: Attribute): boolean {
  const id = value.kind === 'name' ? value.id : ''
  for (const up of ancestors(statement)) {
    if (up === run) break
    if (up.kind === 'if' && mentions(up.test, id)) return true
    if (up.kind === 'with' && !up.items.every(({ context }) => isTransaction(context))) return true
  }
  for (const node of executed(run.body)) {
    if (node.start >= statement.start) break
    if (node.kind === 'if' && mentions(node.test, id) && leaves(node.body)) return true
  }
  return false
}

/** Whether this run has given the field a value of its own before, so that each run starts from the same. */
function isResetBefore(file: ProjectFile, { run }: Task, statement: Node, target: Attribute): boolean {
  const field = file.textOf(target)
  for (const node of executed(run.body)) {
    if (node.start >= statement.start) break
    if (node.kind === 'assign' && node.targets.some((one) => file.textOf(one) === field) && !recomputed(file, node))
      return true
  }
  return false
}

const mentions = (expr: Expr, id: string) =>
  [...descendants(expr)].some((node) => node.kind === 'attribute' && node.value.kind === 'name' && node.value.id === id)

const leaves = (body: readonly Node[]) => body.some(({ kind }) => kind === 'return' || kind === 'raise')

const isTransaction = (expr: Expr): boolean => {
  const called = expr.kind === 'call' ? expr.callee : expr
  return (called.kind === 'attribute' ? called.attr : called.kind === 'name' ? called.id : '') === 'atomic'
}

/** Whether the row is saved below the statement. */
function isSaved({ run }: Task, statement: Node, { value }: Attribute): boolean {
  for (const node of executed(run.body)) {
    if (node.kind !== 'call' || node.start < statement.end || node.callee.kind !== 'attribute') continue
    const { value: saved, attr } = node.callee
    if (attr === 'save' && saved.kind === 'name' && value.kind === 'name' && saved.id === value.id) return true
  }
  return false
}
