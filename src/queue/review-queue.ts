/**
 * Owns the port between webhooks and the worker. Every adapter holds these invariants, and `test/queue/conformance.ts`
 * proves them:
 *
 * 1. When `accept` has answered, the delivery and its job are stored together. A delivery is accepted once.
 * 2. Of one key, at most one run is under way. Different keys run side by side, up to the concurrency.
 * 3. Newest wins: jobs of one key that wait become one, and a job accepted during a run aborts that run's signal and
 *    causes exactly one further run, which starts after the first has ended.
 * 4. No command is lost: what a run leaves unfinished is merged into the run that follows it.
 * 5. A run that throws is repeated, later each time and not for ever; a newer job runs as soon as any other and starts
 *    the count afresh. A job that was given up is handed over once more, to say so where people wait for it.
 * 6. Installations take turns: however many jobs one has, the others' next jobs come first.
 *
 * Those that outlive the process hold further ones (`test/queue/durable-conformance.ts`): all of this is true of any
 * number of processes on one database, whatever their clocks say, and of any of them dying at any time.
 */
import type { Clock } from './clock.ts'
import type { JobSubject, ReviewJob } from './review-job.ts'

export interface Delivery {
  /** `X-GitHub-Delivery`; a redelivery has the same. */
  readonly id: string
}

/** Whether a delivery is stored now, or was before. */
export type Acceptance = 'accepted' | 'repeated'

/** What the handler is told about the run it is in. */
export interface ReviewRun {
  /** 1 for the first try. A run that its process did not live to end counts. */
  readonly attempt: number
  /** Aborted when a newer job replaces this run, or when the queue's patience in stopping is over. */
  readonly signal: AbortSignal
  /** Whether this run may still write. Ask just before every write that cannot be taken back. */
  isCurrent(): Promise<boolean>
}

export type RunOutcome =
  | { readonly kind: 'done' }
  /** GitHub wants quiet: nothing of this installation starts before `until` (milliseconds since the epoch). */
  | { readonly kind: 'paused'; readonly until: number }

/** Works on one job. A run that cannot finish, be it that it was replaced, throws; nothing else will have the job run again. */
export type RunJob = (job: ReviewJob, run: ReviewRun) => Promise<RunOutcome>

export interface ReviewQueue {
  /** @throws when the queue is stopping, or when it could not store the job: the delivery must then be sent again. */
  accept(delivery: Delivery, job: ReviewJob): Promise<Acceptance>
  /** Whether a job about this waits, or is under way, as far as is known. */
  isBusyWith(subject: JobSubject): Promise<boolean>
  /** Starts to work. Called once. `giveUp` is handed the jobs whose last attempt failed; it is repeated like a run. */
  start(run: RunJob, giveUp?: RunJob): void
  /** Accepts nothing more and ends the runs under way, by force after `deadline` milliseconds. Says how many jobs it broke off. */
  stop(options: { deadline: number }): Promise<{ left: number }>
}

/** What every adapter is made with. */
export interface QueueOptions {
  /** Says when what waits is due. */
  readonly clock: Clock
  readonly random: () => number
  /** How many jobs this process runs side by side; 4 by default. */
  readonly concurrency?: number
  readonly retry?: RetryPolicy
  readonly debounce?: Debounce
  /** Told of every run that failed; the job is given up after the last attempt. */
  readonly onFailure?: (job: ReviewJob, error: unknown, run: { attempt: number; isLast: boolean }) => void
}

/**
 * How many reviews run side by side. Each spends most of its time waiting: for GitHub, for the second that GitHub wants
 * between two writes to an installation, and for its turn at being analysed.
 */
export const defaultConcurrency = 12

export interface RetryPolicy {
  readonly attempts: number
  /** The wait after the first failure; it doubles with each further one, up to `longest`. In milliseconds. */
  readonly first: number
  readonly longest: number
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 6, first: 5_000, longest: 15 * 60_000 }

/** The wait before the next attempt, after `failures` failed ones: half of it fixed, half drawn, so that jobs that failed together part. */
export function retryDelay(policy: RetryPolicy, failures: number, random: () => number): number {
  const whole = Math.min(policy.longest, policy.first * 2 ** (failures - 1))
  return whole / 2 + (random() * whole) / 2
}

/** Pushes come in bursts: a job waits until `quiet` has passed without another for its key, at most `longest`. In milliseconds. */
export interface Debounce {
  readonly quiet: number
  readonly longest: number
}

/** When a job may start that was accepted `now`, and waits since `since`. A person who gave a command waits for nothing. */
export function startOf(job: ReviewJob, { quiet, longest }: Debounce, now: number, since: number): number {
  return job.commands.length > 0 ? now : Math.min(now + quiet, since + longest)
}

export const noDebounce: Debounce = { quiet: 0, longest: 0 }

/** What a claimed job is handed over for. */
export type Purpose = 'run' | 'give-up'

/** After the last attempt a job is given up, and the giving up may fail as often again. */
export const purposeOf = (attempt: number, { attempts }: RetryPolicy): Purpose =>
  attempt <= attempts ? 'run' : 'give-up'

/** What follows the failure of an attempt. */
export function afterFailure(
  attempt: number,
  policy: RetryPolicy,
  random: () => number,
): { readonly isDead: boolean; readonly wait: number } {
  const { attempts } = policy
  // The giving up of a job waits for nothing, but for its own repetitions.
  const wait = attempt === attempts ? 0 : retryDelay(policy, attempt % attempts, random)
  return { isDead: attempt >= 2 * attempts, wait }
}
