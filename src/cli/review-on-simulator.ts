/** Owns having the real app review a pull request on the simulator: from the signed webhook to the concluded check run. */
import { analyseWith } from '../app/analysis/analyse.ts'
import { webhookPath } from '../app/serve-http.ts'
import { type RunningApp, startApp } from '../app/start-app.ts'
import { UserError } from '../core/errors.ts'
import { MemoryFactsCache } from '../engine/facts-cache.ts'
import { systemClock } from '../queue/clock.ts'
import { MemoryQueue } from '../queue/memory-queue.ts'
import type { ReviewQueue } from '../queue/review-queue.ts'
import { loadRules } from '../rule/registry.ts'
import {
  type LoggedRequest,
  type NewPull,
  type PullRecord,
  type Simulator,
  startSimulator,
} from '../simulator/simulator.ts'
import { catalogueOf } from './catalogue.ts'

export interface PullRequestToReview {
  readonly gitDir: string
  readonly owner?: string
  readonly name?: string
  readonly base: string
  readonly head: string
  readonly title?: string
  readonly body?: string
  readonly author?: string
  /** A pull request that the app has reviewed before this one is opened, so that it knows the repository. */
  readonly earlier?: { readonly base: string; readonly head: string }
  readonly referencesUrl: string
}

export interface SimulatedReview {
  /** Whoever asked for the review closes it. */
  readonly github: Simulator
  readonly pull: PullRecord
  /** What the app asked for this review, and not for one before. */
  readonly requests: readonly LoggedRequest[]
  /** From the webhook to the end of all that follows from it, in milliseconds. */
  readonly ms: number
}

/**
 * Opens a pull request on a simulated GitHub, tells the app of it and waits until the app is done with it.
 * @throws UserError when the commits are not there, and whatever the review failed with.
 */
export async function reviewOnSimulator(request: PullRequestToReview): Promise<SimulatedReview> {
  const { owner = 'acme', name = 'shop', gitDir, earlier, referencesUrl, ...wanted } = request
  const rules = await loadRules()
  const github = await startSimulator({ repository: { owner, name, gitDir } })
  try {
    const runs = new Runs()
    const app = await startApp({
      environment: {
        appId: github.app.id,
        privateKey: github.app.privateKey,
        webhookSecret: github.app.webhookSecret,
        host: '127.0.0.1',
        port: 0,
        apiUrl: github.url,
        referencesUrl,
        logLevel: 'fatal',
        logFormat: 'json',
      },
      analyse: analyseWith(rules, new MemoryFactsCache()),
      rules: catalogueOf(rules).map(({ meta }) => meta),
      makeQueue: () => runs.watch(),
      isPatient: false,
    })
    try {
      if (earlier) await review(github, app, runs, earlier)
      return { github, ...(await review(github, app, runs, wanted)) }
    } finally {
      await app.stop()
    }
  } catch (error) {
    await github.close()
    throw error
  }
}

async function review(github: Simulator, app: RunningApp, runs: Runs, wanted: NewPull) {
  const pull = await github.openPull(wanted).catch((error: Error) => {
    throw new UserError(error.message)
  })
  const webhook = await github.webhook('pull_request', { action: 'opened', number: pull.number })
  const asked = github.requests.length
  const begin = performance.now()
  const deliver = async () => {
    const { status_code } = await github.deliver(webhook, `${app.url}${webhookPath}`)
    if (status_code !== 200) throw new Error(`the app answered its webhook with ${status_code}`)
  }
  await Promise.all([runs.next(), deliver()])
  return { pull, requests: github.requests.slice(asked), ms: performance.now() - begin }
}

/** Learns from a queue when its jobs have ended. There is one at a time, and nobody waits for a second try. */
class Runs {
  #resolve!: () => void
  #reject!: (error: unknown) => void

  /** Ends with the next job. */
  next(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  watch(): ReviewQueue {
    const queue = new MemoryQueue({
      clock: systemClock,
      random: Math.random,
      concurrency: 1,
      retry: { attempts: 1, first: 0, longest: 0 },
      onFailure: (_job, error) => this.#reject(error),
    })
    return {
      accept: (delivery, job) => queue.accept(delivery, job),
      isBusyWith: (subject) => queue.isBusyWith(subject),
      stop: (options) => queue.stop(options),
      start: (run) =>
        queue.start(async (job, context) => {
          const outcome = await run(job, context)
          this.#resolve()
          return outcome
        }),
    }
  }
}
