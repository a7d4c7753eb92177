/** Owns the line that shows, on a terminal and only when it takes long, how far the work has come. */
import type { FactsCache } from '../engine/facts-cache.ts'
import { count, type Output } from './terminal.ts'

/** Shorter work needs no line, and the line need not change more often. */
const everyMs = 1000

export class Progress {
  readonly #output: Output
  readonly #now: () => number
  #shownAt: number
  #isShown = false
  #files = 0

  constructor(output: Output, now: () => number) {
    this.#output = output
    this.#now = now
    this.#shownAt = now()
  }

  /** The same cache, with every file that is read into it counted. */
  watch(cache: FactsCache): FactsCache {
    return {
      getMany: (keys) => cache.getMany(keys),
      set: (key, record) => {
        this.#step()
        cache.set(key, record)
      },
    }
  }

  #step(): void {
    this.#files++
    if (!this.#output.isTTY || this.#now() - this.#shownAt < everyMs) return
    this.#shownAt = this.#now()
    this.#isShown = true
    this.#output.write(`\rReading: ${count(this.#files, 'file')} so far`)
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isShown) this.#output.write('\r\u001b[K')
    this.#isShown = false
  }
}
