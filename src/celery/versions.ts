/** Owns which versions of Celery and its neighbours a project may run with, as all of its requirements say together. */
import { compareVersions, type Package, type Requirement } from './requirements.ts'

export class Versions {
  readonly #requirements: readonly Requirement[]

  constructor(requirements: readonly Requirement[]) {
    this.#requirements = requirements
  }

  /** The lowest version that can be installed; undefined when nothing says. */
  lowest(name: Package): string | undefined {
    const [first, ...others] = this.#of(name).map(({ lowest }) => lowest)
    return others.reduce((a, b) => (a && b ? (compareVersions(a, b) <= 0 ? a : b) : undefined), first)
  }

  /** The highest version that can be installed, where every requirement pins one; undefined when nothing says. */
  highest(name: Package): string | undefined {
    const [first, ...others] = this.#of(name).map(({ highest }) => highest)
    return others.reduce((a, b) => (a && b ? (compareVersions(a, b) >= 0 ? a : b) : undefined), first)
  }

  /** Whether a package is known to be of a version or newer. */
  isAtLeast(name: Package, version: string): boolean {
    const lowest = this.lowest(name)
    return lowest !== undefined && compareVersions(lowest, version) >= 0
  }

  /** Whether a package is known to be older than a version. */
  isBelow(name: Package, version: string): boolean {
    const all = this.#of(name)
    return (
      all.length > 0 &&
      all.every(({ highest, below }) =>
        highest ? compareVersions(highest, version) < 0 : below !== undefined && compareVersions(below, version) <= 0,
      )
    )
  }

  /** The version that something came with, and the newest that is allowed, where that one does not have it yet. */
  missing(name: Package, since: string | undefined): { since: string; version: string } | undefined {
    const version = this.highest(name)
    return since !== undefined && version !== undefined && this.isBelow(name, since) ? { since, version } : undefined
  }

  /** What is installed is what is pinned; ranges count only where nothing is. */
  #of(name: Package): readonly Requirement[] {
    const all = this.#requirements.filter((requirement) => requirement.package === name)
    const pins = all.filter(({ pinned }) => pinned)
    return pins.length > 0 ? pins : all
  }
}
