/** Arguments of a task are written down in many places: in the broker, in the results of tasks, in Flower. */

import type { CeleryProject } from '../../src/celery/project.ts'
import { sendersOf } from '../../src/celery/senders.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Names of what nobody else should read. Tokens that only tell pages or versions apart are called otherwise. */
const secrets =
  /^((\w+_)?(password|passwd|passphrase)|secret|(client|app|shared|webhook|api)_secret|secret_key|api_?key|access_key|private_key|token|(access|refresh|auth|bearer|api|oauth|id)_token|(credit_)?card_number|cvv|cvc|ssn)$/

export default defineRule({
  name: 'sensitive-task-argument',
  reference: 'production-deployment.md#secrets-in-arguments',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'A task takes a password, a token or another secret as an argument, which is stored and shown in the clear',
  messages: {
    secret:
      '{parameter} of {task} travels in the clear: it lies in the broker, and monitors such as Flower show it. Pass a key with which the task finds the secret, or hide it with `argsrepr` and `kwargsrepr` where it is sent.',
  },
  *check({ project }) {
    for (const task of project.tasks) {
      if (task.file.isTest || (task.run !== task.node && task.run.parent !== task.node)) continue
      for (const parameter of task.parameters) {
        if (!secrets.test(parameter.name) || isHarmless(task, parameter.name) || isHidden(project, task)) continue
        yield {
          messageId: 'secret',
          data: { parameter: parameter.name, task: taskLabel(task) },
          file: task.file,
          span: parameter,
        }
      }
    }
  },
})

/** The token of a lock, a page or a device opens nothing. */
const isHarmless = ({ node }: Task, name: string) => name === 'token' && /lock|page|cursor|push|device/i.test(node.name)

/** Whether somebody who sends the task says how its arguments are shown. */
const isHidden = (project: CeleryProject, task: Task): boolean => {
  const senders = new Set(sendersOf(project, task).map(({ at }) => at))
  return project.dispatches.some(
    ({ call, options, optionsOpen }) =>
      senders.has(call) && (optionsOpen || options.has('argsrepr') || options.has('kwargsrepr')),
  )
}
