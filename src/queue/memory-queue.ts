/** Owns the queue that lives in this process alone: what it holds is lost when the process dies. */
import { type JobSubject, jobKey, mergeJobs, type ReviewJob } from './review-job.ts'
import {
  type Acceptance,
  afterFailure,
  type Delivery,
  defaultConcurrency,
  defaultRetryPolicy,
  noDebounce,
  purposeOf,
  type QueueOptions,
  type RetryPolicy,
  type ReviewQueue,
  type RunJob,
  startOf,
} from './review-queue.ts'

/** All there is to know about one key; gone from the map when nothing waits and nothing runs. */
interface Entry {
  waiting?: ReviewJob
  /** Since when it waits, in the clock's milliseconds. */
  since: number
  running?: AbortController
  /** How often it was taken up. */
  attempts: number
  /** Not to be started before, in the clock's milliseconds. */
  notBefore: number
}

/** GitHub offers redelivery for three days; this many ids are more than a process sees in that time, at under 1 MB. */
const rememberedDeliveries = 10_000

export class MemoryQueue implements ReviewQueue {
  readonly #options: QueueOptions
  readonly #retry: RetryPolicy
  readonly #deliveries = new Set<string>()
  /** In the order in which they stand in line. */
  readonly #entries = new Map<string, Entry>()
  readonly #pausedUntil = new Map<number, number>()
  /** When an installation had its last turn, counted in turns. */
  readonly #turns = new Map<number, number>()
  #turn = 0
  #run?: RunJob
  #giveUp?: RunJob
  #active = 0
  #accepting = true
  #cancelWakeUp = () => {}
  #onIdle?: () => void

  constructor(options: QueueOptions) {
    this.#options = options
    this.#retry = options.retry ?? defaultRetryPolicy
  }

  async accept(delivery: Delivery, job: ReviewJob): Promise<Acceptance> {
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
    const now = this.#options.clock.now()
    const { waiting, since = now, running } = this.#entries.get(key) ?? {}
    const merged = waiting ? mergeJobs(waiting, job) : job
    const began = waiting ? since : now
    const notBefore = startOf(merged, this.#options.debounce ?? noDebounce, now, began)
    this.#entries.set(key, { waiting: merged, since: began, running, attempts: 0, notBefore })
    running?.abort(new Error('a newer job replaces this run'))
    this.#startWhatCan()
    return 'accepted'
  }

  async isBusyWith(subject: JobSubject): Promise<boolean> {
    return this.#entries.has(jobKey(subject))
  }

  start(run: RunJob, giveUp?: RunJob): void {
    this.#run = run
    this.#giveUp = giveUp
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
    while (this.#run && this.#active < (this.#options.concurrency ?? defaultConcurrency)) {
      const next = this.#next()
      if (!next) break
      void this.#runEntry(next.key, next.entry, next.job, this.#run)
    }
    if (this.#active === 0) this.#onIdle?.()
  }

  /** The job whose turn it is; when none is due, sets the timer for the one that will be first. */
  #next(): { key: string; entry: Entry; job: ReviewJob } | undefined {
    const now = this.#options.clock.now()
    let soonest = Number.POSITIVE_INFINITY
    let next: { key: string; entry: Entry; job: ReviewJob; turn: number } | undefined
    for (const [key, entry] of this.#entries) {
      const job = entry.waiting
      if (!job || entry.running) continue
      const start = Math.max(entry.notBefore, this.#pausedUntil.get(job.installationId) ?? 0)
      const turn = this.#turns.get(job.installationId) ?? 0
      if (start > now) soonest = Math.min(soonest, start)
      else if (!next || turn < next.turn) next = { key, entry, job, turn }
    }
    if (!next && soonest < Number.POSITIVE_INFINITY) {
      this.#cancelWakeUp = this.#options.clock.after(soonest - now, () => this.#startWhatCan())
    }
    return next
  }

  async #runEntry(key: string, entry: Entry, job: ReviewJob, run: RunJob): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    entry.waiting = undefined
    entry.running = controller
    entry.attempts++
    const attempt = entry.attempts
    this.#turns.set(job.installationId, ++this.#turn)
    this.#active++
    const purpose = purposeOf(attempt, this.#retry)
    try {
      const work = purpose === 'run' ? run : this.#giveUp!
      const outcome = await work(job, { attempt, signal, isCurrent: async () => !signal.aborted })
      if (outcome.kind === 'paused') {
        this.#pausedUntil.set(job.installationId, outcome.until)
        this.#putBack(key, job, attempt - 1, 0)
      }
    } catch (error) {
      this.#settleFailure(key, job, attempt, error)
    }
    const settled = this.#entries.get(key)!
    settled.running = undefined
    this.#active--
    // To the end of the line: a pull request that is pushed to all the time must not hold up the others.
    this.#entries.delete(key)
    if (settled.waiting) this.#entries.set(key, settled)
    this.#startWhatCan()
  }

  #settleFailure(key: string, job: ReviewJob, attempt: number, error: unknown): void {
    const { clock, random, onFailure } = this.#options
    if (this.#entries.get(key)?.waiting) {
      this.#putBack(key, job, 0, 0)
      return
    }
    const isLast = attempt === this.#retry.attempts
    onFailure?.(job, error, { attempt, isLast })
    const { isDead, wait } = afterFailure(attempt, this.#retry, random)
    if (!isDead && (!isLast || this.#giveUp)) this.#putBack(key, job, attempt, clock.now() + wait)
  }

  /** What came meanwhile decides how the two go on. */
  #putBack(key: string, job: ReviewJob, attempts: number, notBefore: number): void {
    const entry = this.#entries.get(key)!
    if (entry.waiting) entry.waiting = mergeJobs(job, entry.waiting)
    else Object.assign(entry, { waiting: job, since: this.#options.clock.now(), attempts, notBefore })
  }
}
