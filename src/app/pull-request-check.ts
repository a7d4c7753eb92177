/** Owns the check run of one review: opened once for a head, concluded whatever happens, done without where it is not allowed. */
import { GitHubFailure } from '../github/failure.ts'
import type { Octokit } from '../github/octokit.ts'
import {
  concludeCheck,
  findOpenCheck,
  type OpenCheck,
  openCheck,
  publishCheck,
  toExternalId,
} from '../github/publish-check.ts'
import type { PullRequest } from '../github/read-pull-request.ts'
import type { Clock } from '../queue/clock.ts'
import type { ReviewRun } from '../queue/review-queue.ts'
import type { PlannedCheck } from '../review/review-plan.ts'
import type { OpenCheckRun, PullRef, PullState, ReviewStore } from '../store/review-store.ts'
import { isSuperseded } from './check-states.ts'
import type { Log } from './log.ts'

export interface CheckParts {
  readonly octokit: Octokit
  readonly pull: PullRequest
  readonly ref: PullRef
  readonly store: ReviewStore
  readonly clock: Clock
  readonly log: Log
  readonly delivery: string
  readonly run: Pick<ReviewRun, 'attempt'>
  /** A check run that has been open for longer was left, in milliseconds. */
  readonly longestReview: number
}

export class PullRequestCheck {
  readonly #parts: CheckParts
  #open?: OpenCheck
  /** Those that other runs were about to open: whether they did, GitHub knows. */
  readonly #promised: readonly OpenCheckRun[]
  /** The promise that was kept. */
  #kept?: OpenCheckRun
  #isForbidden = false

  /** @param state what the store knows of the pull request: the review goes on with a check run that is open */
  constructor(parts: CheckParts, state: PullState) {
    this.#parts = parts
    const known = state.openChecks.filter(({ head }) => head === parts.pull.head)
    const id = known.find((check) => check.id !== undefined)?.id
    this.#open = id === undefined ? undefined : { id }
    this.#promised = known.filter((check) => check.id === undefined)
  }

  /** Whether people see it in progress. */
  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /**
   * Opens it, unless it is open. One that nobody concludes holds up a merge for ever, so that there may be one is stored
   * before there is, and looked into by whoever comes after.
   * @throws GitHubFailure, but not for want of the permission.
   */
  async open(): Promise<void> {
    const { octokit, pull } = this.#parts
    await this.#ifAllowed(async () => {
      if (this.isOpen) return
      this.#open = await this.#find()
      if (!this.#open) await this.#remember(undefined)
      this.#open ??= await openOnce(octokit, pull)
      await this.#remember(this.#open.id)
    })
  }

  /**
   * Says what there is to say about this head.
   * @throws GitHubFailure, but not for want of the permission.
   */
  async conclude(check: PlannedCheck): Promise<void> {
    await this.#end(check, (state, { head }) => ({ ...state, settledHead: head }))
  }

  /**
   * Says why this run says nothing; another one will.
   * @throws GitHubFailure, but not for want of the permission.
   */
  async abandon(check: PlannedCheck): Promise<void> {
    await this.#end(check, (state) => state)
  }

  async #end(check: PlannedCheck, change: (state: PullState, pull: PullRequest) => PullState): Promise<void> {
    const { octokit, pull, ref, store } = this.#parts
    const commit = { sha: pull.head, externalId: toExternalId(pull.name) }
    this.#open ??= await this.#find()
    await this.#ifAllowed(async () => {
      if (this.#open) await concludeCheck(octokit, pull.name, this.#open, check)
      else await publishCheck(octokit, pull.name, commit, check)
    })
    const { openChecks } = await store.change(ref, (state) => change(without(state, this.#isOwn), pull))
    this.#open = undefined
    for (const other of openChecks.filter(({ head }) => head === pull.head)) {
      await concludeOther(this.#parts, other, check)
    }
  }

  get #run(): string {
    const { delivery, run } = this.#parts
    return `${delivery} ${run.attempt}`
  }

  /** Whether it is what this run opened, was about to open, or has taken over from another run. */
  readonly #isOwn = ({ head, id, run }: OpenCheckRun): boolean => {
    if (head !== this.#parts.pull.head) return false
    if (id === undefined) return run === this.#run || (this.#kept !== undefined && run === this.#kept.run)
    return run === this.#run || id === this.#open?.id
  }

  async #find(): Promise<OpenCheck | undefined> {
    const { octokit, pull } = this.#parts
    if (this.#promised.length === 0) return undefined
    const found = await findOpenCheck(octokit, pull.name, pull.head)
    if (found && this.#promised.length === 1) this.#kept = this.#promised[0]
    return found
  }

  async #remember(id: number | undefined): Promise<void> {
    const { ref, store, pull, clock } = this.#parts
    const check: OpenCheckRun = { id, head: pull.head, at: clock.now(), run: this.#run }
    await store.change(ref, (state) => {
      const others = without(state, this.#isOwn)
      return { ...others, openChecks: [...others.openChecks, check] }
    })
  }

  async #ifAllowed(write: () => Promise<void>): Promise<void> {
    if (this.#isForbidden) return
    try {
      await write()
    } catch (error) {
      if (!(error instanceof GitHubFailure) || error.failure.kind !== 'forbidden') throw error
      this.#isForbidden = true
      this.#parts.log.warn({ permission: error.failure.permission }, 'no check run: the permission is missing')
    }
  }
}

/**
 * Concludes the check runs of earlier heads, which an earlier run left open.
 * @throws GitHubFailure when a later attempt can put it right.
 */
export async function concludeLeftOver(parts: LeftParts, state: PullState): Promise<void> {
  const { pull } = parts
  for (const check of state.openChecks) {
    if (check.head !== pull.head || !pull.isOpen) await concludeOther(parts, check, isSuperseded)
  }
}

type LeftParts = Omit<CheckParts, 'delivery' | 'run'>

/**
 * Concludes a check run that another run opened. One that is not there yet may still come, as long as that run can be
 * under way: a process that stood still does then what it was about to do.
 */
async function concludeOther(
  { octokit, pull, ref, store, clock, log, longestReview }: LeftParts,
  check: OpenCheckRun,
  conclusion: PlannedCheck,
): Promise<void> {
  try {
    const open = check.id === undefined ? await findOpenCheck(octokit, pull.name, check.head) : { id: check.id }
    if (open) await concludeCheck(octokit, pull.name, open, conclusion)
    else if (check.at > clock.now() - longestReview) return
  } catch (error) {
    const isFinal = error instanceof GitHubFailure && ['gone', 'forbidden', 'refused'].includes(error.failure.kind)
    if (!isFinal) throw error
    log.warn({ err: error }, 'a check run that was left open cannot be concluded')
  }
  const isIt = ({ id, head, run }: OpenCheckRun) => id === check.id && head === check.head && run === check.run
  await store.change(ref, (state) => without(state, isIt))
}

async function openOnce(octokit: Octokit, { name, head }: PullRequest): Promise<OpenCheck> {
  try {
    return await openCheck(octokit, name, head)
  } catch (error) {
    const isLost = error instanceof GitHubFailure && error.failure.kind === 'unavailable'
    const stored = isLost ? await findOpenCheck(octokit, name, head) : undefined
    if (!stored) throw error
    return stored
  }
}

const without = (state: PullState, isLeftOut: (check: OpenCheckRun) => boolean): PullState => ({
  ...state,
  openChecks: state.openChecks.filter((check) => !isLeftOut(check)),
})
