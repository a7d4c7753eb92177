/** Owns having the real app review a pull request on the simulator: from the signed webhook to the concluded check run. */
import { analyseWith } from '../app/analysis/analyse.ts'
import { webhookPath } from '../app/serve-http.ts'
import { startApp } from '../app/start-app.ts'
import { UserError } from '../core/errors.ts'
import { systemClock } from '../queue/clock.ts'
import { MemoryQueue } from '../queue/memory-queue.ts'
import type { ReviewQueue } from '../queue/review-queue.ts'
import { loadRules } from '../rule/registry.ts'
import { type PullRecord, type Simulator, startSimulator } from '../simulator/simulator.ts'
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
  readonly referencesUrl: string
}

export interface SimulatedReview {
  /** Whoever asked for the review closes it. */
  readonly github: Simulator
  readonly pull: PullRecord
  /** From the webhook to the end of all that follows from it, in milliseconds. */
  readonly ms: number
}

/**
 * Opens a pull request on a simulated GitHub, tells the app of it and waits until the app is done with it.
 * @throws UserError when the commits are not there, and whatever the review failed with.
 */
export async function reviewOnSimulator(request: PullRequestToReview): Promise<SimulatedReview> {
  const { owner = 'acme', name = 'shop', gitDir, base, head, title, body, author, referencesUrl } = request
  const rules = await loadRules()
  const github = await startSimulator({ repository: { owner, name, gitDir } })
  try {
    const pull = await github.openPull({ base, head, title, body, author }).catch((error: Error) => {
      throw new UserError(error.message)
    })
    const ended = new Ending()
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
      analyse: analyseWith(rules),
      rules: catalogueOf(rules).map(({ meta }) => meta),
      makeQueue: () => ended.watch(),
      isPatient: false,
    })
    let ms: number
    try {
      const begin = performance.now()
      const webhook = await github.webhook('pull_request', { action: 'opened', number: pull.number })
      const { status_code } = await github.deliver(webhook, `${app.url}${webhookPath}`)
      if (status_code !== 200) throw new Error(`the app answered its webhook with ${status_code}`)
      await ended.promise
      ms = performance.now() - begin
    } finally {
      await app.stop()
    }
    return { github, pull, ms }
  } catch (error) {
    await github.close()
    throw error
  }
}

/** Learns from a queue when its job has ended. There is one job, and nobody waits for a second try. */
class Ending {
  readonly promise: Promise<void>
  #resolve!: () => void
  #reject!: (error: unknown) => void

  constructor() {
    this.promise = new Promise((resolve, reject) => {
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
