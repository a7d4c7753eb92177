/**
 * Owns the queue that outlives its process and is shared by all that open the same database. What is stored is in
 * `job-table.ts`, who lives in `presence.ts`; here is what this process takes up, runs and puts down.
 */
import type { Database } from '../database/database.ts'
import { Batching } from './batching.ts'
import { type Bell, silentBell } from './bell.ts'
import { type Clock, steadyClock } from './clock.ts'
import { type Arrival, type Claim, JobTable, type Settlement } from './job-table.ts'
import { Presence } from './presence.ts'
import { type JobSubject, jobKey, type ReviewJob } from './review-job.ts'
import {
  type Acceptance,
  afterFailure,
  type Delivery,
  defaultConcurrency,
  defaultRetryPolicy,
  noDebounce,
  purposeOf,
  type QueueOptions,
  type ReviewQueue,
  type ReviewRun,
  type RunJob,
} from './review-queue.ts'

export interface DurableQueueOptions extends QueueOptions {
  readonly database: Database
  readonly steady?: Clock
  /** How long a process may show no life before its jobs go to others, in milliseconds. */
  readonly lease?: number
  /** How often to look for jobs that nobody told this process of, in milliseconds. */
  readonly poll?: number
  /** By which processes tell each other of jobs; without it they look for them. */
  readonly bell?: Bell
  /** Told when the database fails while nobody waits for it. */
  readonly onTrouble?: (error: unknown) => void
}

const defaultLease = 20_000
const defaultPoll = 1_000
/** How long to wait before a job is put down again that could not be put down, in milliseconds. */
const retrySettling = 1_000
/** How many deliveries one transaction stores. */
const mostAtOnce = 100

export class DurableQueue implements ReviewQueue {
  readonly #options: DurableQueueOptions
  readonly #table: JobTable
  readonly #presence: Presence
  readonly #accepted: Batching<Arrival, Acceptance>
  readonly #running = new Map<string, AbortController>()
  #run?: RunJob
  #giveUp?: RunJob
  #isStopping = false
  #started: Promise<void> = Promise.resolve()
  /** Deliveries whose webhooks are waiting for an answer. */
  #accepting = 0
  #isTaking = false
  #takeAgain = false
  #cancelWakeUp = () => {}
  #cancelPoll = () => {}
  #onEnd: (() => void)[] = []

  constructor(options: DurableQueueOptions) {
    this.#options = options
    const { database, clock, steady = steadyClock, lease = defaultLease, bell = silentBell } = options
    const { retry = defaultRetryPolicy, debounce = noDebounce } = options
    this.#table = new JobTable(database, {
      debounce,
      longestWait: Math.max(retry.longest, debounce.longest),
      ring: bell.ring,
    })
    this.#accepted = new Batching((arrivals) => this.#table.accept(arrivals, clock.now()), mostAtOnce)
    this.#presence = new Presence({
      table: this.#table,
      clock,
      steady,
      lease,
      onBeat: () => this.#dropReplaced(),
      onLost: () => this.#abortAll('another process took this run for dead'),
      onFreed: () => this.#take(),
      onError: (error) => this.#report(error),
    })
  }

  async accept(delivery: Delivery, job: ReviewJob): Promise<Acceptance> {
    if (this.#isStopping) throw new Error('the queue is stopping')
    const replaced = this.#running.get(jobKey(job))
    this.#accepting++
    try {
      const answer = await this.#accepted.do({ delivery, job })
      // Not the run that is under way now: it may be that of this very job.
      if (answer === 'accepted') replaced?.abort(new Error('a newer job replaces this run'))
      return answer
    } finally {
      this.#accepting--
      this.#takeAfterwards()
    }
  }

  isBusyWith(subject: JobSubject): Promise<boolean> {
    return this.#table.isBusyWith(jobKey(subject))
  }

  start(run: RunJob, giveUp?: RunJob): void {
    this.#run = run
    this.#giveUp = giveUp
    const { bell = silentBell } = this.#options
    this.#started = this.#presence
      .start()
      .then(() => bell.listen(() => this.#takeAndWait(), this.#concurrency))
      .catch((error) => this.#report(error))
      .then(() => {
        this.#take()
        this.#poll()
      })
  }

  async stop({ deadline }: { deadline: number }): Promise<{ left: number }> {
    this.#isStopping = true
    let cancel = () => {}
    const isOverdue = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(deadline, resolve)
    })
    await this.#started
    this.#cancelPoll()
    this.#cancelWakeUp()
    await Promise.race([this.#idle(), isOverdue])
    cancel()
    const left = this.#running.size
    this.#abortAll('the app is stopping')
    this.#tellEnd()
    const { bell = silentBell } = this.#options
    await bell.close()
    if (this.#run) await this.#presence.end({ isIdle: left === 0 })
    return { left }
  }

  get #isWorking(): boolean {
    return this.#run !== undefined && !this.#isStopping
  }

  get #concurrency(): number {
    return this.#options.concurrency ?? defaultConcurrency
  }

  async #idle(): Promise<void> {
    while (this.#running.size > 0 || this.#isTaking) await this.#nextEnd()
  }

  /** Resolves when the next run has ended, or taking has. */
  #nextEnd(): Promise<void> {
    return new Promise((resolve) => this.#onEnd.push(resolve))
  }

  #tellEnd(): void {
    for (const callback of this.#onEnd.splice(0)) callback()
  }

  #abortAll(reason: string): void {
    for (const controller of this.#running.values()) controller.abort(new Error(reason))
    this.#running.clear()
  }

  #poll(): void {
    if (this.#isStopping) return
    const { steady = steadyClock, poll = defaultPoll } = this.#options
    this.#cancelPoll = steady.after(poll, () => {
      this.#take()
      this.#poll()
    })
  }

  /** Takes up what is due, as far as there is room. */
  #take(): void {
    this.#takeAgain = true
    if (this.#isTaking || !this.#isWorking) return
    this.#isTaking = true
    this.#takeAll()
      .catch((error) => this.#report(error))
      .finally(() => {
        this.#isTaking = false
        this.#tellEnd()
      })
  }

  /** Webhooks come first: when many come at once, no more is begun until they are answered, except one at each poll and end of a run. */
  #takeAfterwards(): void {
    if (this.#accepting === 0) this.#take()
  }

  async #takeAndWait(): Promise<void> {
    this.#takeAfterwards()
    while (this.#isWorking && (this.#isTaking || this.#running.size >= this.#concurrency)) await this.#nextEnd()
  }

  async #takeAll(): Promise<void> {
    while (this.#takeAgain) {
      this.#takeAgain = false
      this.#cancelWakeUp()
      while (this.#isWorking && this.#running.size < this.#concurrency) {
        const claim = await this.#table.claim(this.#presence.id, this.#options.clock.now())
        if (claim === 'none') {
          await this.#wakeUpLater()
          break
        }
        if (claim === 'lost') await this.#presence.reappear()
        else void this.#runClaim(claim)
        if (this.#accepting > 0) break
      }
    }
  }

  async #wakeUpLater(): Promise<void> {
    const { clock } = this.#options
    const now = clock.now()
    const due = await this.#table.nextDue(now)
    if (due === undefined || !this.#isWorking) return
    this.#cancelWakeUp = clock.after(Math.max(0, due - now), () => this.#takeAfterwards())
  }

  async #runClaim(claim: Claim): Promise<void> {
    const { key, attempt } = claim
    const controller = new AbortController()
    const { signal } = controller
    this.#running.set(key, controller)
    const isCurrent = async () => !signal.aborted && (await this.#table.isCurrent(claim))
    const settlement = await this.#work(claim, { attempt, signal, isCurrent })
    while (this.#running.get(key) === controller) {
      try {
        await this.#table.settle(claim, settlement, this.#options.clock.now())
        this.#running.delete(key)
      } catch (error) {
        this.#report(error)
        await this.#pause(retrySettling)
      }
    }
    this.#take()
    this.#tellEnd()
  }

  async #work(claim: Claim, run: ReviewRun): Promise<Settlement> {
    const { job, attempt } = claim
    const { retry = defaultRetryPolicy, clock, random, onFailure } = this.#options
    const purpose = purposeOf(attempt, retry)
    const work = purpose === 'run' ? this.#run : this.#giveUp
    if (!work) return { kind: 'dead', isSaid: false }
    try {
      const outcome = await work(job, run)
      if (outcome.kind === 'paused') return outcome
      return purpose === 'run' ? { kind: 'done' } : { kind: 'dead', isSaid: true }
    } catch (error) {
      if (run.signal.aborted) return { kind: 'again', notBefore: clock.now() }
      const isLast = attempt === retry.attempts
      onFailure?.(job, error, { attempt, isLast })
      const { isDead, wait } = afterFailure(attempt, retry, random)
      if (isDead || (isLast && !this.#giveUp)) return { kind: 'dead', isSaid: false }
      return { kind: 'again', notBefore: clock.now() + wait }
    }
  }

  /** Aborts the runs that another process took a newer job for. */
  async #dropReplaced(): Promise<void> {
    if (this.#running.size === 0) return
    const current = await this.#table.current(this.#presence.id)
    for (const [key, controller] of this.#running) {
      if (!current.has(key)) controller.abort(new Error('a newer job replaces this run'))
    }
  }

  #pause(ms: number): Promise<void> {
    const { steady = steadyClock } = this.#options
    return new Promise((resolve) => steady.after(ms, resolve))
  }

  #report(error: unknown): void {
    this.#options.onTrouble?.(error)
  }
}
