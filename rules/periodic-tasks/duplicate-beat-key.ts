/** The schedule is a dict: of two entries with one name, only the last is ever run. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Call, Expr, Node } from '../../src/python/syntax.ts'
import { descendants, enclosingFunction, enclosingStatement } from '../../src/python/walk.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'duplicate-beat-key',
  reference: 'periodic-tasks.md#one-name-for-each-entry',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'Two entries of the beat schedule have the same name, so the first is never run',
  messages: {
    key: 'This entry replaces another one of the name {key}, which is never run: of two equal keys of a dict, Python keeps the last. Give each entry a name of its own.',
    unnamed:
      'This replaces the entry that was added for {signature} before, which is never run: without `name=`, an entry is named after its signature. Give each of them a `name`.',
  },
  *check({ project }) {
    yield* repeatedKeys(project)
    for (const file of project.files.values()) yield* repeatedCalls(file)
  },
})

/** Entries with the key of another one of the same dict, or of the same series of assignments. */
function* repeatedKeys(project: CeleryProject): Generator<Problem> {
  const seen = new Map<Node, Map<string, Node>>()
  for (const { file, key, keyNode } of project.beatEntries) {
    const written = keyNode.parent
    const assigned = written?.kind === 'subscript' ? file.textOf(written.value) : ''
    const holder = written?.kind === 'entry' ? written.parent : written && enclosingStatement(written).parent
    if (holder) yield* repeated(seen, holder, `${assigned}[${key}`, file, keyNode, 'key', { key })
  }
}

/** `add_periodic_task` with a name, or without any and with the same signature, once more in a function. */
function* repeatedCalls(file: ProjectFile): Generator<Problem> {
  const seen = new Map<Node, Map<string, Node>>()
  for (const call of file.methodCalls('add_periodic_task')) {
    const holder = enclosingFunction(call) && enclosingStatement(call).parent
    if (!holder || call.args.some((arg) => arg.unpack)) continue
    const name = call.args.find((arg) => arg.name === 'name')?.value
    const signature = signatureOf(call)
    if (name?.kind === 'string')
      yield* repeated(seen, holder, `name ${name.value}`, file, name, 'key', { key: name.value })
    else if (!name && signature && isConstant(signature)) {
      const text = file.textOf(signature)
      yield* repeated(seen, holder, `signature ${text}`, file, signature, 'unnamed', { signature: text })
    }
  }
}

const signatureOf = ({ args }: Call): Expr | undefined =>
  (args.filter((arg) => !arg.name)[1] ?? args.find((arg) => arg.name === 'sig'))?.value

/** Whether a signature is the same each time that it is written so. */
const isConstant = (signature: Expr): boolean =>
  signature.kind === 'call' &&
  signature.args.every((arg) => [...descendants(arg.value)].every(({ kind }) => kind !== 'name' && kind !== 'call'))

function* repeated(
  seen: Map<Node, Map<string, Node>>,
  holder: Node,
  identity: string,
  file: ProjectFile,
  span: Node,
  messageId: 'key' | 'unnamed',
  data: Record<string, string>,
): Generator<Problem> {
  const known = seen.get(holder) ?? new Map<string, Node>()
  seen.set(holder, known)
  const first = known.get(identity)
  known.set(identity, first ?? span)
  if (first) {
    const note = 'this entry is never run'
    yield { messageId, data, file, span, related: [{ file, span: first, note }] }
  }
}
