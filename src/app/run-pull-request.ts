/** Owns one run for one pull request: what was asked, the review where one is due, and the answers. */
import type { Octokit } from '../github/octokit.ts'
import { readPullRequest } from '../github/read-pull-request.ts'
import type { ReviewJob } from '../queue/review-job.ts'
import type { ReviewRun, RunOutcome } from '../queue/review-queue.ts'
import { answer, hear } from './answer-commands.ts'
import type { Log } from './log.ts'
import { concludeLeftOver } from './pull-request-check.ts'
import { type Reviewer, reviewPullRequest } from './review-pull-request.ts'

/** One run of one job. */
export interface Task {
  readonly octokit: Octokit
  readonly job: ReviewJob
  readonly run: ReviewRun
  readonly log: Log
}

/** How often one run begins a review whose head moves meanwhile. GitHub itself may name two heads for a while. */
const mostBeginnings = 3

/** @throws GitHubFailure, and what a later attempt can put right. */
export async function runPullRequest(
  reviewer: Reviewer,
  task: Task,
  number: number,
  beginning = 1,
): Promise<RunOutcome> {
  const { octokit, job, run, log } = task
  const { id, owner, name } = job.repository
  const { store } = reviewer
  const pull = await readPullRequest(octokit, { id, owner, repo: name }, number)
  if (pull.isArchived) {
    log.info('the repository is archived: nothing can be written there')
    return { kind: 'done' }
  }
  const ref = { installationId: job.installationId, repositoryId: id, number }
  await concludeLeftOver({ ...reviewer, octokit, pull, ref, log }, await store.read(ref))
  // What was said before the pull request was closed has no more answer.
  if (!pull.isOpen) return { kind: 'done' }

  const context = { reviewer, octokit, pull, ref, log }
  const heard = []
  for (const command of job.commands) heard.push(await hear(context, command))
  const verdicts = heard.flatMap((one) => one.verdicts)
  const wishes = [job.asked, ...verdicts.map((verdict) => verdict.asked)]
  const asked = wishes.includes('full') ? 'full' : wishes.find(Boolean)
  if (job.review || asked || verdicts.some(({ changesReview }) => changesReview)) {
    const end = await reviewPullRequest(reviewer, { octokit, pull, ref, asked, delivery: job.delivery, run, log })
    if (end === 'superseded') {
      if (!(await run.isCurrent())) throw new Error('a newer job replaces this run')
      if (beginning === mostBeginnings) throw new Error('the head moved during each review')
      // The push is quicker than its webhook; the job that the webhook makes will find nothing left to say.
      return runPullRequest(reviewer, task, number, beginning + 1)
    }
  }
  for (const one of heard) await answer(context, one)
  return { kind: 'done' }
}
