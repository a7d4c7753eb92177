/** Owns the command `simulate`: one pull request through the whole app, and what the simulated GitHub has of it then. */
import { reviewOnSimulator } from './review-on-simulator.ts'
import type { Simulation } from './simulation.ts'

const referencesUrl = 'https://github.com/celery-review/celery-review/blob/main/references'

/**
 * Reviews the pull request of `head` into `base`.
 * @throws UserError when the commits are not there.
 */
export async function simulate(
  request: { gitDir: string; base: string; head: string },
  now: () => number,
): Promise<Simulation> {
  const begin = now()
  const { github } = await reviewOnSimulator({ ...request, referencesUrl })
  try {
    const { state, requests, rejected } = github
    return {
      reviews: state.reviews.map(({ id, state: event, commit_id, body }) => ({
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
      checkRuns: state.checkRuns.map(({ name, head_sha, status, conclusion, output, annotations }) => ({
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
      rejected,
      ms: Math.round(now() - begin),
    }
  } finally {
    await github.close()
  }
}
