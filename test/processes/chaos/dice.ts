/** Owns drawing at random: the same seed gives the same draws. */

export class Dice {
  #state = 0x811c9dc5

  constructor(seed: string) {
    for (const character of seed) this.#state = Math.imul(this.#state ^ character.charCodeAt(0), 0x01000193)
  }

  /** At least 0 and less than 1. By mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number of at least `least` and at most `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  isLucky(chance: number): boolean {
    return this.next() < chance
  }

  pick<One>(from: readonly One[]): One {
    return from[this.between(0, from.length - 1)]!
  }
}
