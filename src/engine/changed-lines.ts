/** Owns which lines of a project's head are new, and where the others stood at its base. Compares a file when it is asked about. */
import type { CeleryProject } from '../celery/project.ts'
import { hunksBetween } from '../diff/compare-texts.ts'
import type { Hunk } from '../diff/hunk.ts'
import { type Replacement, replacementAt, toOldLine } from '../diff/line-map.ts'
import type { ChangeContext } from '../rule/rule.ts'

export class ChangedLines {
  readonly #hunks = new Map<string, readonly Hunk[] | 'new'>()

  constructor(readonly change: ChangeContext) {}

  /** The 1-based line at the base of a line of the head; undefined when it is new, or its file is. */
  oldLine(path: string, line: number): number | undefined {
    const hunks = this.#hunksOf(path)
    return hunks === 'new' ? undefined : toOldLine(hunks, line)
  }

  /** The lines that stand where a new line stands, before and after; undefined when it was there before, or its file is new. */
  replacement(path: string, line: number): Replacement | undefined {
    const hunks = this.#hunksOf(path)
    return hunks === 'new' ? undefined : replacementAt(hunks, line)
  }

  /** The first new line of a range of the head, 1-based and inclusive. */
  firstNew(path: string, line: number, endLine: number): number | undefined {
    for (let at = line; at <= endLine; at++) if (this.oldLine(path, at) === undefined) return at
    return undefined
  }

  /** Whether a file of the head has other lines than at the base. */
  differ(path: string): boolean {
    return this.#hunksOf(path).length > 0
  }

  #hunksOf(path: string): readonly Hunk[] | 'new' {
    const known = this.#hunks.get(path)
    if (known) return known
    const { before, after, previousPath } = this.change
    const [old, now] = [textOf(before, previousPath(path)), textOf(after, path)]
    const hunks = old === now ? [] : old === undefined || now === undefined ? 'new' : hunksBetween(old, now)
    this.#hunks.set(path, hunks)
    return hunks
  }
}

/** The text of a file that was parsed. */
const textOf = ({ files }: CeleryProject, path: string | undefined) =>
  path === undefined ? undefined : files.get(path)?.facts.text
