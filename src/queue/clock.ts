/** Owns the port for time, so that what waits can be tested without waiting. */

export interface Clock {
  /** In milliseconds since the epoch. */
  now(): number
  /** Calls back once, `ms` from now; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/** Counts the time that passes, whatever the machine's clock is set to meanwhile. Its zero means nothing. */
export const steadyClock: Clock = {
  now: () => performance.now(),
  after: systemClock.after,
}
