/** Owns what is counted for whoever watches the app, in the format of Prometheus. README.md lists it. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from '../database/database.ts'
import { GitHubFailure } from '../github/failure.ts'
import type { GitHubAnswer } from '../github/octokit.ts'
import { readQueueState } from '../queue/queue-records.ts'
import type { ReviewQueue, RunJob } from '../queue/review-queue.ts'
import type { Analyse } from './analysis/analyse.ts'
import { AnalysisFailure } from './analysis/failure.ts'

export interface Metrics {
  /** The queue, with what goes through it counted. */
  count(queue: ReviewQueue): ReviewQueue
  /** The analysis, with what it finds counted. */
  watch(analyse: Analyse): Analyse
  onWebhook(ms: number): void
  onAnswer(answer: GitHubAnswer): void
  readonly contentType: string
  read(): Promise<string>
}

/** Each installation is a series of its own up to so many; all further ones share one. */
const mostInstallations = 200

export function createMetrics(database: Database, now: () => number): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const deliveries = new Counter({
    name: 'celery_review_deliveries_total',
    help: 'Deliveries that made a job, by what became of them',
    labelNames: ['answer'],
    registers,
  })
  const webhooks = new Histogram({
    name: 'celery_review_webhook_seconds',
    help: 'How long webhooks waited for their answer',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 10],
    registers,
  })
  const runs = new Histogram({
    name: 'celery_review_run_seconds',
    help: 'How long runs took, by how they ended',
    labelNames: ['end'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers,
  })
  const analyses = new Histogram({
    name: 'celery_review_analysis_seconds',
    help: 'How long analyses took, waiting for their turn and for files included, by how they ended',
    labelNames: ['end'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  })
  const files = new Counter({
    name: 'celery_review_files_total',
    help: 'Files of projects that were analysed, by whether they had to be parsed or their facts were known',
    labelNames: ['source'],
    registers,
  })
  const findings = new Counter({
    name: 'celery_review_findings_total',
    help: 'Findings that pull requests introduce, counted in each run, by rule',
    labelNames: ['rule'],
    registers,
  })
  const jobs = new Gauge({
    name: 'celery_review_jobs',
    help: 'Jobs in the queue, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      const { waiting, running, dead, since } = await readQueueState(database)
      jobs.set({ state: 'waiting' }, waiting)
      jobs.set({ state: 'running' }, running)
      jobs.set({ state: 'dead' }, dead)
      oldest.set(since === null ? 0 : Math.max(0, now() - since) / 1000)
    },
  })
  const oldest = new Gauge({
    name: 'celery_review_oldest_job_seconds',
    help: 'For how long the job waits that waits longest',
    registers,
  })
  const requests = new Counter({
    name: 'celery_review_github_requests_total',
    help: "Requests to GitHub, by installation (none: the App's own) and the class of their answer",
    labelNames: ['installation', 'answer'],
    registers,
  })
  const remaining = new Gauge({
    name: 'celery_review_github_remaining_requests',
    help: 'What GitHub last said is left of the quota, by installation and resource',
    labelNames: ['installation', 'resource'],
    registers,
  })

  const known = new Set<string>()
  const seriesOf = (installation: string): string => {
    if (known.size < mostInstallations) known.add(installation)
    return known.has(installation) ? installation : 'other'
  }
  const timed =
    (run: RunJob): RunJob =>
    async (...given) => {
      const end = runs.startTimer()
      try {
        const outcome = await run(...given)
        end({ end: outcome.kind })
        return outcome
      } catch (error) {
        end({ end: given[1].signal.aborted ? 'replaced' : 'failed' })
        throw error
      }
    }
  return {
    count: (queue) => ({
      async accept(...given) {
        const answer = await queue.accept(...given)
        deliveries.inc({ answer })
        return answer
      },
      isBusyWith: (subject) => queue.isBusyWith(subject),
      start: (run, giveUp) => queue.start(timed(run), giveUp),
      stop: (options) => queue.stop(options),
    }),
    watch: (analyse) => async (input) => {
      const end = analyses.startTimer()
      try {
        const report = await analyse(input)
        end({ end: 'done' })
        files.inc({ source: 'parsed' }, report.stats.parsed)
        files.inc({ source: 'known' }, report.stats.cached)
        for (const { rule } of report.findings) findings.inc({ rule })
        return report
      } catch (error) {
        const reason = error instanceof AnalysisFailure ? error.reason : 'crash'
        end({ end: error instanceof GitHubFailure ? 'unread' : reason })
        throw error
      }
    },
    onWebhook: (ms) => webhooks.observe(ms / 1000),
    onAnswer({ installation = 'none', answer, remaining: left, resource }) {
      const series = seriesOf(installation)
      requests.inc({ installation: series, answer })
      if (left !== undefined && series !== 'other') remaining.set({ installation: series, resource }, left)
    },
    contentType: registry.contentType,
    read: () => registry.metrics(),
  }
}
