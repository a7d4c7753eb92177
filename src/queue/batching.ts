/** Owns doing together what is asked for while the last of it is still under way: when much comes at once, one transaction does for many. */

interface Asked<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

export class Batching<Item, Result> {
  readonly #doAll: (items: readonly Item[]) => Promise<readonly Result[]>
  readonly #most: number
  readonly #asked: Asked<Item, Result>[] = []
  #isBusy = false

  /**
   * @param doAll does all of some items or nothing, and gives their results in the same order
   * @param most how many it is handed at most
   */
  constructor(doAll: (items: readonly Item[]) => Promise<readonly Result[]>, most: number) {
    this.#doAll = doAll
    this.#most = most
  }

  /** @throws what doing it threw, by itself if need be. */
  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ item, resolve, reject })
      if (!this.#isBusy) void this.#work()
    })
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    while (this.#asked.length > 0) await this.#doTogether(this.#asked.splice(0, this.#most))
    this.#isBusy = false
  }

  async #doTogether(batch: readonly Asked<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#doAll(batch.map(({ item }) => item))
      for (const [at, { resolve }] of batch.entries()) resolve(results[at]!)
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error)
      // What cannot be done must not take the rest with it.
      else await Promise.all(batch.map((one) => this.#doTogether([one])))
    }
  }
}
