/** Owns the command `simulate`: one pull request through the whole app, and what the simulated GitHub has of it then. */
import { UserError } from '../core/errors.ts'
import { lastChangeOf, mergeBase, requireContents, resolveCommit } from '../git/commits.ts'
import { makeWayBack } from '../git/way-back.ts'
import { type PullRequestToReview, reviewOnSimulator } from './review-on-simulator.ts'
import { isWrite, type Simulation } from './simulation.ts'

const referencesUrl = 'https://github.com/celery-review/celery-review/blob/main/references'

export interface SimulateRequest {
  readonly gitDir: string
  readonly base: string
  readonly head: string
  /** Whether the app knows the repository already, from the pull request that last changed Python in it. */
  readonly isWarm: boolean
}

/**
 * Reviews the pull request of `head` into `base`. A head that the base contains already would be an empty pull request:
 * then it is the way back from `base` to `head`.
 * @throws UserError when the commits are not there, or what they change.
 */
export async function simulate({ gitDir, base, head, isWarm }: SimulateRequest): Promise<Simulation> {
  const [into, from] = await Promise.all([resolveCommit(gitDir, base), resolveCommit(gitDir, head)])
  const met = await mergeBase(gitDir, into, from)
  await requireContents(gitDir, met === from ? into : met, from)
  const back = met === from && met !== into ? await makeWayBack(gitDir, into, from) : undefined
  try {
    const earlier = isWarm ? await lastPythonChange(gitDir, back ? into : met) : undefined
    // By their names where they have some, as a pull request has branches.
    const commits = back ? { gitDir: back.gitDir, base: into, head: back.head } : { gitDir, base, head }
    return await review({ ...commits, earlier, referencesUrl })
  } finally {
    await back?.remove()
  }
}

async function review(request: PullRequestToReview): Promise<Simulation> {
  const { github, pull, requests, ms } = await reviewOnSimulator(request)
  try {
    const { state, rejected } = github
    const reviews = state.reviews.filter(({ pull_number }) => pull_number === pull.number)
    const checkRuns = state.checkRuns.filter(({ head_sha }) => head_sha === pull.head.sha)
    return {
      reviews: reviews.map(({ id, state: event, commit_id, body }) => ({
        event: event === 'COMMENTED' ? 'COMMENT' : event,
        commit_id,
        body,
        comments: state.reviewComments
          .filter((comment) => comment.pull_request_review_id === id)
          .map((comment) => ({
            path: comment.path,
            line: comment.original_line!,
            side: comment.side,
            start_line: comment.original_start_line ?? undefined,
            start_side: comment.start_side ?? undefined,
            body: comment.body,
          })),
      })),
      checkRuns: checkRuns.map(({ name, head_sha, status, conclusion, output, annotations }) => ({
        name,
        head_sha,
        status,
        conclusion,
        output: { title: output.title, summary: output.summary },
        annotations,
      })),
      issueComments: state.issueComments.map(({ body }) => ({ body })),
      reactions: state.reactions.map(({ content }) => ({ content })),
      requests: requests.map((entry) => ({ ...entry, ms: Math.round(entry.ms) })),
      writes: requests.filter(isWrite).length,
      rejected,
      ms: Math.round(ms),
    }
  } finally {
    await github.close()
  }
}

/** What the app reviews before a warm review: with it, it has seen every file of Python that the commit holds. */
async function lastPythonChange(gitDir: string, commit: string) {
  const last = await lastChangeOf(gitDir, commit, '*.py')
  if (last === undefined) {
    throw new UserError(`${commit.slice(0, 12)}: has no earlier change of Python to warm up with`)
  }
  return { base: `${last}^`, head: last }
}
