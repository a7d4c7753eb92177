/** Owns where options of a message are written as keywords: dispatches, retries, and `.set(…)` on a signature. */
import type { Argument, Call } from '../python/syntax.ts'
import { isRetry } from './current-task.ts'
import { type Dispatch, sentLabel } from './dispatches.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import type { Task } from './tasks.ts'

/** The options that one call gives a message. */
export interface MessageOptions {
  readonly file: ProjectFile
  readonly call: Call
  readonly options: ReadonlyMap<string, Argument>
  /** What the message is for, as far as the call itself shows it. */
  readonly task?: Task
  readonly label: string
  readonly dispatch?: Dispatch
}

/** Every call of the project that visibly gives a message options. */
export function* messageOptions(project: CeleryProject): Generator<MessageOptions> {
  for (const dispatch of project.dispatches) {
    const { file, call, kind, method, options } = dispatch
    if (kind === 'inline' || method === 'signature' || method === 'subtask' || options.size === 0) continue
    yield { file, call, options, task: project.taskSentBy(dispatch), label: sentLabel(dispatch), dispatch }
  }
  for (const file of project.files.values()) {
    for (const call of [...file.methodCalls('retry'), ...file.methodCalls('set')]) {
      const retries = isRetry(project, file, call)
      if (!retries && !setsOptions(project, file, call)) continue
      const options = new Map(call.args.flatMap((arg): [string, Argument][] => (arg.name ? [[arg.name, arg]] : [])))
      if (options.size === 0) continue
      yield { file, call, options, label: retries ? 'retry' : 'set' }
    }
  }
}

/** Whether a call is `.set(…)` on a signature. */
function setsOptions(project: CeleryProject, file: ProjectFile, { callee }: Call): boolean {
  return callee.kind === 'attribute' && callee.attr === 'set' && project.isSignature(file, callee.value)
}
