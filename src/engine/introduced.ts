/**
 * Owns which problems a change introduced: those of its head that no problem of its base accounts for. Every problem of the
 * base accounts for one at most, the surest first.
 */
import type { ProjectFile } from '../celery/project-file.ts'
import type { ChangeContext } from '../rule/rule.ts'
import type { ChangedLines } from './changed-lines.ts'
import { type Identity, identityOf } from './identity.ts'
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
  for (const key of keys) {
    const keyOf = (one: Candidate<T>) => JSON.stringify([one.rule, ...key(one)])
    const known = new Map<string, Candidate<T>[]>()
    for (const one of gone) {
      const alike = known.get(keyOf(one))
      if (alike) alike.push(one)
      else known.set(keyOf(one), [one])
    }
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
  return left.map(({ item }) => item)
}
