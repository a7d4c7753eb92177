/** One message for each row, sent one after the other while somebody waits. */

import { numberOf } from '../../src/celery/constants.ts'
import { loopAround } from '../../src/celery/context.ts'
import { sentLabel } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** A loop of so many rounds is a long one. */
const MANY = 100

export default defineRule({
  name: 'dispatch-in-loop',
  reference: 'task-design-patterns.md#one-message-for-each-row',
  scope: 'file',
  severity: 'info',
  confidence: 'low',
  status: 'preview',
  fix: 'never',
  summary: 'Code outside of a task sends one message for each row of a queryset, one after the other',
  messages: {
    rows: 'This sends {task} once for each row of {rows}, and whoever called waits until the last message is out; an error half-way leaves the others unsent. Send one task that finds the rows and sends the rest from a worker.',
  },
  *check({ project, file }) {
    // A command is made to take its time, and so is a script.
    if (/(^|\/)(management\/commands|scripts?)\//.test(file.path) || file.isMigration) return
    for (const dispatch of project.dispatchesOf(file)) {
      const { call, kind, onCommit, options } = dispatch
      if (kind !== 'send' || onCommit || options.has('countdown') || options.has('eta')) continue
      const loop = loopAround(call)
      const rows =
        loop?.kind === 'for' ? loop.iter : loop?.kind === 'comprehension' ? rowsOf(loop.clauses[0]) : undefined
      if (!rows || project.taskAround(file, call) || !isLong(project, file, rows)) continue
      yield { messageId: 'rows', data: { task: sentLabel(dispatch), rows: file.textOf(rows) }, span: call }
    }
  },
})

const rowsOf = (clause: { kind: string; iter?: Expr } | undefined) => clause?.iter

/** Whether an expression yields the rows of a query, or a great many numbers. */
function isLong(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  const value = project.ormValue(file, expr)
  if (value) return value.kind === 'queryset' || value.kind === 'values'
  if (expr.kind !== 'call' || project.externalName(file, expr.callee) !== 'builtins.range') return false
  const last = expr.args[expr.args.length === 1 ? 0 : 1]
  return last !== undefined && (numberOf(project, file, last.value) ?? 0) > MANY
}
