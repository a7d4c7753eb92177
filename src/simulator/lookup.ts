/** Owns finding what a path names, and the 404 for what is not there. */
import { type ApiRequest, numberParam } from './http.ts'
import { notFound } from './refusals.ts'
import type { CheckRunRecord, IssueCommentRecord, PullRecord, ReviewCommentRecord } from './state.ts'
import type { World } from './world.ts'

function orNotFound<Record>(record: Record | undefined): Record {
  if (!record) throw notFound()
  return record
}

export const findPull = ({ state }: World, number: number): PullRecord =>
  orNotFound(state.pulls.find((pull) => pull.number === number))

export const findReviewComment = ({ state }: World, id: number): ReviewCommentRecord =>
  orNotFound(state.reviewComments.find((comment) => comment.id === id))

export const findIssueComment = ({ state }: World, id: number): IssueCommentRecord =>
  orNotFound(state.issueComments.find((comment) => comment.id === id))

export const findCheckRun = ({ state }: World, id: number): CheckRunRecord =>
  orNotFound(state.checkRuns.find((run) => run.id === id))

export const pullOf = (request: ApiRequest, world: World): PullRecord => findPull(world, numberParam(request, 'number'))

export const reviewCommentOf = (request: ApiRequest, world: World): ReviewCommentRecord =>
  findReviewComment(world, numberParam(request, 'id'))

export const issueCommentOf = (request: ApiRequest, world: World): IssueCommentRecord =>
  findIssueComment(world, numberParam(request, 'id'))

export const checkRunOf = (request: ApiRequest, world: World): CheckRunRecord =>
  findCheckRun(world, numberParam(request, 'id'))
