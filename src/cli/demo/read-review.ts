/** Owns reading a reviewed pull request from GitHub, as a person would see it there. */
import type { Octokit, PullRequestName } from '../../github/octokit.ts'
import { readFiles } from '../../github/read-changes.ts'
import type { CheckRun, ReviewComment, ReviewedPullRequest } from './pull-request.ts'

/** @throws Error when no check run of the head has come to its end. */
export async function readReview(octokit: Octokit, name: PullRequestName): Promise<ReviewedPullRequest> {
  const { data: pull } = await octokit.rest.pulls.get({ ...name })
  const check = await readCheck(octokit, name, pull.head.sha)
  const { data: reviews } = await octokit.rest.pulls.listReviews({ ...name })
  const comments = await octokit.paginate(octokit.rest.pulls.listReviewComments, { ...name, per_page: 100 })
  return {
    repository: pull.base.repo.full_name,
    repositoryUrl: pull.base.repo.html_url,
    number: pull.number,
    title: pull.title,
    description: pull.body ?? '',
    author: pull.user.login,
    base: pull.base.ref,
    head: pull.head.ref,
    files: await readFiles(octokit, name),
    reviewer: reviews[0]?.user?.login ?? '',
    reviewBody: reviews[0]?.body,
    comments: comments.flatMap(toComment),
    check,
  }
}

async function readCheck(octokit: Octokit, { owner, repo }: PullRequestName, ref: string): Promise<CheckRun> {
  const { data } = await octokit.rest.checks.listForRef({ owner, repo, ref })
  const [run] = data.check_runs
  if (!run?.conclusion) throw new Error('no check run was concluded')
  const { title, summary } = run.output
  return { name: run.name, conclusion: run.conclusion, title: title ?? '', summary: summary ?? '' }
}

type Listed = Awaited<ReturnType<Octokit['rest']['pulls']['listReviewComments']>>['data'][number]

/** A comment whose lines are gone stands nowhere. */
function toComment({ id, html_url, path, start_line, line, body }: Listed): ReviewComment[] {
  return line ? [{ id, url: html_url, path, startLine: start_line ?? line, line, body }] : []
}
