/** Owns saying in words what a change does to the task of a line, as far as the rules of changes look at it. */
import type { Parameter } from '../python/syntax.ts'
import { type ProjectChange, type SignatureChange, signatureChanges } from './change.ts'
import type { ProjectFile } from './project-file.ts'
import { sendersOf } from './senders.ts'

const opaque =
  'what stands between its messages and its function may hand on other arguments, so its parameters are not compared'

function* explainSignature({ was, is, added, removed, renamed }: SignatureChange): Generator<string> {
  const names = (parameters: readonly Parameter[]) => parameters.map(({ name }) => name).join()
  if (names(was) === names(is)) yield 'its parameters have the names and the order that they had before the change'
  for (const { from, to } of renamed) yield `\`${to.name}\` stands where \`${from.name}\` stood`
  for (const { name, default: value } of added) yield `\`${name}\` is new${value ? ', and has a default' : ''}`
  for (const { name } of removed) yield `\`${name}\` is gone, and whether that is reported depends on who passes it`
}

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
      yield* signature ? explainSignature(signature) : [opaque]
      yield count === 0
        ? 'nothing is seen to send it before the change'
        : `${count === 1 ? 'one place is' : `${count} places are`} seen to send it before the change`
    }
  }
}
