/** Owns the comments on a pull request's conversation, which GitHub keeps as comments on an issue. */
import type { components } from '@octokit/openapi-types'
import { z } from 'zod'
import { toApp } from './apps.ts'
import { type Answer, type ApiRequest, authorOf, created, noContent, ok, page, readBody } from './http.ts'
import { issueCommentOf, pullOf } from './lookup.ts'
import { rollupOf } from './reactions.ts'
import { bodyTooLong, characters, locked, longestBody, validationFailed } from './refusals.ts'
import { type IssueCommentRecord, nodeId, type PullRecord } from './state.ts'
import { associationOf, isBot, toUser } from './users.ts'
import { apiRoot, htmlRoot, timestamp, type World } from './world.ts'

type Schemas = components['schemas']

const newComment = z.strictObject({ body: z.string() })

export function storeIssueComment(world: World, pull: PullRecord, user: string, body: string): IssueCommentRecord {
  const now = timestamp(world)
  const id = world.state.nextId()
  const stored = { id, issue_number: pull.number, user, body, minimized: null, created_at: now, updated_at: now }
  world.state.issueComments.push(stored)
  return stored
}

export function toIssueComment(world: World, comment: IssueCommentRecord): Schemas['issue-comment'] {
  const url = `${apiRoot(world)}/issues/comments/${comment.id}`
  return {
    id: comment.id,
    node_id: nodeId('issue_comment', comment.id),
    url,
    html_url: `${htmlRoot(world)}/pull/${comment.issue_number}#issuecomment-${comment.id}`,
    issue_url: `${apiRoot(world)}/issues/${comment.issue_number}`,
    body: comment.body,
    user: toUser(world, comment.user),
    created_at: comment.created_at,
    updated_at: comment.updated_at,
    author_association: associationOf(world, comment.user),
    performed_via_github_app: isBot(comment.user) ? toApp(world) : null,
    reactions: rollupOf(world, 'issue_comment', comment.id, url),
  }
}

export function listIssueComments(request: ApiRequest, world: World): Answer<Schemas['issue-comment'][]> {
  const { number } = pullOf(request, world)
  const since = request.url.searchParams.get('since') ?? ''
  const comments = world.state.issueComments.filter(
    (comment) => comment.issue_number === number && comment.updated_at >= since,
  )
  const { body, headers } = page(request, comments)
  return { ...ok(body!.map((comment) => toIssueComment(world, comment))), headers }
}

export function createIssueComment(request: ApiRequest, world: World): Answer<Schemas['issue-comment']> {
  const pull = pullOf(request, world)
  const { body } = readBody(request, newComment)
  checkText(body)
  if (pull.locked) throw locked()
  return created(toIssueComment(world, storeIssueComment(world, pull, authorOf(request), body)))
}

export const getIssueComment = (request: ApiRequest, world: World): Answer<Schemas['issue-comment']> =>
  ok(toIssueComment(world, issueCommentOf(request, world)))

export function updateIssueComment(request: ApiRequest, world: World): Answer<Schemas['issue-comment']> {
  const comment = issueCommentOf(request, world)
  const { body } = readBody(request, newComment)
  checkText(body)
  comment.body = body
  comment.updated_at = timestamp(world)
  return ok(toIssueComment(world, comment))
}

export function deleteIssueComment(request: ApiRequest, world: World): Answer<never> {
  world.state.remove(world.state.issueComments, issueCommentOf(request, world))
  return noContent()
}

function checkText(body: string): void {
  if (body.trim() === '') {
    throw validationFailed({
      resource: 'IssueComment',
      code: 'unprocessable',
      field: 'data',
      message: 'Body cannot be blank',
    })
  }
  if (characters(body) > longestBody) throw bodyTooLong('IssueComment')
}
