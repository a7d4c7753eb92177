/** Owns what becomes of a job whose every attempt failed: whoever waits for its check run is told. */

import { readPullRequest } from '../github/read-pull-request.ts'
import type { RunJob } from '../queue/review-queue.ts'
import { wasGivenUp } from './check-states.ts'
import { concludeLeftOver, PullRequestCheck } from './pull-request-check.ts'
import { type Worker, workWith } from './run-job.ts'

export function giveUpJobs(worker: Worker): RunJob {
  return workWith(worker, async ({ octokit, job, run, log }) => {
    const { installationId, repository, subject } = job
    if (subject.kind !== 'pull-request') return { kind: 'done' }
    const name = { id: repository.id, owner: repository.owner, repo: repository.name }
    const pull = await readPullRequest(octokit, name, subject.number)
    const ref = { installationId, repositoryId: repository.id, number: subject.number }
    const parts = { ...worker, octokit, pull, ref, log, delivery: job.delivery, run }
    const state = await worker.store.read(ref)
    await concludeLeftOver(parts, state)
    if (pull.isOpen && !pull.isArchived) {
      await new PullRequestCheck(parts, state).conclude(wasGivenUp(job.delivery))
    }
    return { kind: 'done' }
  })
}
