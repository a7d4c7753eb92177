/** A loop over a whole table keeps every row of it in the worker's memory. */

import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { taskLabel } from '../../src/celery/tasks.ts'
import type { Expr, For } from '../../src/python/syntax.ts'
import { executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Methods that leave all rows of the table in, as instances. */
const wholeTable = new Set(['all', 'order_by', 'select_related', 'only', 'defer', 'annotate'])

export default defineRule({
  name: 'unbounded-queryset-in-task',
  reference: 'task-design-patterns.md#a-whole-table-in-memory',
  scope: 'file',
  severity: 'info',
  confidence: 'medium',
  status: 'preview',
  fix: 'always',
  summary: 'A task loops over all rows of a table, which are all kept in memory',
  messages: {
    all: '{task} loads every row of {model} before the first round of this loop, and keeps them all until its end. Append `.iterator()`, which fetches them in batches and forgets each.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      for (const node of executed(task.run.body)) {
        const model = node.kind === 'for' ? wholeModel(project, file, node) : undefined
        if (node.kind !== 'for' || !model) continue
        yield {
          messageId: 'all',
          data: { task: taskLabel(task), model },
          span: node.iter,
          fix: {
            title: 'Use `iterator()`',
            // A pooler between Django and PostgreSQL may not bear the cursors that it uses.
            applicability: 'unsafe',
            edits: [{ span: { start: node.iter.end, end: node.iter.end }, replacement: '.iterator()' }],
          },
        }
      }
    }
  },
})

/** The model whose every row a loop goes through. */
function wholeModel(project: CeleryProject, file: ProjectFile, { iter }: For): string | undefined {
  const value = project.ormValue(file, iter)
  return value?.kind === 'queryset' && isWhole(iter) ? value.model : undefined
}

/** `Model.objects.all()`, and what follows it without leaving rows out. */
function isWhole(expr: Expr): boolean {
  if (expr.kind !== 'call' || expr.callee.kind !== 'attribute' || !wholeTable.has(expr.callee.attr)) return false
  const { value } = expr.callee
  return value.kind === 'attribute' ? value.attr === 'objects' : isWhole(value)
}
