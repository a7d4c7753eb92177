/** Owns what the buttons of a check ask for. GitHub names no pull request for a commit that comes from a fork. */
import type { Context } from 'probot'
import { checkActions, parseExternalId } from '../github/publish-check.ts'
import type { Subject } from '../queue/review-job.ts'
import type { Accept } from './accept.ts'

export const checkRunEvents = ['check_run.rerequested', 'check_run.requested_action'] as const
export const checkSuiteEvents = ['check_suite.rerequested'] as const

/** "Re-run", GitHub's own and ours, and "Review all". GitHub shows them to people with write access alone. */
export function handleCheckRun(accept: Accept) {
  return async ({ id, payload }: Context<(typeof checkRunEvents)[number]>): Promise<void> => {
    const { external_id, head_sha } = payload.check_run
    const wanted = payload.action === 'requested_action' ? payload.requested_action?.identifier : 'review'
    const action = checkActions.find(({ identifier }) => identifier === wanted)
    if (!action) return
    const number = parseExternalId(external_id ?? '')
    const subject: Subject = number === undefined ? { kind: 'commit', sha: head_sha } : { kind: 'pull-request', number }
    await accept(id, payload, { subject, review: true, asked: action.identifier })
  }
}

/** "Re-run all checks". */
export function handleCheckSuite(accept: Accept) {
  return async ({ id, payload }: Context<(typeof checkSuiteEvents)[number]>): Promise<void> => {
    const subject = { kind: 'commit', sha: payload.check_suite.head_sha } as const
    await accept(id, payload, { subject, review: true, asked: 'review' })
  }
}
