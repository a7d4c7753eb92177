/** Owns a clock that stands still until a test moves it. */
import type { Clock } from '../../src/queue/clock.ts'

export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1)
  readonly #timers = new Set<{ at: number; callback: () => void }>()

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback }
    this.#timers.add(timer)
    if (ms <= 0) queueMicrotask(() => this.advance(0))
    return () => this.#timers.delete(timer)
  }

  /** How long until the next timer fires, in milliseconds; undefined when none is set. */
  get untilNext(): number | undefined {
    return this.#timers.size === 0 ? undefined : Math.min(...[...this.#timers].map(({ at }) => at)) - this.#now
  }

  advance(ms: number): void {
    this.#now += ms
    for (const timer of this.#timers) {
      if (timer.at > this.#now) continue
      this.#timers.delete(timer)
      timer.callback()
    }
  }
}
