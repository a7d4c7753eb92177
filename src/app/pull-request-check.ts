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
import type { PullRef, PullState, ReviewStore } from '../store/review-store.ts'
import { isSuperseded } from './check-states.ts'
import type { Log } from './log.ts'

export interface CheckParts {
  readonly octokit: Octokit
  readonly pull: PullRequest
  readonly ref: PullRef
  readonly store: ReviewStore
  readonly clock: Clock
  readonly log: Log
  /** Whether an earlier run may have opened a check run that the store does not know of. */
  readonly isSecondTry: boolean
}

export class PullRequestCheck {
  readonly #parts: CheckParts
  #open?: OpenCheck
  #isForbidden = false

  /** @param state what the store knows of the pull request: the review goes on with a check run that is open */
  constructor(parts: CheckParts, state: PullState) {
    this.#parts = parts
    this.#open = state.openChecks.find(({ head }) => head === parts.pull.head)
  }

  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** @throws GitHubFailure, but not for want of the permission. */
  async open(): Promise<void> {
    const { ref, store, pull, clock } = this.#parts
    await this.#ifAllowed(async () => {
      if (this.#open) return
      const { id } = await this.#openOnce()
      this.#open = { id }
      const check = { id, head: pull.head, at: clock.now() }
      await store.change(ref, (state) => ({ ...state, openChecks: [...state.openChecks, check] }))
    })
  }

  /** One that nobody would ever conclude would hold up a merge for ever, so what may be there already is looked for. */
  async #openOnce(): Promise<OpenCheck> {
    const { octokit, pull, isSecondTry } = this.#parts
    const found = isSecondTry ? await findOpenCheck(octokit, pull.name, pull.head) : undefined
    if (found) return found
    try {
      return await openCheck(octokit, pull.name, pull.head)
    } catch (error) {
      const isLost = error instanceof GitHubFailure && error.failure.kind === 'unavailable'
      const stored = isLost ? await findOpenCheck(octokit, pull.name, pull.head) : undefined
      if (!stored) throw error
      return stored
    }
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
      if (this.#open) await concludeCheck(octokit, pull.name, this.#open, check)
      else await publishCheck(octokit, pull.name, commit, check)
    })
    this.#open = undefined
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
 * Concludes the check runs of earlier heads, which a process left open when it died.
 * @throws GitHubFailure when a later attempt can put it right.
 */
export async function concludeLeftOver(
  { octokit, pull, ref, store, log }: CheckParts,
  state: PullState,
): Promise<void> {
  for (const { id, head } of state.openChecks) {
    if (head === pull.head && pull.isOpen) continue
    try {
      await concludeCheck(octokit, pull.name, { id }, isSuperseded)
    } catch (error) {
      const isFinal = error instanceof GitHubFailure && ['gone', 'forbidden', 'refused'].includes(error.failure.kind)
      if (!isFinal) throw error
      log.warn({ err: error }, 'a check run that was left open cannot be concluded')
    }
    await store.change(ref, (current) => withoutCheck(current, head))
  }
}

const withoutCheck = (state: PullState, head: string): PullState => ({
  ...state,
  openChecks: state.openChecks.filter((check) => check.head !== head),
})
