/**
 * Owns which problems a change introduced: those of its head that no problem of its base accounts for. Every problem of the
 * base accounts for one at most, the surest first; the last are those of which only the arguments were edited, which a rule
 * that is about an argument speaks of in other words, or at the argument itself.
 */
import type { ProjectFile } from '../celery/project-file.ts'
import { grouped } from '../core/grouped.ts'
import type { ChangeContext } from '../rule/rule.ts'
import type { ChangedLines } from './changed-lines.ts'
import { type Identity, identityOf, type Subject, subjectsOf } from './identity.ts'
import type { RaisedProblem } from './run-rules.ts'

interface Candidate<T> extends Identity {
  readonly item: T
  readonly rule: string
  /** The path that the file has, or had, at the base. */
  readonly path: string
  readonly file: ProjectFile
  readonly line: number
}

/**
 * How a problem is known again, the surest way first: in its place; with its local variables renamed; in another function of
 * its file, or in one that was renamed; in a function of the same name in another file.
 */
const keys: readonly ((candidate: Candidate<unknown>) => readonly (string | undefined)[])[] = [
  ({ path, symbols, code }) => [path, symbols.join('.'), code],
  ({ path, symbols, shape }) => [path, symbols.join('.'), shape],
  ({ path, code }) => [path, code],
  ({ path, shape }) => [path, shape],
  ({ symbols, code }) => [symbols.at(-1), code],
  ({ symbols, shape }) => [symbols.at(-1), shape],
]

/** The items whose problems were not there before, in the order given. */
export function introduced<T extends { readonly problem: RaisedProblem }>(
  now: readonly T[],
  before: readonly T[],
  { previousPath }: Pick<ChangeContext, 'previousPath'>,
  lines: ChangedLines,
): T[] {
  const candidate =
    (pathOf: (path: string) => string) =>
    (item: T): Candidate<T> => {
      const { rule, file, span } = item.problem
      const line = file.lines.lineAt(span.start)
      return { item, rule: rule.meta.name, path: pathOf(file.path), file, line, ...identityOf(file, span) }
    }
  // No file of the base has a path like that of one that is new.
  let left = now.map(candidate((path) => previousPath(path) ?? `new ${path}`))
  let gone = before.map(candidate((path) => path))
  const stayed = (one: Candidate<T>, other: Candidate<T>) =>
    one.path === other.path && lines.oldLine(one.file.path, one.line) === other.line
  /** Whether two problems are about one call, decorator or lambda whose arguments were edited where it stands. */
  const isEdited = (one: Candidate<T>, other: Candidate<T>) => {
    const [now, old] = [subjectAt(one), subjectAt(other)]
    if (!now || !old || now.text !== old.text) return false
    const replaced = lines.replacement(one.file.path, one.line)
    if (!replaced) return stayed(one, other)
    return rankIn(one.file, now, replaced.newLines) === rankIn(other.file, old, replaced.oldLines)
  }
  for (const key of keys) {
    const keyOf = (one: Candidate<T>) => JSON.stringify([one.rule, ...key(one)])
    const known = grouped(gone.map((one) => [keyOf(one), one]))
    const paired = new Set<Candidate<T>>()
    const pair = (one: Candidate<T>, other: Candidate<T>) => paired.add(one).add(other)
    // Of several that are alike, those whose lines did not change are the old ones.
    for (const isMatch of [stayed, () => true]) {
      for (const one of left) {
        if (paired.has(one)) continue
        const other = known.get(keyOf(one))?.find((old) => !paired.has(old) && isMatch(one, old))
        if (other) pair(one, other)
      }
    }
    left = left.filter((one) => !paired.has(one))
    gone = gone.filter((one) => !paired.has(one))
  }
  const edited = new Set<Candidate<T>>()
  for (const one of left) {
    const other = gone.find((old) => !edited.has(old) && isSaidTheSame(one, old) && isEdited(one, old))
    if (other) edited.add(one).add(other)
  }
  return left.flatMap((one) => (edited.has(one) ? [] : one.item))
}

/** Whether a rule says the same of two places of one function: in the same words, wherever the lines that they name are by now. */
const isSaidTheSame = (one: Candidate<{ problem: RaisedProblem }>, other: Candidate<{ problem: RaisedProblem }>) =>
  one.rule === other.rule &&
  one.path === other.path &&
  one.symbols.join('.') === other.symbols.join('.') &&
  wordsOf(one.item.problem) === wordsOf(other.item.problem)

const wordsOf = ({ messageId, data = {} }: RaisedProblem): string =>
  JSON.stringify([
    messageId,
    ...Object.values(data).map((value) => String(value).replace(/:\d+$|\.(delay|apply_async)(_on_commit)?$/, '')),
  ])

/** The call, decorator or lambda that a problem is about as a whole. */
const subjectAt = ({ file, item: { problem } }: Candidate<{ problem: RaisedProblem }>): Subject | undefined =>
  subjectsOf(file).find(({ node }) => node.start === problem.span.start && node.end === problem.span.end)

/** Which of those that call the same on some lines one is; undefined when it does not stand there. */
function rankIn(file: ProjectFile, { node, text }: Subject, lines: readonly number[]): number | undefined {
  const alike = subjectsOf(file).filter(
    (other) =>
      other.text === text && other.node.kind === node.kind && lines.includes(file.lines.lineAt(other.node.start)),
  )
  const rank = alike.findIndex((other) => other.node === node)
  return rank < 0 ? undefined : rank
}
