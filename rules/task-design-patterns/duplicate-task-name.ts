/** A name belongs to the task that registers it first; the other function is never run. */
import type { Task } from '../../src/celery/tasks.ts'
import { ancestors } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'duplicate-task-name',
  reference: 'task-design-patterns.md#two-tasks-of-one-name',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'Two tasks have the same name, so only one of them is ever run',
  messages: {
    same: 'Another task is called {name} already: Celery keeps the one that is registered first, and calls of either run that one, without an error. Give each task a name of its own.',
  },
  *check({ project }) {
    for (const [name, tasks] of project.tasksByName) {
      const [first, ...others] = tasks.filter((task) => !task.file.isTest && !isOneOfSeveral(task))
      for (const task of others) {
        if (!first || project.modules.rootOf(first.file.path) !== project.modules.rootOf(task.file.path)) continue
        if (!meets(first, task)) continue
        yield {
          messageId: 'same',
          data: { name },
          file: task.file,
          span: task.nameArgument ?? task.node.nameSpan,
          related: [{ file: first.file, span: first.node.nameSpan, note: 'the other task called {name}' }],
        }
      }
    }
  },
})

/** Whether a task is defined under a condition, as an alternative, or each time that a function is called. */
const isOneOfSeveral = ({ node }: Task): boolean =>
  [...ancestors(node)].some(({ kind }) => ['if', 'try', 'handler', 'function', 'case'].includes(kind))

/**
 * Whether two tasks are registered with the same application: in one file, or by names that are written out in one
 * top-level package. Files that are called alike in several projects of one repository never meet.
 */
function meets(a: Task, b: Task): boolean {
  const isSameMaker = makerOf(a) === makerOf(b)
  if (a.file === b.file) return isSameMaker
  if (!a.nameArgument || !b.nameArgument || a.file.module === b.file.module) return false
  return isSameMaker && topOf(a) === topOf(b)
}

/** What makes a task, as written: `shared_task`, or the `task` of one application or another. */
const makerOf = ({ file, decorator }: Task): string | undefined =>
  decorator && file.textOf(decorator.expression.kind === 'call' ? decorator.expression.callee : decorator.expression)

/** The directory that holds all of a project, and its first one: two services of one repository differ in it. */
const topOf = ({ file }: Task) => file.path.split('/')[0]
