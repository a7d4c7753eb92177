/** What `on_commit` is given is called in the web process: a task, or a single signature, runs there. */
import { calledTask, functionTask } from '../../src/celery/called-tasks.ts'
import { insert } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'on-commit-runs-task-inline',
  reference: 'django-integration.md#callbacks-that-run-the-task',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'on_commit is given a task or a signature, which runs in the web process instead of being sent',
  messages: {
    task: 'After the commit, this calls {task} as a function: it runs in this process, and the request waits for its end. Hand over {method} of the task to send it.',
    signature:
      'After the commit, Django calls this signature, and a single signature that is called runs its task in this process, while the request waits. Hand over its {method} to send it.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      const callback = project.onCommitCallback(file, call)
      const problem = callback && problemOf(project, file, callback)
      // In a worker already, calling another task as a function may well be what is meant.
      if (problem && !(problem.messageId === 'task' && project.taskAround(file, call))) yield problem
    }
  },
})

function problemOf(project: CeleryProject, file: ProjectFile, callback: Expr): Problem | undefined {
  if (isSingleSignature(project, file, callback))
    return {
      messageId: 'signature',
      data: { method: 'delay' },
      span: callback,
      fix: sending((callback.parens ?? callback).end),
    }
  const task = functionTask(project, file, callback)
  if (task) return taskProblem(task.node.name, callback, sending(callback.end))
  if (callback.kind === 'lambda' && callback.body.kind === 'call') {
    const called = calledTask(project, file, callback.body)
    if (called) return taskProblem(called.node.name, callback, sending(callback.body.callee.end))
    if (isSingleSignature(project, file, callback.body.callee))
      return {
        messageId: 'signature',
        data: { method: 'delay' },
        span: callback,
        fix: callback.body.args.length === 0 ? sending(callback.body.callee.end) : undefined,
      }
  }
  if (callback.kind !== 'call' || project.externalName(file, callback.callee) !== 'functools.partial') return undefined
  const [first] = callback.args
  const partial = first && !first.name && !first.unpack ? functionTask(project, file, first.value) : undefined
  return partial && taskProblem(partial.node.name, callback, sending(first!.value.end))
}

const taskProblem = (task: string, span: Expr, fix: Fix): Problem => ({
  messageId: 'task',
  data: { task, method: 'delay' },
  span,
  fix,
})

/** Whether an expression is one signature; a chain, group or chord that is called sends its tasks. */
const isSingleSignature = (project: CeleryProject, file: ProjectFile, expr: Expr): boolean =>
  project.isSignature(file, expr) && !project.isCanvas(file, expr)

const sending = (at: number): Fix => ({ title: 'Send the task', applicability: 'safe', edits: [insert(at, '.delay')] })
