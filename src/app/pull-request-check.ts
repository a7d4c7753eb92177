/** Owns the check run of one review: opened at most once, concluded whatever happens, done without where it is not allowed. */
import { GitHubFailure } from '../github/failure.ts'
import type { Octokit } from '../github/octokit.ts'
import { concludeCheck, type OpenCheck, openCheck, publishCheck, toExternalId } from '../github/publish-check.ts'
import type { PullRequest } from '../github/read-pull-request.ts'
import type { PlannedCheck } from '../review/review-plan.ts'
import type { Log } from './log.ts'

export class PullRequestCheck {
  readonly #octokit: Octokit
  readonly #pull: PullRequest
  readonly #log: Log
  #open?: OpenCheck
  #isForbidden = false

  constructor(octokit: Octokit, pull: PullRequest, log: Log) {
    this.#octokit = octokit
    this.#pull = pull
    this.#log = log
  }

  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** @throws GitHubFailure, but not for want of the permission. */
  async open(): Promise<void> {
    await this.#ifAllowed(async () => {
      this.#open = await openCheck(this.#octokit, this.#pull.name, this.#pull.head)
    })
  }

  /** @throws GitHubFailure, but not for want of the permission. */
  async conclude(check: PlannedCheck): Promise<void> {
    const { name, head: sha } = this.#pull
    await this.#ifAllowed(async () => {
      if (this.#open) await concludeCheck(this.#octokit, name, this.#open, check)
      else await publishCheck(this.#octokit, name, { sha, externalId: toExternalId(name) }, check)
    })
  }

  async #ifAllowed(write: () => Promise<void>): Promise<void> {
    if (this.#isForbidden) return
    try {
      await write()
    } catch (error) {
      if (!(error instanceof GitHubFailure) || error.failure.kind !== 'forbidden') throw error
      this.#isForbidden = true
      this.#log.warn({ permission: error.failure.permission }, 'no check run: the permission is missing')
    }
  }
}
