/**
 * Owns making good what never arrived: deliveries that failed, pull requests whose head was never reviewed, check runs
 * that a crash left open. It enqueues; whether anything is left to say is for the review to find out.
 */
import { counted, type Octokit } from '../github/octokit.ts'
import { listFailedDeliveries, readDelivery } from '../github/read-deliveries.ts'
import { listInstallations, listOpenPulls, listRepositories, type OpenPull } from '../github/read-open-pulls.ts'
import type { RepositoryRef } from '../queue/review-job.ts'
import type { ReviewQueue } from '../queue/review-queue.ts'
import type { ReviewStore } from '../store/review-store.ts'
import type { Log } from './log.ts'

export interface ReconcileParts {
  /** The App's own client, and that of an installation; used by nobody else. */
  readonly asApp: Octokit
  readonly auth: (installationId: number) => Promise<Octokit>
  /** Handles an event as if it had come as a webhook. */
  readonly receive: (delivery: { id: string; name: string; payload: unknown }) => Promise<void>
  readonly queue: Pick<ReviewQueue, 'accept' | 'isBusyWith'>
  readonly store: ReviewStore
  readonly log: Log
  /** A check run that has been open for longer was left, in milliseconds. */
  readonly longestReview: number
  /** Whether to stop as soon as possible. */
  readonly isOver?: () => boolean
  /** What one reconciliation may ask of GitHub; the next one goes on where it stopped. */
  readonly mostRequests?: number
}

/** Where a reconciliation stopped, and the next one goes on. Plain data, kept between them. */
export interface ReconcilePlace {
  /** The failed delivery that comes next, by its time (milliseconds since the epoch) and its name. */
  readonly delivery?: {
    readonly at: number
    readonly guid: string
    /** Whether it could not be taken in. The second time it is left out. */
    readonly isStuck: boolean
  }
  /** The installation whose turn it is, and its repository. */
  readonly installation?: number
  readonly repository?: number
}

export interface Reconciliation {
  /** How many were enqueued. */
  readonly deliveries: number
  readonly pulls: number
  readonly requests: number
  readonly place: ReconcilePlace
}

const defaultMostRequests = 200

/** GitHub keeps deliveries for three days: https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks */
const longestGap = 3 * 24 * 60 * 60_000

/** A delivery shows in GitHub's list when it has failed, and bears the time at which it began. In milliseconds. */
const longestDelivery = 60_000

export class Reconciler {
  readonly #parts: ReconcileParts
  #requests = 0

  constructor(parts: ReconcileParts) {
    this.#parts = parts
  }

  /**
   * @param now in milliseconds since the epoch, as is `last`
   * @param last when the last one was
   * @param from where the last one stopped
   */
  async reconcile(now: number, last: number, from: ReconcilePlace = {}): Promise<Reconciliation> {
    this.#requests = 0
    const asApp = counted(this.#parts.asApp, this.#count)
    const received = await this.#receiveFailed(asApp, now, from).catch((error) => {
      this.#parts.log.warn({ err: error }, 'the deliveries that failed could not be listed')
      return { count: 0, place: { delivery: from.delivery } }
    })
    const visited = await this.#visitAll(asApp, now, last, from)
    return {
      deliveries: received.count,
      pulls: visited.count,
      requests: this.#requests,
      place: { ...received.place, ...visited.place },
    }
  }

  readonly #count = (): void => {
    this.#requests++
  }

  get #most(): number {
    return this.#parts.mostRequests ?? defaultMostRequests
  }

  #mayAsk(most = this.#most): boolean {
    return this.#requests < most && !this.#parts.isOver?.()
  }

  /** Takes at most half of the requests: after an outage there are many, and they are not all that was missed. */
  async #receiveFailed(asApp: Octokit, now: number, { delivery: next }: ReconcilePlace) {
    const { receive, log } = this.#parts
    const most = Math.ceil(this.#most / 2)
    let count = 0
    for (const { id, guid, at } of await listFailedDeliveries(asApp, Math.max(next?.at ?? 0, now - longestGap), most)) {
      if (next && at === next.at && guid < next.guid) continue
      const stop = (isStuck: boolean) => ({ count, place: { delivery: { at, guid, isStuck } } })
      const isSecondTry = guid === next?.guid && next.isStuck
      if (!this.#mayAsk(most)) return stop(isSecondTry)
      try {
        await receive(await readDelivery(asApp, id))
        count++
      } catch (error) {
        log.warn({ err: error, delivery: guid }, 'a delivery that failed could not be taken in')
        if (!isSecondTry) return stop(true)
      }
    }
    return { count, place: { delivery: { at: now - longestDelivery, guid: '', isStuck: false } } }
  }

  async #visitAll(asApp: Octokit, now: number, last: number, from: ReconcilePlace) {
    const left = new Map<number, Set<number>>()
    for (const { pull } of await this.#parts.store.openChecks(now - this.#parts.longestReview)) {
      left.set(pull.repositoryId, (left.get(pull.repositoryId) ?? new Set()).add(pull.number))
    }
    const since = Math.min(now - longestGap, last)
    let count = 0
    for (const installation of fromPlace(await listInstallations(asApp), from.installation ?? 0)) {
      const first = installation === from.installation ? from.repository : undefined
      try {
        if (!this.#mayAsk()) return { count, place: { installation, repository: first } }
        const octokit = counted(await this.#parts.auth(installation), this.#count)
        const repositories = (await listRepositories(octokit)).sort((one, other) => one.id - other.id)
        for (const repository of repositories.filter(({ id }) => id >= (first ?? 0))) {
          if (!this.#mayAsk()) return { count, place: { installation, repository: repository.id } }
          const open = left.get(repository.id) ?? new Set()
          for (const number of open) count += await this.#enqueue(installation, repository, number, `open/${now}`)
          for (const pull of await listOpenPulls(octokit, repository, since)) {
            if (!open.has(pull.number)) count += await this.#enqueueIfUnreviewed(installation, repository, pull)
          }
        }
      } catch (error) {
        this.#parts.log.warn({ err: error, installationId: installation }, 'an installation could not be reconciled')
      }
    }
    return { count, place: {} }
  }

  async #enqueueIfUnreviewed(installationId: number, repository: RepositoryRef, pull: OpenPull): Promise<number> {
    const { number, head } = pull
    const { settledHead } = await this.#parts.store.read({ installationId, repositoryId: repository.id, number })
    if (settledHead === head) return 0
    return this.#enqueue(installationId, repository, number, settledHead ? `${settledHead}..${head}` : head)
  }

  /**
   * Once for each reason: what fails again and again is not begun again by us. What waits or is under way finds out by
   * itself what there is to say, and is not begun anew.
   */
  async #enqueue(installationId: number, repository: RepositoryRef, number: number, reason: string): Promise<number> {
    const id = `reconcile/${repository.id}/${number}/${reason}`
    const subject = { kind: 'pull-request', number } as const
    const job = { delivery: id, installationId, repository, subject, review: true, commands: [] }
    if (await this.#parts.queue.isBusyWith(job)) return 0
    return (await this.#parts.queue.accept({ id }, job)) === 'accepted' ? 1 : 0
  }
}

/** All of them, each once, beginning with the first that is not before a place. */
function fromPlace(numbers: readonly number[], place: number): number[] {
  const sorted = [...numbers].sort((one, other) => one - other)
  return [...sorted.filter((number) => number >= place), ...sorted.filter((number) => number < place)]
}
