/**
 * Owns the port between webhooks and the worker. Every adapter holds these invariants, and `test/queue/conformance.ts`
 * proves them:
 *
 * 1. When `accept` has answered, the delivery and its job are stored together. A delivery is accepted once.
 * 2. Of one key, at most one run is under way. Different keys run side by side, up to the concurrency.
 * 3. Newest wins: jobs of one key that wait become one, and a job accepted during a run aborts that run's signal and
 *    causes exactly one further run, which starts after the first has ended.
 * 4. No command is lost: what a run leaves unfinished is merged into the run that follows it.
 * 5. A run that throws is repeated, later each time and not for ever; a newer job runs at once and starts the count afresh.
 */
import type { ReviewJob } from './review-job.ts'

export interface Delivery {
  /** `X-GitHub-Delivery`; a redelivery has the same. */
  readonly id: string
}

/** What the handler is told about the run it is in. */
export interface ReviewRun {
  /** 1 for the first try. */
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
  accept(delivery: Delivery, job: ReviewJob): Promise<'accepted' | 'repeated'>
  /** Starts to work. Called once. */
  start(run: RunJob): void
  /** Accepts nothing more and ends the runs under way, by force after `deadline` milliseconds. Says how many jobs it left. */
  stop(options: { deadline: number }): Promise<{ left: number }>
}

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
