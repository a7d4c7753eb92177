/**
 * Owns the GraphQL endpoint: the queries about a pull request's conversation and its files, and the mutations of
 * threads and comments. Parsing, validation and execution are the reference implementation's.
 */
import { buildSchema, execute, GraphQLError, parse, validate } from 'graphql'
import type { Actor, Demand } from './access.ts'
import type { GitObject } from './git.ts'
import { schemaText } from './graphql-schema.ts'
import { type Answer, type ApiRequest, authorOf, ok } from './http.ts'
import { findPull } from './lookup.ts'
import { filesOf } from './pulls.ts'
import { characters, longestBody, Refusal } from './refusals.ts'
import { visibleReviews } from './reviews.ts'
import {
  type IssueCommentRecord,
  nodeId,
  type PullRecord,
  type ReviewCommentRecord,
  type ReviewRecord,
  type ThreadRecord,
} from './state.ts'
import { associationOf, isBot } from './users.ts'
import { htmlRoot, isFromFork, reaches, timestamp, toRevision, type World } from './world.ts'

const schema = buildSchema(schemaText)

/** A query about one repository sees no more than its bytes of text allow. */
interface Viewer {
  readonly actor: Actor
  readonly login: string
  textBytes: number
}

class QueryError extends GraphQLError {
  constructor(type: string, message: string) {
    super(message, { extensions: { type } })
  }
}

const unresolved = (what: string, id: string) =>
  new QueryError('NOT_FOUND', `Could not resolve to a ${what} with the global id of '${id}'.`)

export async function queryGraphql(request: ApiRequest, world: World): Promise<Answer> {
  const body = (request.body ?? {}) as { query?: unknown; variables?: Record<string, unknown>; operationName?: string }
  if (typeof body.query !== 'string')
    throw new Refusal(400, 'A query attribute must be specified and must be a string.')
  const viewer: Viewer = { actor: request.actor, login: authorOf(request), textBytes: 0 }
  let document: ReturnType<typeof parse>
  try {
    document = parse(body.query)
  } catch (error) {
    return ok({ errors: [toError(error as GraphQLError)] })
  }
  const faults = validate(schema, document)
  if (faults.length > 0) return ok({ errors: faults.map(toError) })
  const { data, errors } = await execute({
    schema,
    document,
    rootValue: rootOf(world, viewer),
    variableValues: body.variables ?? {},
    ...(body.operationName ? { operationName: body.operationName } : {}),
  })
  if (viewer.textBytes > world.limits.graphqlText) {
    throw new Refusal(502, "We couldn't respond to your request in time. Sorry about that.")
  }
  return ok({ ...(data === undefined ? {} : { data }), ...(errors ? { errors: errors.map(toError) } : {}) })
}

function toError({ message, path, locations, extensions }: GraphQLError) {
  const { type } = extensions
  return { ...(type ? { type } : {}), ...(path ? { path } : {}), locations, message }
}

function demand(world: World, { actor }: Viewer, ...demands: Demand[]): void {
  try {
    world.access.demand(actor, demands)
  } catch (error) {
    throw new QueryError('FORBIDDEN', (error as Error).message)
  }
}

function rootOf(world: World, viewer: Viewer) {
  return {
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const asked = `${owner}/${name}`
      const found = world.site.find((one) => reaches(viewer.actor, one) && isNamed(one, asked))
      if (found) return repositoryOf(found, viewer)
      throw new QueryError('NOT_FOUND', `Could not resolve to a Repository with the name '${asked}'.`)
    },
    viewer: () => ({ ...actorOf(world, viewer.login), __typename: 'User', login: viewer.login }),
    rateLimit: () => ({ cost: 1, limit: 5000, remaining: 5000, used: 0, resetAt: world.repository.createdAt }),
    ...mutationsOf(world, viewer),
  }
}

function isNamed({ repository }: World, asked: string): boolean {
  const names = [`${repository.owner}/${repository.name}`, ...repository.formerNames]
  return names.some((one) => one.toLowerCase() === asked.toLowerCase())
}

function repositoryOf(world: World, viewer: Viewer) {
  const { id, owner, name, defaultBranch } = world.repository
  return {
    id: nodeId('repository', id),
    databaseId: id,
    name,
    nameWithOwner: `${owner}/${name}`,
    isArchived: world.repository.archived,
    isPrivate: world.repository.private,
    url: htmlRoot(world),
    defaultBranchRef: () => ({ name: defaultBranch, target: () => objectOf(world, viewer, defaultBranch) }),
    object: ({ expression, oid }: { expression?: string; oid?: string }) => objectOf(world, viewer, oid ?? expression),
    pullRequest: ({ number }: { number: number }) => {
      demand(world, viewer, 'pull_requests: read')
      try {
        return pullOf(world, viewer, findPull(world, number))
      } catch {
        throw new QueryError('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`)
      }
    },
  }
}

async function objectOf(world: World, viewer: Viewer, expression: string | undefined) {
  demand(world, viewer, 'contents: read')
  if (!expression) throw new QueryError('NOT_FOUND', 'An object needs an expression or an oid.')
  const colon = expression.indexOf(':')
  const revision = toRevision(world, colon < 0 ? expression : expression.slice(0, colon))
  const object = await world.code.object(colon < 0 ? revision : revision + expression.slice(colon))
  return object && gitObjectOf(world, viewer, object)
}

function gitObjectOf(world: World, viewer: Viewer, object: GitObject) {
  const { sha } = object
  const common = { oid: sha, abbreviatedOid: sha.slice(0, 7) }
  switch (object.type) {
    case 'blob':
      return { ...common, __typename: 'Blob', id: nodeId('blob', sha), ...textOf(world, viewer, object.content) }
    case 'tree':
      return { ...common, __typename: 'Tree', id: nodeId('tree', sha), entries: () => entriesOf(world, viewer, sha) }
    default:
      return commitOf(world, viewer, sha)
  }
}

function textOf(world: World, viewer: Viewer, content: Buffer) {
  const isBinary = content.subarray(0, 8000).includes(0)
  const limit = world.limits.blobText
  return {
    byteSize: content.length,
    isBinary,
    isTruncated: content.length > limit,
    text: () => {
      if (isBinary) return null
      viewer.textBytes += Math.min(content.length, limit)
      return content.toString('utf8', 0, limit)
    },
  }
}

async function entriesOf(world: World, viewer: Viewer, sha: string) {
  const tree = await world.code.tree(sha, false)
  return tree?.entries.map((entry) => ({
    mode: Number.parseInt(entry.mode, 8),
    name: entry.path,
    path: entry.path,
    type: entry.type,
    size: entry.size ?? 0,
    oid: entry.sha,
    object: () => objectOf(world, viewer, entry.sha),
  }))
}

async function commitOf(world: World, viewer: Viewer, revision: string) {
  const commit = await world.code.commit(revision)
  return (
    commit && {
      __typename: 'Commit',
      id: nodeId('commit', commit.sha),
      oid: commit.sha,
      abbreviatedOid: commit.sha.slice(0, 7),
      message: commit.message,
      committedDate: commit.committer.date,
      tree: () => objectOf(world, viewer, commit.tree),
    }
  )
}

/** GraphQL leaves the `[bot]` off that REST puts behind a bot's login. */
function actorOf(world: World, login: string) {
  const id = world.state.idOf('user', login)
  const name = isBot(login) ? login.slice(0, -'[bot]'.length) : login
  return {
    __typename: isBot(login) ? 'Bot' : 'User',
    id: nodeId('user', id),
    databaseId: id,
    login: name,
    url: isBot(login) ? `https://github.com/apps/${name}` : `https://github.com/${name}`,
  }
}

function pullOf(world: World, viewer: Viewer, pull: PullRecord) {
  const { state } = world
  return {
    id: nodeId('pull', pull.id),
    fullDatabaseId: String(pull.id),
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    url: `${htmlRoot(world)}/pull/${pull.number}`,
    state: pull.merged ? 'MERGED' : pull.state.toUpperCase(),
    isDraft: pull.draft,
    locked: pull.locked,
    closed: pull.state === 'closed',
    merged: pull.merged,
    isCrossRepository: isFromFork(world, pull),
    author: actorOf(world, pull.user),
    authorAssociation: associationOf(world, pull.user),
    baseRefName: pull.base.ref,
    baseRefOid: pull.base.sha,
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    changedFiles: async () => (await filesOf(world, pull)).length,
    labels: (range: Range) =>
      connection(
        'labels',
        range,
        pull.labels.map((name) => ({ name })),
      ),
    comments: (range: Range) => {
      const comments = state.issueComments.filter((comment) => comment.issue_number === pull.number)
      return connection(
        'comments',
        range,
        comments.map((comment) => issueCommentOf(world, viewer, comment)),
      )
    },
    reviews: ({ states, ...range }: Range & { states?: string[] }) => {
      const reviews = visibleReviews(world, pull, viewer.login).filter((one) => states?.includes(one.state) ?? true)
      return connection(
        'reviews',
        range,
        reviews.map((review) => reviewOf(world, viewer, review)),
      )
    },
    reviewThreads: (range: Range) => {
      const visible = new Set(visibleReviews(world, pull, viewer.login).map((review) => review.id))
      const threads = state
        .threadsOf(pull.number)
        .filter((thread) => state.commentsOf(thread).some((one) => visible.has(one.pull_request_review_id)))
      return connection(
        'reviewThreads',
        range,
        threads.map((thread) => threadOf(world, viewer, thread)),
      )
    },
  }
}

const commentOf = (world: World, viewer: Viewer, comment: IssueCommentRecord | ReviewCommentRecord) => ({
  databaseId: comment.id,
  fullDatabaseId: String(comment.id),
  author: actorOf(world, comment.user),
  authorAssociation: associationOf(world, comment.user),
  body: comment.body,
  createdAt: comment.created_at,
  updatedAt: comment.updated_at,
  isMinimized: comment.minimized !== null,
  minimizedReason: comment.minimized,
  viewerDidAuthor: comment.user === viewer.login,
})

const issueCommentOf = (world: World, viewer: Viewer, comment: IssueCommentRecord) => ({
  __typename: 'IssueComment',
  id: nodeId('issue_comment', comment.id),
  ...commentOf(world, viewer, comment),
  url: `${htmlRoot(world)}/pull/${comment.issue_number}#issuecomment-${comment.id}`,
})

const reviewOf = (world: World, viewer: Viewer, review: ReviewRecord) => ({
  id: nodeId('review', review.id),
  databaseId: review.id,
  fullDatabaseId: String(review.id),
  author: actorOf(world, review.user),
  authorAssociation: associationOf(world, review.user),
  body: review.body,
  commit: () => commitOf(world, viewer, review.commit_id),
  state: review.state,
  submittedAt: review.submitted_at,
  url: `${htmlRoot(world)}/pull/${review.pull_number}#pullrequestreview-${review.id}`,
  viewerDidAuthor: review.user === viewer.login,
})

function threadOf(world: World, viewer: Viewer, thread: ThreadRecord) {
  const comments = world.state.commentsOf(thread)
  const first = comments[0]!
  return {
    id: nodeId('thread', thread.id),
    diffSide: first.side,
    isOutdated: isOutdated(first),
    isResolved: thread.resolved_by !== null,
    line: first.line,
    originalLine: first.original_line,
    originalStartLine: first.original_start_line,
    path: first.path,
    resolvedBy: thread.resolved_by && actorOf(world, thread.resolved_by),
    startDiffSide: first.start_side,
    startLine: first.start_line,
    subjectType: first.subject_type.toUpperCase(),
    viewerCanReply: true,
    viewerCanResolve: thread.resolved_by === null && mayResolve(world, viewer, thread),
    viewerCanUnresolve: thread.resolved_by !== null && mayResolve(world, viewer, thread),
    comments: (range: Range) =>
      connection(
        'comments',
        range,
        comments.map((comment) => reviewCommentOf(world, viewer, comment)),
      ),
  }
}

const isOutdated = (comment: ReviewCommentRecord): boolean => comment.subject_type === 'line' && comment.line === null

/** People may who can push, and the author of the pull request; an App needs to be able to push: write on contents. */
function mayResolve(world: World, { actor, login }: Viewer, { pull_number }: ThreadRecord): boolean {
  if (actor.kind === 'user' && findPull(world, pull_number).user === login) return true
  try {
    world.access.demand(actor, ['contents: write'])
    return true
  } catch {
    return false
  }
}

function reviewCommentOf(world: World, viewer: Viewer, comment: ReviewCommentRecord): object {
  const root = world.state.reviewComments.find((other) => other.id === comment.in_reply_to_id)
  return {
    __typename: 'PullRequestReviewComment',
    id: nodeId('review_comment', comment.id),
    ...commentOf(world, viewer, comment),
    commit: () => commitOf(world, viewer, comment.commit_id),
    diffHunk: comment.diff_hunk,
    line: comment.line,
    originalCommit: () => commitOf(world, viewer, comment.original_commit_id),
    originalLine: comment.original_line,
    originalStartLine: comment.original_start_line,
    outdated: isOutdated(comment),
    path: comment.path,
    replyTo: () => root && reviewCommentOf(world, viewer, root),
    startLine: comment.start_line,
    url: `${htmlRoot(world)}/pull/${comment.pull_number}#discussion_r${comment.id}`,
  }
}

interface Range {
  readonly first?: number | null
  readonly last?: number | null
  readonly after?: string | null
  readonly before?: string | null
}

/** @throws QueryError without `first` or `last`, or with more than 100, as GitHub does. */
function connection<Node>(name: string, { first, last, after, before }: Range, all: readonly Node[]) {
  const size = first ?? last ?? undefined
  if (size === undefined) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`
    throw new QueryError('MISSING_PAGINATION_BOUNDARIES', message)
  }
  if (size < 0 || size > 100) {
    const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`
    throw new QueryError('EXCESSIVE_PAGINATION', message)
  }
  const from = after ? indexOf(after) + 1 : 0
  const to = before ? indexOf(before) : all.length
  const isForward = typeof first === 'number'
  const start = isForward ? from : Math.max(from, to - size)
  const end = isForward ? Math.min(to, from + size) : to
  const nodes = all.slice(start, end)
  return {
    nodes,
    totalCount: all.length,
    pageInfo: {
      startCursor: nodes.length > 0 ? cursorOf(start) : null,
      endCursor: nodes.length > 0 ? cursorOf(end - 1) : null,
      hasNextPage: end < all.length,
      hasPreviousPage: start > 0,
    },
  }
}

const cursorOf = (index: number): string => Buffer.from(`cursor:${index}`).toString('base64')

function indexOf(cursor: string): number {
  const [, index] = /^cursor:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? []
  if (index === undefined) {
    throw new QueryError('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`)
  }
  return Number(index)
}

function mutationsOf(world: World, viewer: Viewer) {
  const { state } = world
  const findThread = (id: string): ThreadRecord => {
    const thread = state.reviewComments.find((comment) => nodeId('thread', comment.thread.id) === id)?.thread
    if (!thread) throw unresolved('PullRequestReviewThread', id)
    return thread
  }
  const settle = (id: string, by: string | null) => {
    const thread = findThread(id)
    if (!mayResolve(world, viewer, thread)) demand(world, viewer, 'contents: write')
    thread.resolved_by = by
    return threadOf(world, viewer, thread)
  }
  const minimize = (id: string, reason: string | null) => {
    const comment = state.reviewComments.find((one) => nodeId('review_comment', one.id) === id)
    const issueComment = state.issueComments.find((one) => nodeId('issue_comment', one.id) === id)
    if (!comment && !issueComment) throw unresolved('node', id)
    demand(world, viewer, 'pull_requests: write')
    const target = (comment ?? issueComment)!
    target.minimized = reason
    return comment ? reviewCommentOf(world, viewer, comment) : issueCommentOf(world, viewer, issueComment!)
  }
  return {
    resolveReviewThread: ({ input }: Input<{ threadId: string }>) => ({
      clientMutationId: input.clientMutationId,
      thread: settle(input.threadId, viewer.login),
    }),
    unresolveReviewThread: ({ input }: Input<{ threadId: string }>) => ({
      clientMutationId: input.clientMutationId,
      thread: settle(input.threadId, null),
    }),
    minimizeComment: ({ input }: Input<{ subjectId: string; classifier: string }>) => ({
      clientMutationId: input.clientMutationId,
      minimizedComment: minimize(input.subjectId, input.classifier.toLowerCase().replace('_', '-')),
    }),
    unminimizeComment: ({ input }: Input<{ subjectId: string }>) => ({
      clientMutationId: input.clientMutationId,
      unminimizedComment: minimize(input.subjectId, null),
    }),
    updatePullRequestReviewComment: ({ input }: Input<{ pullRequestReviewCommentId: string; body: string }>) => {
      const { pullRequestReviewCommentId: id, body } = input
      const comment = state.reviewComments.find((one) => nodeId('review_comment', one.id) === id)
      if (!comment) throw unresolved('PullRequestReviewComment', id)
      demand(world, viewer, 'pull_requests: write')
      if (comment.user !== viewer.login) throw new QueryError('FORBIDDEN', 'The comment is not yours to edit.')
      if (body.trim() === '' || characters(body) > longestBody) throw new QueryError('UNPROCESSABLE', 'Body is invalid')
      comment.body = body
      comment.updated_at = timestamp(world)
      return {
        clientMutationId: input.clientMutationId,
        pullRequestReviewComment: reviewCommentOf(world, viewer, comment),
      }
    },
    deletePullRequestReviewComment: ({ input }: Input<{ id: string }>) => {
      const comment = state.reviewComments.find((one) => nodeId('review_comment', one.id) === input.id)
      if (!comment) throw unresolved('PullRequestReviewComment', input.id)
      demand(world, viewer, 'pull_requests: write')
      state.remove(state.reviewComments, comment)
      return {
        clientMutationId: input.clientMutationId,
        pullRequestReviewComment: reviewCommentOf(world, viewer, comment),
      }
    },
  }
}

interface Input<Fields> {
  readonly input: Fields & { readonly clientMutationId?: string }
}
