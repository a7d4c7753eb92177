/** Owns what is counted for whoever watches the app, in the format of Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from '../database/database.ts'
import { readQueueState } from '../queue/queue-records.ts'
import type { ReviewQueue, RunJob } from '../queue/review-queue.ts'

export interface Metrics {
  /** The queue, with what goes through it counted. */
  count(queue: ReviewQueue): ReviewQueue
  readonly contentType: string
  read(): Promise<string>
}

export function createMetrics(database: Database, now: () => number): Metrics {
  const registers = [new Registry()]
  collectDefaultMetrics({ register: registers[0] })
  const deliveries = new Counter({
    name: 'celery_review_deliveries_total',
    help: 'Deliveries that made a job, by what became of them',
    labelNames: ['answer'],
    registers,
  })
  const seconds = new Histogram({
    name: 'celery_review_run_seconds',
    help: 'How long runs took, by how they ended',
    labelNames: ['end'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
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
  const timed =
    (run: RunJob): RunJob =>
    async (...given) => {
      const end = seconds.startTimer()
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
      start: (run, giveUp) => queue.start(timed(run), giveUp),
      stop: (options) => queue.stop(options),
    }),
    contentType: registers[0]!.contentType,
    read: () => registers[0]!.metrics(),
  }
}
