/** Owns what the events of a pull request ask for. */
import type { Context } from 'probot'
import type { Accept } from './accept.ts'

export const pullRequestEvents = [
  'pull_request.opened',
  'pull_request.synchronize',
  'pull_request.reopened',
  'pull_request.ready_for_review',
  'pull_request.edited',
  'pull_request.closed',
  'pull_request.unlabeled',
] as const

/**
 * A closed pull request is a job too: it takes the place of a review under way, and finds that there is nothing to do. A
 * label that is taken away may be the one that stood against a review.
 */
export function handlePullRequest(accept: Accept) {
  return async ({ id, payload }: Context<(typeof pullRequestEvents)[number]>): Promise<void> => {
    if (payload.action === 'edited' && !payload.changes.base) return
    await accept(id, payload, { subject: { kind: 'pull-request', number: payload.pull_request.number }, review: true })
  }
}
