/**
 * Owns a map that can be passed on: whoever it is passed to starts with what it held then, and neither side sees what the
 * other one adds later. Passing it on copies only what was added since it was passed on last.
 */
export class LayeredMap<K, V> {
  /** Shared with others, so nothing is ever added to it. */
  #shared: ReadonlyMap<K, V>
  #own = new Map<K, V>()

  constructor(shared: ReadonlyMap<K, V> = new Map()) {
    this.#shared = shared
  }

  has(key: K): boolean {
    return this.#own.has(key) || this.#shared.has(key)
  }

  get(key: K): V | undefined {
    return this.#own.has(key) ? this.#own.get(key) : this.#shared.get(key)
  }

  /** Sets a key of one's own: what others may have got under it stays theirs. */
  set(key: K, value: V): void {
    this.#own.set(key, value)
  }

  /** All entries; a key that was set anew has only its last value. */
  entries(): ReadonlyMap<K, V> {
    if (this.#own.size > 0) {
      this.#shared = this.#shared.size > 0 ? new Map([...this.#shared, ...this.#own]) : this.#own
      this.#own = new Map()
    }
    return this.#shared
  }

  passedOn(): LayeredMap<K, V> {
    return new LayeredMap(this.entries())
  }
}
