/** Owns the queue that lives in this process alone: what it holds is lost when the process dies. */
import type { Clock } from './clock.ts'
import { jobKey, mergeJobs, type ReviewJob } from './review-job.ts'
import {
  type Delivery,
  defaultRetryPolicy,
  type RetryPolicy,
  type ReviewQueue,
  type RunJob,
  retryDelay,
} from './review-queue.ts'

export interface MemoryQueueOptions {
  readonly clock: Clock
  readonly random: () => number
  /** How many jobs run side by side. */
  readonly concurrency: number
  readonly retry?: RetryPolicy
  /** Told of every run that failed; the job is given up after the last attempt. */
  readonly onFailure?: (job: ReviewJob, error: unknown, run: { attempt: number; isLast: boolean }) => void
}

/** All there is to know about one key; gone from the map when nothing waits and nothing runs. */
interface Entry {
  waiting?: ReviewJob
  running?: AbortController
  failures: number
  /** Not to be started before, in the clock's milliseconds. */
  notBefore: number
}

/** GitHub offers redelivery for three days; this many ids are more than a process sees in that time, at under 1 MB. */
const rememberedDeliveries = 10_000

export class MemoryQueue implements ReviewQueue {
  readonly #options: MemoryQueueOptions
  readonly #retry: RetryPolicy
  readonly #deliveries = new Set<string>()
  readonly #entries = new Map<string, Entry>()
  readonly #pausedUntil = new Map<number, number>()
  #run?: RunJob
  #active = 0
  #accepting = true
  #cancelWakeUp = () => {}
  #onIdle?: () => void

  constructor(options: MemoryQueueOptions) {
    this.#options = options
    this.#retry = options.retry ?? defaultRetryPolicy
  }

  async accept(delivery: Delivery, job: ReviewJob): Promise<'accepted' | 'repeated'> {
    if (!this.#accepting) throw new Error('the queue is stopping')
    if (this.#deliveries.has(delivery.id)) return 'repeated'
    this.#deliveries.add(delivery.id)
    if (this.#deliveries.size > rememberedDeliveries) {
      for (const oldest of this.#deliveries) {
        this.#deliveries.delete(oldest)
        break
      }
    }
    const key = jobKey(job)
    const entry = this.#entries.get(key)
    if (entry) {
      Object.assign(entry, { failures: 0, notBefore: 0, waiting: entry.waiting ? mergeJobs(entry.waiting, job) : job })
      entry.running?.abort(new Error('a newer job replaces this run'))
    } else {
      this.#entries.set(key, { waiting: job, failures: 0, notBefore: 0 })
    }
    this.#startWhatCan()
    return 'accepted'
  }

  start(run: RunJob): void {
    this.#run = run
    this.#startWhatCan()
  }

  async stop({ deadline }: { deadline: number }): Promise<{ left: number }> {
    this.#accepting = false
    const { clock } = this.#options
    await new Promise<void>((resolve) => {
      const cancel = clock.after(deadline, resolve)
      this.#onIdle = () => {
        cancel()
        resolve()
      }
      this.#startWhatCan()
    })
    this.#run = undefined
    this.#cancelWakeUp()
    for (const entry of this.#entries.values()) entry.running?.abort(new Error('the app is stopping'))
    return { left: this.#entries.size }
  }

  #startWhatCan(): void {
    this.#cancelWakeUp()
    if (this.#run) this.#startWaiting(this.#run)
    if (this.#active === 0) this.#onIdle?.()
  }

  #startWaiting(run: RunJob): void {
    const now = this.#options.clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const [key, entry] of this.#entries) {
      if (this.#active >= this.#options.concurrency) return
      if (!entry.waiting || entry.running) continue
      const start = Math.max(entry.notBefore, this.#pausedUntil.get(entry.waiting.installationId) ?? 0)
      if (start > now) next = Math.min(next, start)
      else void this.#runEntry(key, entry, entry.waiting, run)
    }
    if (next === Number.POSITIVE_INFINITY) return
    this.#cancelWakeUp = this.#options.clock.after(next - now, () => this.#startWhatCan())
  }

  async #runEntry(key: string, entry: Entry, job: ReviewJob, run: RunJob): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    entry.waiting = undefined
    entry.running = controller
    this.#active++
    try {
      const outcome = await run(job, {
        attempt: entry.failures + 1,
        signal,
        isCurrent: async () => !signal.aborted,
      })
      entry.failures = 0
      if (outcome.kind === 'paused') {
        this.#pausedUntil.set(job.installationId, outcome.until)
        this.#putBack(entry, job)
      }
    } catch (error) {
      this.#settleFailure(entry, job, error)
    }
    entry.running = undefined
    this.#active--
    // To the end of the line: a pull request that is pushed to all the time must not hold up the others.
    this.#entries.delete(key)
    if (entry.waiting) this.#entries.set(key, entry)
    this.#startWhatCan()
  }

  #settleFailure(entry: Entry, job: ReviewJob, error: unknown): void {
    if (!entry.waiting) {
      const { clock, random, onFailure } = this.#options
      entry.failures++
      const isLast = entry.failures >= this.#retry.attempts
      onFailure?.(job, error, { attempt: entry.failures, isLast })
      if (isLast) return
      entry.notBefore = clock.now() + retryDelay(this.#retry, entry.failures, random)
    }
    this.#putBack(entry, job)
  }

  #putBack(entry: Entry, job: ReviewJob): void {
    entry.waiting = entry.waiting ? mergeJobs(job, entry.waiting) : job
  }
}
