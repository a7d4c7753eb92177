/** Owns calls of a task as a plain function: they run it here and now, and give what it returns. */
import type { Call, Expr } from '../python/syntax.ts'
import { executed } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import type { Task } from './tasks.ts'

/**
 * The task that an expression names, when calling it would run it. Instances of task classes are left out, and tasks below
 * another decorator: their name stands for what that one has made of them.
 */
export function functionTask(project: CeleryProject, file: ProjectFile, expr: Expr): Task | undefined {
  const task = project.taskOf(file, expr)
  return task?.node.kind === 'function' && task.node.decorators[0] === task.decorator ? task : undefined
}

/** The task that a call runs in place of sending it. One that returns signatures may be called for those. */
export function calledTask(project: CeleryProject, file: ProjectFile, { callee }: Call): Task | undefined {
  const task = functionTask(project, file, callee)
  return task && !returnsSignature(project, task) ? task : undefined
}

function returnsSignature(project: CeleryProject, { file, run }: Task): boolean {
  for (const node of executed(run.body)) {
    if (node.kind === 'return' && node.value && project.isSignature(file, node.value)) return true
  }
  return false
}
