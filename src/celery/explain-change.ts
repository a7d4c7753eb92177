/** Owns saying in words what a change does to the task of a line, as far as the rules of changes look at it. */
import { type ProjectChange, signatureChanges } from './change.ts'
import type { ProjectFile } from './project-file.ts'
import { sendersOf } from './senders.ts'

/** Sentences without a full stop; code stands in backticks. `line` is 1-based, of the head. */
export function* explainChange(change: ProjectChange, file: ProjectFile, line: number): Generator<string> {
  const { before, after } = change
  for (const task of after.tasksOf(file)) {
    const { node, name, decorator, run } = task
    const first = file.lines.lineAt((decorator ?? node).start)
    const last = file.lines.lineAt(run.parametersSpan.end)
    if (name === undefined || line < first || last < line) continue
    const [old, ...others] = before.tasksByName.get(name) ?? []
    if (!old) yield 'no task of that name was there before the change, so no message of it can be under way'
    else if (others.length > 0) yield 'more than one task had that name before the change, so none is compared'
    else {
      const signature = signatureChanges(before, after).find(({ now }) => now === task)
      const count = sendersOf(before, old).length
      if (!signature)
        yield 'what stands between its messages and its function may hand on other arguments, so its parameters are not compared'
      else if (signature.was.map(({ name }) => name).join() === signature.is.map(({ name }) => name).join())
        yield 'its parameters have the names and the order that they had before the change'
      yield count === 0
        ? 'nothing is seen to send it before the change'
        : `${count === 1 ? 'one place is' : `${count} places are`} seen to send it before the change`
    }
  }
}
