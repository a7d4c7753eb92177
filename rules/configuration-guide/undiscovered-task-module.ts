/** A worker knows the tasks of the modules that it has loaded, and `autodiscover_tasks` loads those of one name only. */
import { discovery } from '../../src/celery/discovery.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'undiscovered-task-module',
  reference: 'configuration-guide.md#tasks-that-no-worker-loads',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'A module with tasks has another name than those that autodiscovery loads, and no loaded module imports it',
  messages: {
    lost: 'Nothing that a worker loads imports {module}, and `autodiscover_tasks` looks for modules called {names} only. A worker that gets {task} knows no such task and throws the message away. Import the module in one that is loaded, or name it in `include`.',
  },
  *check({ project }) {
    const { names, lost } = discovery(project) ?? { names: new Set<string>(), lost: [] }
    for (const file of lost) {
      const task = project.tasksOf(file).find((one) => isSent(project, one))
      if (!task) continue
      const data = { module: file.module, names: [...names], task: taskLabel(task) }
      yield { messageId: 'lost', data, file, span: task.node.nameSpan }
    }
  },
})

/** Whether somebody besides a test sends a task. */
const isSent = ({ dispatches, taskReferences }: CeleryProject, task: Task): boolean =>
  dispatches.some((dispatch) => dispatch.task === task && !dispatch.file.isTest && dispatch.file !== task.file) ||
  taskReferences.some(({ file, literal }) => literal.value === task.name && !file.isTest)
