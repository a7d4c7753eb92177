/** Options in the signature of a task are parameters like any others: Celery looks for them in the decorator. */
import type { Task } from '../../src/celery/tasks.ts'
import { taskOptions } from '../../src/celery/vocabulary/tasks.ts'
import type { Parameter } from '../../src/python/syntax.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-options-as-parameters',
  reference: 'task-design-patterns.md#options-of-a-task',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'Options of a task are written as parameters of its function, where they have no effect',
  messages: {
    parameters:
      '{options} are parameters of {task} that its body never reads; as options they have no effect here, because Celery reads options from the decorator. Move them into the parentheses of the decorator.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      if (task.node.kind !== 'function') continue
      const options = task.parameters.filter((parameter) => isOption(task, parameter))
      const [first, second] = options
      if (!first || !second) continue
      yield {
        messageId: 'parameters',
        data: { options: options.map(({ name }) => name), task: task.node.name },
        span: { start: first.start, end: options.at(-1)!.end },
      }
    }
  },
})

/** Whether a parameter has the name of an option, a value for it, and no reader. */
const isOption = ({ run, options }: Task, { name, default: value }: Parameter): boolean =>
  value !== undefined && taskOptions.has(name) && !options.has(name) && !isRead(run.body, name)

const isRead = (body: Task['run']['body'], name: string): boolean =>
  body.some((statement) =>
    [...descendants(statement)].some((node) => node.kind === 'name' && (node.id === name || node.id === 'locals')),
  )
