/** There is one instance of each task in a process: what a run stores on it, all later runs find. */

import { classAttribute } from '../../src/celery/classes.ts'
import { isCurrentTask } from '../../src/celery/current-task.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { hasForeignBase } from '../../src/celery/task-bases.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import { taskAttributes } from '../../src/celery/vocabulary/tasks.ts'
import type { Attribute, Node } from '../../src/python/syntax.ts'
import { descendants, executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-instance-state',
  reference: 'task-design-patterns.md#what-outlives-a-run',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'A bound task stores the data of one run on self, which all runs of the process share',
  messages: {
    stored:
      '{attribute} outlives this run: a process has one {task}, which runs message after message, and with threads several at once. Keep it in a local variable.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      if (task.node.kind !== 'function' || task.bound !== true || hasForeignBase(project, task)) continue
      const seen = new Set<string>()
      for (const node of executed(task.run.body)) {
        for (const target of targetsOf(node)) {
          if (seen.has(target.attr) || !isState(project, task, target)) continue
          seen.add(target.attr)
          yield {
            messageId: 'stored',
            data: { attribute: file.textOf(target), task: taskLabel(task) },
            span: target,
          }
        }
      }
    }
  },
})

function targetsOf(node: Node): Attribute[] {
  const targets = node.kind === 'assign' && node.value ? node.targets : node.kind === 'augassign' ? [node.target] : []
  return targets.filter((target) => target.kind === 'attribute')
}

/** Whether an attribute is neither the task's own nor declared by its class, nor kept on purpose as in a cache. */
function isState(project: CeleryProject, task: Task, { value, attr }: Attribute): boolean {
  if (!isCurrentTask(project, task.file, value) || taskAttributes.has(attr) || task.options.has(attr)) return false
  if (task.base?.kind === 'class' && classAttribute(project.names, task.base, attr)) return false
  return !asksFor(task, attr)
}

/** Whether the task looks whether the attribute is there already: `hasattr(self, "client")`, `if self.client is None`. */
const asksFor = ({ run }: Task, attr: string): boolean =>
  [...descendants(run)].some(
    (node) =>
      (node.kind === 'string' && node.value === attr) ||
      (node.kind === 'if' &&
        [...descendants(node.test)].some((inner) => inner.kind === 'attribute' && inner.attr === attr)),
  )
