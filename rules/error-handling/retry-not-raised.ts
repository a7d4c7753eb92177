/** `retry` ends the run by raising, unless it is told not to: code behind it is never reached, or runs although the task was sent again. */
import { lineage } from '../../src/celery/classes.ts'
import { statementsThatFollow } from '../../src/celery/context.ts'
import { isRetry } from '../../src/celery/current-task.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { taskHooks } from '../../src/celery/vocabulary/tasks.ts'
import type { Call, ExprStatement, FunctionDef, Statement } from '../../src/python/syntax.ts'
import { enclosingClass, enclosingFunction, executed, statementsAfter } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'retry-not-raised',
  reference: 'error-handling.md#what-stands-behind-a-retry',
  scope: 'file',
  severity: 'info',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'Code behind a retry is never reached, or runs although the task was sent again',
  messages: {
    continued:
      'With `throw=False` this retry sends the task once more and then returns, and nothing ends the run here: it goes on with {next}, so the work is done by this run and again by its copy. Return at once, or let the retry raise.',
    unreached:
      '`retry` ends the run by raising `Retry`, so {next} behind it never runs. Put before the retry what must happen, and write `raise` in front of it, so that readers see the end.',
  },
  *check({ project, file }) {
    for (const call of file.methodCalls('retry')) {
      const statement = call.parent
      if (statement?.kind !== 'expr' || !isRetry(project, file, call)) continue
      const throws = raises(call)
      if (throws === undefined) continue
      const next = throws ? unreached(statement) : continuation(project, file, statement)
      if (!next) continue
      yield {
        messageId: throws ? 'unreached' : 'continued',
        data: { next: firstLine(file, next) },
        span: call,
        severity: throws ? undefined : 'warning',
        fix: throws
          ? {
              title: 'Show that the retry raises',
              applicability: 'safe',
              edits: [{ span: { start: statement.start, end: statement.start }, replacement: 'raise ' }],
            }
          : undefined,
      }
    }
  },
})

/** Whether a retry raises, which `throw=False` keeps it from; undefined when that cannot be seen. */
function raises({ args }: Call): boolean | undefined {
  if (args.some(({ unpack }) => unpack) || args.filter(({ name }) => !name).length > 3) return undefined
  const given = args.find(({ name }) => name === 'throw')?.value
  if (!given) return true
  return given.kind === 'constant' && given.value !== null ? given.value : undefined
}

const firstLine = (file: ProjectFile, statement: Statement) => file.textOf(statement).split(/\r?\n/, 1)[0]!

const leaves = ({ kind }: Statement) => kind === 'return' || kind === 'raise'

/** The work that stands right behind a retry that raises. */
function unreached(statement: Statement): Statement | undefined {
  const [next] = statementsAfter(statement)
  const isHarmless = next && (leaves(next) || next.kind === 'simple' || isCounterfeit(next))
  return isHarmless ? undefined : next
}

/** A bare literal, such as a string that serves as a comment. */
const isCounterfeit = ({ kind, ...rest }: Statement) =>
  kind === 'expr' && /^(string|constant|unknown)$/.test((rest as ExprStatement).value.kind)

/** The work that goes on behind a retry that does not raise: in its own function, or in the method that called this one. */
function continuation(project: CeleryProject, file: ProjectFile, statement: Statement): Statement | undefined {
  const node = enclosingFunction(statement)
  if (!node || runsAfterwards(node) || statementsAfter(statement).some(leaves)) return undefined
  const behind = statementsThatFollow(statement)?.slice(statementsAfter(statement).length)
  const next = behind && workIn(behind)
  if (!behind || next || behind.some(leaves)) return next
  for (const caller of callersOf(project, file, node)) {
    const holder = enclosingFunction(caller)
    const after = holder && !runsAfterwards(holder) ? statementsThatFollow(caller) : undefined
    const found = after && workIn(after)
    if (found) return found
  }
  return undefined
}

/** Methods that Celery calls when the run is over: nothing goes on behind them. */
const runsAfterwards = (node: FunctionDef) =>
  enclosingClass(node) !== undefined && taskHooks.has(node.name) && node.name !== 'before_start'

const logMethods = /^(debug|info|warning|warn|error|exception|critical|log|bind)$/

/** The first statement up to the end of the run that calls something, other than to log it. */
function workIn(statements: readonly Statement[]): Statement | undefined {
  const end = statements.findIndex(leaves)
  return statements.slice(0, end < 0 ? undefined : end + 1).find((statement) =>
    [...executed([statement])].some((node) => {
      if (node.kind === 'await') return true
      return node.kind === 'call' && !(node.callee.kind === 'attribute' && logMethods.test(node.callee.attr))
    }),
  )
}

/** The statements `self.<method>()` of a file by which a class calls a method of its own. */
function callersOf(project: CeleryProject, file: ProjectFile, method: FunctionDef): Statement[] {
  const owner = enclosingClass(method)
  if (!owner) return []
  return file.methodCalls(method.name).flatMap(({ callee, parent }) => {
    if (callee.value.kind !== 'name') return []
    const holder = parent?.kind === 'expr' ? enclosingFunction(parent) : undefined
    const node = holder && enclosingClass(holder)
    if (!node || holder.parameters[0]?.name !== callee.value.id) return []
    return lineage(project.names, { kind: 'class', file, node }).own.some((own) => own.node === owner)
      ? [parent as Statement]
      : []
  })
}
