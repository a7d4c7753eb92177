/** Owns what "Re-run" on a check asks for. GitHub names no pull request for a commit that comes from a fork. */
import type { Context } from 'probot'
import { parseExternalId } from '../github/publish-check.ts'
import type { Subject } from '../queue/review-job.ts'
import type { Accept } from './accept.ts'

export const checkRunEvents = ['check_run.rerequested'] as const
export const checkSuiteEvents = ['check_suite.rerequested'] as const

export function handleCheckRun(accept: Accept) {
  return async ({ id, payload }: Context<(typeof checkRunEvents)[number]>): Promise<void> => {
    const { external_id, head_sha } = payload.check_run
    const number = parseExternalId(external_id ?? '')
    const subject: Subject = number === undefined ? { kind: 'commit', sha: head_sha } : { kind: 'pull-request', number }
    await accept(id, payload, { subject, review: true })
  }
}

export function handleCheckSuite(accept: Accept) {
  return async ({ id, payload }: Context<(typeof checkSuiteEvents)[number]>): Promise<void> => {
    await accept(id, payload, { subject: { kind: 'commit', sha: payload.check_suite.head_sha }, review: true })
  }
}
