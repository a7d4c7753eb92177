/** Owns putting the app together and taking it apart again. Everything that it needs is given to it. */
import { Probot } from 'probot'
import type { Environment } from '../config/environment.ts'
import { type BlobCache, MemoryBlobCache } from '../github/blob-cache.ts'
import { InstallationClients } from '../github/installation-clients.ts'
import { fetchWithin, octokitClass } from '../github/octokit.ts'
import { type Clock, systemClock } from '../queue/clock.ts'
import { MemoryQueue } from '../queue/memory-queue.ts'
import { jobKey } from '../queue/review-job.ts'
import type { ReviewQueue } from '../queue/review-queue.ts'
import type { RuleMeta } from '../rule/rule.ts'
import { MemoryReviewStore } from '../store/memory-review-store.ts'
import type { ReviewStore } from '../store/review-store.ts'
import { acceptInto } from './accept.ts'
import type { Analyse } from './analysis/analyse.ts'
import { giveUpJobs } from './give-up.ts'
import { handleIssueComment, handleReviewComment, issueCommentEvents, reviewCommentEvents } from './handle-comment.ts'
import { handleMergeGroup, mergeGroupEvents } from './handle-merge-group.ts'
import { handlePullRequest, pullRequestEvents } from './handle-pull-request.ts'
import { checkRunEvents, checkSuiteEvents, handleCheckRun, handleCheckSuite } from './handle-rerequest.ts'
import { type Log, withoutCode } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Pages } from './pages/pages.ts'
import { runJobs, type Worker } from './run-job.ts'
import { serveHttp, webhookPath } from './serve-http.ts'

export interface AppOptions {
  readonly environment: Environment
  readonly analyse: Analyse
  /** The rules that there are. */
  readonly rules: readonly RuleMeta[]
  /** What the app shows a browser; nothing by itself. */
  readonly pages?: Pages
  /** Made of what is at hand when the log is there. */
  readonly makeQueue?: (log: Log, clock: Clock) => ReviewQueue
  readonly cache?: BlobCache
  readonly makeStore?: (log: Log, clock: Clock) => ReviewStore
  readonly clock?: Clock
  /** What this process does: take webhooks in, work on what was taken in, or both. */
  readonly role?: Role
  /** What `/metrics` shows. */
  readonly metrics?: Pick<Metrics, 'read' | 'contentType' | 'onWebhook' | 'onAnswer'>
  /** Told that an installation is gone. */
  readonly onUninstalled?: (installationId: number) => Promise<void>
  /** Begins what is done from time to time; what it gives back ends it. */
  readonly upkeep?: (parts: AppParts) => () => Promise<void>
  /** Whether to space writes and repeat failed reads as GitHub asks for; only a GitHub of one's own can do without. */
  readonly isPatient?: boolean
  /** How long GitHub may keep silent before a request counts as lost, in milliseconds. */
  readonly silence?: number
  /** A check run that has been open for longer was left, in milliseconds; ten minutes by default. */
  readonly longestReview?: number
}

export const roles = ['all', 'web', 'worker'] as const
export type Role = (typeof roles)[number]

export interface AppParts {
  readonly probot: Probot
  readonly clients: InstallationClients
  readonly queue: ReviewQueue
  readonly store: ReviewStore
  readonly clock: Clock
  readonly longestReview: number
  readonly log: Log
}

export interface RunningApp {
  /** Where it listens. */
  readonly url: string
  /** Takes no more webhooks, and ends the reviews under way, by force after `deadline` milliseconds. */
  stop(options?: { deadline?: number }): Promise<void>
}

const cachedBytes = 64_000_000

/** Leaves a container's usual ten seconds enough to end in. */
const patience = 8_000

function makeMemoryQueue(log: Log, clock: Clock): ReviewQueue {
  return new MemoryQueue({
    clock,
    random: Math.random,
    onFailure: (job, error, { attempt, isLast }) =>
      log.error(
        { job: jobKey(job), delivery: job.delivery, attempt, err: error },
        isLast ? 'job given up' : 'job failed',
      ),
  })
}

const makeMemoryStore = (_: Log, clock: Clock): ReviewStore => new MemoryReviewStore(() => clock.now())

/**
 * Starts the app.
 * @throws UserError when the address cannot be listened on.
 */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { environment, clock = systemClock, makeQueue = makeMemoryQueue, longestReview = 10 * 60_000 } = options
  /** With GitHub; no word of it outlasts the app. */
  const conversation = new AbortController()
  const probot = new Probot({
    appId: environment.appId,
    privateKey: environment.privateKey,
    secret: environment.webhookSecret,
    baseUrl: environment.apiUrl,
    logLevel: environment.logLevel,
    logFormat: environment.logFormat,
    Octokit: octokitClass({ isPatient: options.isPatient ?? true, onAnswer: options.metrics?.onAnswer }),
    request: { fetch: fetchWithin({ silence: options.silence, signal: conversation.signal }) },
  })
  await probot.ready()
  const log = withoutCode(probot.log)
  const queue = makeQueue(log, clock)
  const accept = acceptInto(queue, log)
  probot.on([...pullRequestEvents], handlePullRequest(accept))
  probot.on([...issueCommentEvents], handleIssueComment(accept))
  probot.on([...reviewCommentEvents], handleReviewComment(accept))
  probot.on([...checkRunEvents], handleCheckRun(accept))
  probot.on([...checkSuiteEvents], handleCheckSuite(accept))
  probot.on([...mergeGroupEvents], handleMergeGroup(accept))

  const { analyse, rules, cache = new MemoryBlobCache(cachedBytes), makeStore = makeMemoryStore } = options
  const { role = 'all', onUninstalled } = options
  if (onUninstalled) {
    probot.on('installation.deleted', ({ payload }) => onUninstalled(payload.installation.id))
  }
  const store = makeStore(log, clock)
  const clients = new InstallationClients(await probot.auth())
  const auth: Worker['auth'] = ({ installationId, repository }) => clients.ofRepository(installationId, repository.id)
  const { referencesUrl } = environment
  const worker: Worker = { analyse, rules, referencesUrl, cache, store, clock, longestReview, auth, queue, log }
  if (role !== 'web') queue.start(runJobs(worker), giveUpJobs(worker))

  let isReady = true
  const server = await serveHttp({
    host: environment.host,
    port: environment.port,
    webhooks: role === 'worker' ? undefined : await probot.getNodeMiddleware({ path: webhookPath }),
    pages: options.pages ?? new Map(),
    metrics: options.metrics,
    isReady: () => isReady,
  })
  const endUpkeep =
    role === 'web' ? undefined : options.upkeep?.({ probot, clients, queue, store, clock, longestReview, log })
  log.info({ url: server.url, role }, 'listening')
  return {
    url: server.url,
    async stop({ deadline = patience } = {}) {
      isReady = false
      const end = clock.now() + deadline
      // First the server: a delivery that is being stored while the queue stops would be refused.
      const spare = clock.after(deadline / 8, server.cut)
      await server.close()
      spare()
      const upkeepEnded = endUpkeep?.()
      const { left } = await queue.stop({ deadline: Math.max(0, end - clock.now()) })
      if (left > 0) log.warn({ left }, 'jobs were left unfinished')
      conversation.abort(new Error('the app has stopped'))
      await upkeepEnded
    },
  }
}
