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
}

export class PullRequestCheck {
  readonly #parts: CheckParts
  #open?: OpenCheckRun
  #isForbidden = false

  /** @param state what the store knows of the pull request: the review goes on with a check run that is open */
  constructor(parts: CheckParts, state: PullState) {
    this.#parts = parts
    this.#open = state.openChecks.find(({ head }) => head === parts.pull.head)
  }

  /** Whether people see it in progress. */
  get isOpen(): boolean {
    return this.#open?.id !== undefined
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
      const found = await this.#find()
      if (!this.#open) await this.#remember(undefined)
      await this.#remember((found ?? (await openOnce(octokit, pull))).id)
    })
  }

  /**
   * Says what there is to say about this head.
   * @throws GitHubFailure, but not for want of the permission.
   */
  async conclude(check: PlannedCheck): Promise<void> {
    await this.#end(check)
    const { ref, store, pull } = this.#parts
    await store.change(ref, (state) => ({ ...withoutCheck(state, pull.head), settledHead: pull.head }))
  }

  /**
   * Says why this run says nothing; another one will.
   * @throws GitHubFailure, but not for want of the permission.
   */
  async abandon(check: PlannedCheck): Promise<void> {
    await this.#end(check)
    const { ref, store, pull } = this.#parts
    await store.change(ref, (state) => withoutCheck(state, pull.head))
  }

  async #end(check: PlannedCheck): Promise<void> {
    const { octokit, pull } = this.#parts
    await this.#ifAllowed(async () => {
      const commit = { sha: pull.head, externalId: toExternalId(pull.name) }
      const open = await this.#find()
      if (open) await concludeCheck(octokit, pull.name, open, check)
      else await publishCheck(octokit, pull.name, commit, check)
    })
    this.#open = undefined
  }

  async #find(): Promise<OpenCheck | undefined> {
    const { octokit, pull } = this.#parts
    return this.#open && identify(octokit, pull, this.#open)
  }

  async #remember(id: number | undefined): Promise<void> {
    const { ref, store, pull, clock } = this.#parts
    const check: OpenCheckRun = { id, head: pull.head, at: clock.now() }
    await store.change(ref, (state) => {
      const others = withoutCheck(state, pull.head)
      return { ...others, openChecks: [...others.openChecks, check] }
    })
    this.#open = check
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
export async function concludeLeftOver(
  { octokit, pull, ref, store, log }: CheckParts,
  state: PullState,
): Promise<void> {
  for (const check of state.openChecks) {
    if (check.head === pull.head && pull.isOpen) continue
    try {
      const open = await identify(octokit, pull, check)
      if (open) await concludeCheck(octokit, pull.name, open, isSuperseded)
    } catch (error) {
      const isFinal = error instanceof GitHubFailure && ['gone', 'forbidden', 'refused'].includes(error.failure.kind)
      if (!isFinal) throw error
      log.warn({ err: error }, 'a check run that was left open cannot be concluded')
    }
    await store.change(ref, (current) => withoutCheck(current, check.head))
  }
}

/** Where it is not known how the opening went, GitHub knows. */
async function identify(
  octokit: Octokit,
  { name }: PullRequest,
  { id, head }: OpenCheckRun,
): Promise<OpenCheck | undefined> {
  return id === undefined ? findOpenCheck(octokit, name, head) : { id }
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

const withoutCheck = (state: PullState, head: string): PullState => ({
  ...state,
  openChecks: state.openChecks.filter((check) => check.head !== head),
})
