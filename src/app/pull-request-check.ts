/** Owns the check run of one review: opened once for a head, concluded whatever happens, done without where it is not allowed. */
import { GitHubFailure } from '../github/failure.ts'
import type { Octokit } from '../github/octokit.ts'
import { concludeCheck, type OpenCheck, openCheck, publishCheck, toExternalId } from '../github/publish-check.ts'
import type { PullRequest } from '../github/read-pull-request.ts'
import type { PlannedCheck } from '../review/review-plan.ts'
import type { Log } from './log.ts'

/**
 * The check runs that this process has left open, by pull request and head: a review that GitHub's limits broke off could
 * not conclude its own, and the review that follows goes on with it.
 */
export type OpenChecks = Map<string, OpenCheck>

export class PullRequestCheck {
  readonly #octokit: Octokit
  readonly #pull: PullRequest
  readonly #openChecks: OpenChecks
  readonly #key: string
  readonly #log: Log
  #isForbidden = false

  constructor(octokit: Octokit, pull: PullRequest, openChecks: OpenChecks, log: Log) {
    this.#octokit = octokit
    this.#pull = pull
    this.#openChecks = openChecks
    this.#key = `${pull.repositoryUrl}/pull/${pull.name.pull_number}/${pull.head}`
    this.#log = log
  }

  get isOpen(): boolean {
    return this.#openChecks.has(this.#key)
  }

  /** @throws GitHubFailure, but not for want of the permission. */
  async open(): Promise<void> {
    if (this.isOpen) return
    await this.#ifAllowed(async () => {
      this.#openChecks.set(this.#key, await openCheck(this.#octokit, this.#pull.name, this.#pull.head))
    })
  }

  /** @throws GitHubFailure, but not for want of the permission. */
  async conclude(check: PlannedCheck): Promise<void> {
    const { name, head: sha } = this.#pull
    await this.#ifAllowed(async () => {
      const open = this.#openChecks.get(this.#key)
      if (open) await concludeCheck(this.#octokit, name, open, check)
      else await publishCheck(this.#octokit, name, { sha, externalId: toExternalId(name) }, check)
      this.#openChecks.delete(this.#key)
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
