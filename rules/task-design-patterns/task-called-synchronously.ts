/** A task that is called like a function runs here and now, while the user waits. */
import { calledTask } from '../../src/celery/called-tasks.ts'
import { lineage } from '../../src/celery/classes.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Call, FunctionDef } from '../../src/python/syntax.ts'
import { ancestors, enclosingClass, enclosingFunction } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** How far above a call its comment stands. */
const COMMENT_LINES = 3

export default defineRule({
  name: 'task-called-synchronously',
  reference: 'task-design-patterns.md#calling-a-task-as-a-function',
  scope: 'file',
  severity: 'info',
  confidence: 'low',
  status: 'preview',
  fix: 'never',
  summary: 'A view or a receiver of a model signal calls a task as a function, which runs it while the user waits',
  messages: {
    view: 'This runs {task} here, while the user waits for the response; its retries and time limits do not apply. If it was meant for a worker, write {instead}.',
    receiver:
      'This runs {task} here, while whoever saves the model waits; its retries and time limits do not apply. If it was meant for a worker, write {instead}.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      // Who uses what comes back means the call.
      if (call.parent?.kind !== 'expr') continue
      const task = calledTask(project, file, call)
      const caller = task && enclosingFunction(call)
      if (!task || !caller || task.file === file || project.taskAround(file, call)) continue
      const kind = kindOf(project, file, caller)
      if (isOnPurpose(project, file, call)) continue
      if (!kind || sends(project, file, task, caller)) continue
      yield {
        messageId: kind,
        data: { task: taskLabel(task), instead: `${task.node.name}.delay(…)` },
        span: call,
      }
    }
  },
})

/** Whether the call could not be sent as it is, or a comment above it speaks of how it runs. */
function isOnPurpose(project: CeleryProject, file: ProjectFile, call: Call): boolean {
  if (call.args.some(({ value }) => project.ormValue(file, value)?.kind === 'instance')) return true
  const above = file.lines.startOf(file.lines.lineAt(call.start) - COMMENT_LINES)
  return file.facts.comments.some(
    ({ start, text }) =>
      above <= start &&
      start < call.end &&
      /(?<![-\w])(delay|a?sync|synchronous|inline|celery|worker|background)/i.test(text),
  )
}

const viewClasses = /^(django\.views\.|rest_framework\.)|View(Set)?$/

function kindOf(project: CeleryProject, file: ProjectFile, caller: FunctionDef): 'view' | 'receiver' | undefined {
  const connections = project.signalConnections(caller)
  // By the time that a worker looked for it, what is deleted would be gone.
  if (connections.length > 0) return connections.some(({ signal }) => /delete$/.test(signal)) ? undefined : 'receiver'
  const owner = enclosingClass(caller)
  if (!owner) return caller.parameters[0]?.name === 'request' ? 'view' : undefined
  const { external } = lineage(project.names, { kind: 'class', file, node: owner })
  return external.some((name) => viewClasses.test(name)) ? 'view' : undefined
}

/** Whether a function sends the task as well, and so calls it on purpose when it does. */
const sends = (project: CeleryProject, file: ProjectFile, task: Task, caller: FunctionDef) =>
  project
    .dispatchesOf(file)
    .some((dispatch) => dispatch.task === task && [...ancestors(dispatch.call)].includes(caller))
