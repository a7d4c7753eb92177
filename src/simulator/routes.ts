/** Owns the table of routes: which paths there are, what each demands of whoever asks, and who answers. */
import type { components } from '@octokit/openapi-types'
import type { Demand } from './access.ts'
import { createToken, getApp, getInstallation, listInstallationRepositories, listInstallations } from './apps.ts'
import { createRun, getRun, listAnnotations, listRuns, updateRun } from './checks.ts'
import { compare, getCommit, listPullCommits, listPullsOfCommit } from './commits.ts'
import { getBlob, getContent, getTarball, getTree, redirectToTarball } from './contents.ts'
import { getDelivery, listDeliveries, redeliver } from './deliveries.ts'
import { queryGraphql } from './graphql.ts'
import { type Answer, type ApiRequest, ok, type RawAnswer } from './http.ts'
import {
  createIssueComment,
  deleteIssueComment,
  getIssueComment,
  listIssueComments,
  updateIssueComment,
} from './issue-comments.ts'
import { getPull, listFiles, listPulls } from './pulls.ts'
import { createReaction, deleteReaction, listReactions } from './reactions.ts'
import { getPermission, getRepository } from './repositories.ts'
import {
  createComment,
  createReply,
  deleteComment,
  getComment,
  listComments,
  updateComment,
} from './review-comments.ts'
import { createReview, deleteReview, getReview, listReviewComments, listReviews } from './reviews.ts'
import type { World } from './world.ts'

type Handler = (request: ApiRequest, world: World) => Answer | RawAnswer | Promise<Answer | RawAnswer>

interface Route {
  readonly method: string
  readonly pattern: RegExp
  /** `app`: the App's own signed token. `token`: any token. `nothing`: a link that anybody may follow. */
  readonly access: 'app' | 'token' | 'nothing' | readonly Demand[]
  /** Whether GitHub counts it as writing content. */
  readonly isContent: boolean
  readonly handle: Handler
}

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

const routes: Route[] = []

/** `:name` stands for one part of the path, `*name` for all the rest. */
function on(method: string, path: string, access: Route['access'], handle: Handler, isContent = false): void {
  const source = path.replace(/:(\w+)/g, '(?<$1>[^/]+)').replace(/\*(\w+)/g, '(?<$1>.+)')
  routes.push({ method, pattern: new RegExp(`^${source}$`), access, isContent, handle })
}

const repo = '/repos/:owner/:repo'
const readMetadata: Demand[] = ['metadata: read']
const readContents: Demand[] = ['contents: read']
const readPulls: Demand[] = ['pull_requests: read']
const writePulls: Demand[] = ['pull_requests: write']
const readChecks: Demand[] = ['checks: read']
const writeChecks: Demand[] = ['checks: write']
const readConversation: Demand[] = ['issues: read', 'pull_requests: read']
const writeConversation: Demand[] = ['issues: write', 'pull_requests: write']

on('GET', '/app', 'app', getApp)
on('GET', '/app/installations', 'app', listInstallations)
on('GET', '/app/installations/:id', 'app', getInstallation)
on('POST', '/app/installations/:id/access_tokens', 'app', createToken)
on('GET', '/app/hook/deliveries', 'app', listDeliveries)
on('GET', '/app/hook/deliveries/:id', 'app', getDelivery)
on('POST', '/app/hook/deliveries/:id/attempts', 'app', redeliver)
on('GET', `${repo}/installation`, 'app', getInstallation)
on('GET', '/installation/repositories', readMetadata, listInstallationRepositories)
on('GET', '/rate_limit', 'token', getRateLimit)
on('GET', '/meta', 'nothing', getMeta)
on('POST', '/graphql', 'token', queryGraphql)

on('GET', repo, readMetadata, getRepository)
on('GET', `${repo}/collaborators/:username/permission`, readMetadata, getPermission)

on('GET', `${repo}/git/trees/:sha`, readContents, getTree)
on('GET', `${repo}/git/blobs/:sha`, readContents, getBlob)
on('GET', `${repo}/contents/*path`, readContents, getContent)
on('GET', `${repo}/tarball`, readContents, redirectToTarball)
on('GET', `${repo}/tarball/*ref`, readContents, redirectToTarball)
on('GET', '/codeload/:owner/:repo/legacy.tar.gz/:sha', 'nothing', getTarball)
on('GET', `${repo}/compare/*basehead`, readContents, compare)
on('GET', `${repo}/commits/:ref/check-runs`, readChecks, listRuns)
on('GET', `${repo}/commits/:ref/pulls`, readPulls, listPullsOfCommit)
on('GET', `${repo}/commits/*ref`, readContents, getCommit)

on('GET', `${repo}/pulls`, readPulls, listPulls)
on('GET', `${repo}/pulls/comments/:id`, readPulls, getComment)
on('PATCH', `${repo}/pulls/comments/:id`, writePulls, updateComment)
on('DELETE', `${repo}/pulls/comments/:id`, writePulls, deleteComment)
on('GET', `${repo}/pulls/comments/:id/reactions`, readPulls, listReactions('review_comment'))
on('POST', `${repo}/pulls/comments/:id/reactions`, writePulls, createReaction('review_comment'))
on('DELETE', `${repo}/pulls/comments/:id/reactions/:reaction`, writePulls, deleteReaction('review_comment'))
on('GET', `${repo}/pulls/:number`, readPulls, getPull)
on('GET', `${repo}/pulls/:number/files`, readPulls, listFiles)
on('GET', `${repo}/pulls/:number/commits`, readPulls, listPullCommits)
on('GET', `${repo}/pulls/:number/comments`, readPulls, listComments)
on('POST', `${repo}/pulls/:number/comments`, writePulls, createComment, true)
on('POST', `${repo}/pulls/:number/comments/:id/replies`, writePulls, createReply, true)
on('GET', `${repo}/pulls/:number/reviews`, readPulls, listReviews)
on('POST', `${repo}/pulls/:number/reviews`, writePulls, createReview, true)
on('GET', `${repo}/pulls/:number/reviews/:id`, readPulls, getReview)
on('DELETE', `${repo}/pulls/:number/reviews/:id`, writePulls, deleteReview)
on('GET', `${repo}/pulls/:number/reviews/:id/comments`, readPulls, listReviewComments)

on('GET', `${repo}/issues/comments/:id`, readConversation, getIssueComment)
on('PATCH', `${repo}/issues/comments/:id`, writeConversation, updateIssueComment)
on('DELETE', `${repo}/issues/comments/:id`, writeConversation, deleteIssueComment)
on('GET', `${repo}/issues/comments/:id/reactions`, readConversation, listReactions('issue_comment'))
on('POST', `${repo}/issues/comments/:id/reactions`, writeConversation, createReaction('issue_comment'))
on('DELETE', `${repo}/issues/comments/:id/reactions/:reaction`, writeConversation, deleteReaction('issue_comment'))
on('GET', `${repo}/issues/:number/comments`, readConversation, listIssueComments)
on('POST', `${repo}/issues/:number/comments`, writeConversation, createIssueComment, true)

on('POST', `${repo}/check-runs`, writeChecks, createRun)
on('GET', `${repo}/check-runs/:id`, readChecks, getRun)
on('PATCH', `${repo}/check-runs/:id`, writeChecks, updateRun)
on('GET', `${repo}/check-runs/:id/annotations`, readChecks, listAnnotations)

/** The route that serves a request, with the parts of its path decoded; nothing when no route does. */
export function findRoute(method: string, path: string): Match | undefined {
  for (const route of routes) {
    const parts = route.method === method ? route.pattern.exec(path) : null
    if (parts) return { route, params: decode(parts.groups ?? {}) }
  }
  return undefined
}

/** What is not properly encoded is taken as it stands, and names nothing. */
function decode(params: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    return { ...params }
  }
}

type Schemas = components['schemas']

/** The primary limit is announced and never enforced. */
function getRateLimit(_request: ApiRequest, world: World): Answer<Schemas['rate-limit-overview']> {
  const reset = Math.floor(world.access.now() / 1000) + 3600
  const limit = { limit: 5000, remaining: 5000, used: 0, reset }
  return ok({ resources: { core: limit, graphql: limit, search: { ...limit, limit: 30, remaining: 30 } }, rate: limit })
}

function getMeta(): Answer<Schemas['api-overview']> {
  return ok({ verifiable_password_authentication: false, hooks: ['127.0.0.1/32'] })
}
