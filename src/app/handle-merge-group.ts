/** Owns what a merge queue asks for: it waits for our check, on a commit that no pull request has. */
import type { Context } from 'probot'
import type { Accept } from './accept.ts'

export const mergeGroupEvents = ['merge_group.checks_requested'] as const

export function handleMergeGroup(accept: Accept) {
  return async ({ id, payload }: Context<(typeof mergeGroupEvents)[number]>): Promise<void> => {
    if (!payload.repository) return
    const subject = { kind: 'merge-group', sha: payload.merge_group.head_sha } as const
    await accept(id, { ...payload, repository: payload.repository }, { subject, review: true })
  }
}
