/**
 * Owns making good what never arrived: deliveries that failed, pull requests whose head was never reviewed, check runs
 * that a crash left open. It enqueues; whether anything is left to say is for the review to find out.
 */
import type { Octokit } from '../github/octokit.ts'
import { type FailedDelivery, listFailedDeliveries, readDelivery } from '../github/read-deliveries.ts'
import { listInstallations, listOpenPulls, listRepositories, type OpenPull } from '../github/read-open-pulls.ts'
import type { RepositoryRef } from '../queue/review-job.ts'
import type { ReviewQueue } from '../queue/review-queue.ts'
import type { ReviewStore } from '../store/review-store.ts'
import type { Log } from './log.ts'

export interface ReconcileParts {
  /** The App's own client, and that of an installation. */
  readonly asApp: Octokit
  readonly auth: (installationId: number) => Promise<Octokit>
  /** Handles an event as if it had come as a webhook. */
  readonly receive: (delivery: { id: string; name: string; payload: unknown }) => Promise<void>
  readonly queue: Pick<ReviewQueue, 'accept'>
  readonly store: ReviewStore
  readonly log: Log
}

/** What one reconciliation may ask of GitHub; the next one goes on where it stopped. */
const mostRequests = 200

/** GitHub keeps deliveries for three days: https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
const longestGap = 3 * 24 * 60 * 60_000

/** A review takes no longer; a check run that is open for longer was left. In milliseconds. */
const abandonedAfter = 10 * 60_000

export class Reconciler {
  readonly #parts: ReconcileParts
  #requests = 0
  /** The installation that did not get its turn, to begin with the next time. */
  #next = 0

  constructor(parts: ReconcileParts) {
    this.#parts = parts
  }

  /**
   * @param last when the last one was, in milliseconds since the epoch
   * @returns what was enqueued, and how many requests it took
   */
  async reconcile(now: number, last: number): Promise<{ deliveries: number; pulls: number; requests: number }> {
    this.#requests = 0
    const since = Math.min(now - longestGap, last)
    const deliveries = await this.#receiveFailed(now - longestGap)
    const pulls = await this.#enqueueUnreviewed(since, now - abandonedAfter)
    return { deliveries, pulls, requests: this.#requests }
  }

  #mayAsk(): boolean {
    return this.#requests < mostRequests
  }

  async #receiveFailed(since: number): Promise<number> {
    const { asApp, receive } = this.#parts
    let count = 0
    this.#requests++
    const failed: FailedDelivery[] = await listFailedDeliveries(asApp, since)
    for (const { id } of failed) {
      if (!this.#mayAsk()) break
      this.#requests++
      await receive(await readDelivery(asApp, id))
      count++
    }
    return count
  }

  async #enqueueUnreviewed(since: number, openBefore: number): Promise<number> {
    const { asApp, store } = this.#parts
    this.#requests++
    const installations = await listInstallations(asApp)
    const left = new Map<number, Set<number>>()
    for (const { pull } of await store.openChecks(openBefore)) {
      left.set(pull.repositoryId, (left.get(pull.repositoryId) ?? new Set()).add(pull.number))
    }
    let count = 0
    for (let turn = 0; turn < installations.length && this.#mayAsk(); turn++) {
      const id = installations[this.#next % installations.length]!
      this.#next++
      count += await this.#enqueueOf(id, since, left)
    }
    return count
  }

  async #enqueueOf(installationId: number, since: number, left: ReadonlyMap<number, Set<number>>): Promise<number> {
    const { auth, log } = this.#parts
    let count = 0
    try {
      const octokit = await auth(installationId)
      this.#requests++
      for (const repository of await listRepositories(octokit)) {
        if (!this.#mayAsk()) break
        this.#requests++
        const open = left.get(repository.id) ?? new Set()
        for (const number of open) count += await this.#enqueue(installationId, repository, number, `open/${since}`)
        for (const pull of await listOpenPulls(octokit, repository, since)) {
          if (!open.has(pull.number)) count += await this.#enqueueIfUnreviewed(installationId, repository, pull)
        }
      }
    } catch (error) {
      log.warn({ err: error, installationId }, 'an installation could not be reconciled')
    }
    return count
  }

  async #enqueueIfUnreviewed(installationId: number, repository: RepositoryRef, pull: OpenPull): Promise<number> {
    const { number, head } = pull
    const state = await this.#parts.store.read({ installationId, repositoryId: repository.id, number })
    return state.settledHead === head ? 0 : this.#enqueue(installationId, repository, number, head)
  }

  /** Once for each reason: what fails again and again is not begun again by us. */
  async #enqueue(installationId: number, repository: RepositoryRef, number: number, reason: string): Promise<number> {
    const id = `reconcile/${repository.id}/${number}/${reason}`
    const subject = { kind: 'pull-request', number } as const
    const job = { delivery: id, installationId, repository, subject, review: true, commands: [] }
    return (await this.#parts.queue.accept({ id }, job)) === 'accepted' ? 1 : 0
  }
}
