/** Owns what the worker does with one job, and what GitHub's failures mean for the queue. */
import { GitHubFailure } from '../github/failure.ts'
import type { Octokit } from '../github/octokit.ts'
import { publishCheck } from '../github/publish-check.ts'
import { readPullRequestsOfCommit } from '../github/read-pull-request.ts'
import type { Clock } from '../queue/clock.ts'
import { jobKey, type ReviewJob } from '../queue/review-job.ts'
import type { ReviewQueue, RunJob, RunOutcome } from '../queue/review-queue.ts'
import { isInMergeGroup } from './check-states.ts'
import type { Log } from './log.ts'
import type { Reviewer } from './review-pull-request.ts'
import { runPullRequest, type Task } from './run-pull-request.ts'

export interface Worker extends Reviewer {
  /** The client of a repository. */
  readonly auth: (job: Pick<ReviewJob, 'installationId' | 'repository'>) => Promise<Octokit>
  readonly queue: Pick<ReviewQueue, 'accept'>
  readonly log: Log
}

export const runJobs = (worker: Worker): RunJob => workWith(worker, (task) => runTask(worker, task))

/** Does something with the client of the job's installation, and says what GitHub's failures mean for the queue. */
export function workWith(worker: Worker, work: (task: Task) => Promise<RunOutcome>): RunJob {
  return async (job, run) => {
    const log = worker.log.child({ delivery: job.delivery, job: jobKey(job), attempt: run.attempt })
    try {
      const octokit = await worker.auth(job)
      return await work({ octokit, job, run, log })
    } catch (error) {
      return toOutcome(error, worker.clock, log)
    }
  }
}

async function runTask(worker: Worker, task: Task): Promise<RunOutcome> {
  const { octokit, job } = task
  const { subject, repository } = job
  const name = { owner: repository.owner, repo: repository.name }
  switch (subject.kind) {
    case 'pull-request':
      return runPullRequest(worker, task, subject.number)
    case 'commit':
      for (const number of await readPullRequestsOfCommit(octokit, name, subject.sha)) {
        const delivery = `${job.delivery}/${number}`
        await worker.queue.accept({ id: delivery }, { ...job, delivery, subject: { kind: 'pull-request', number } })
      }
      return { kind: 'done' }
    case 'merge-group':
      await publishCheck(octokit, name, { sha: subject.sha, externalId: 'merge-group' }, isInMergeGroup)
      return { kind: 'done' }
  }
}

/** @throws what a later attempt can put right. */
function toOutcome(error: unknown, clock: Clock, log: Log): RunOutcome {
  if (!(error instanceof GitHubFailure)) throw error
  const { failure } = error
  switch (failure.kind) {
    case 'unavailable':
      throw error
    case 'rate-limited':
      log.warn({ ms: failure.ms }, 'GitHub wants quiet')
      return { kind: 'paused', until: clock.now() + failure.ms }
    default:
      log.warn({ failure, err: error }, 'the job was given up')
      return { kind: 'done' }
  }
}
