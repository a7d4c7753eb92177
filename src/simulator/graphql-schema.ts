/** Owns the part of GitHub's GraphQL schema that the simulator knows, in GitHub's own names. */

export const schemaText = /* GraphQL */ `
  scalar DateTime
  scalar GitObjectID
  scalar URI

  type Query {
    repository(owner: String!, name: String!, followRenames: Boolean): Repository
    viewer: User!
    rateLimit(dryRun: Boolean): RateLimit
  }

  type Mutation {
    resolveReviewThread(input: ResolveReviewThreadInput!): ResolveReviewThreadPayload
    unresolveReviewThread(input: UnresolveReviewThreadInput!): UnresolveReviewThreadPayload
    minimizeComment(input: MinimizeCommentInput!): MinimizeCommentPayload
    unminimizeComment(input: UnminimizeCommentInput!): UnminimizeCommentPayload
    updatePullRequestReviewComment(input: UpdatePullRequestReviewCommentInput!): UpdatePullRequestReviewCommentPayload
    deletePullRequestReviewComment(input: DeletePullRequestReviewCommentInput!): DeletePullRequestReviewCommentPayload
  }

  type RateLimit {
    cost: Int!
    limit: Int!
    remaining: Int!
    resetAt: DateTime!
    used: Int!
  }

  interface Actor {
    login: String!
    url: URI!
  }

  type Bot implements Actor {
    id: ID!
    databaseId: Int
    login: String!
    url: URI!
  }

  type User implements Actor {
    id: ID!
    databaseId: Int
    login: String!
    url: URI!
  }

  type PageInfo {
    endCursor: String
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
  }

  type Repository {
    id: ID!
    databaseId: Int
    name: String!
    nameWithOwner: String!
    isArchived: Boolean!
    isPrivate: Boolean!
    url: URI!
    defaultBranchRef: Ref
    object(expression: String, oid: GitObjectID): GitObject
    pullRequest(number: Int!): PullRequest
  }

  type Ref {
    name: String!
    target: GitObject
  }

  interface GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
  }

  type Commit implements GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    message: String!
    committedDate: DateTime!
    tree: Tree!
  }

  type Tree implements GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    entries: [TreeEntry!]
  }

  type TreeEntry {
    mode: Int!
    name: String!
    path: String
    type: String!
    size: Int!
    oid: GitObjectID!
    object: GitObject
  }

  type Blob implements GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    byteSize: Int!
    isBinary: Boolean
    isTruncated: Boolean!
    text: String
  }

  enum PullRequestState {
    OPEN
    CLOSED
    MERGED
  }

  type PullRequest {
    id: ID!
    fullDatabaseId: String
    number: Int!
    title: String!
    body: String!
    url: URI!
    state: PullRequestState!
    isDraft: Boolean!
    locked: Boolean!
    closed: Boolean!
    merged: Boolean!
    isCrossRepository: Boolean!
    author: Actor
    authorAssociation: CommentAuthorAssociation!
    baseRefName: String!
    baseRefOid: GitObjectID!
    headRefName: String!
    headRefOid: GitObjectID!
    changedFiles: Int!
    labels(first: Int, last: Int, after: String, before: String): LabelConnection
    comments(first: Int, last: Int, after: String, before: String): IssueCommentConnection!
    reviews(
      first: Int
      last: Int
      after: String
      before: String
      states: [PullRequestReviewState!]
    ): PullRequestReviewConnection
    reviewThreads(first: Int, last: Int, after: String, before: String): PullRequestReviewThreadConnection!
  }

  enum CommentAuthorAssociation {
    COLLABORATOR
    CONTRIBUTOR
    FIRST_TIMER
    FIRST_TIME_CONTRIBUTOR
    MANNEQUIN
    MEMBER
    NONE
    OWNER
  }

  type LabelConnection {
    nodes: [Label]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type Label {
    name: String!
  }

  interface Minimizable {
    isMinimized: Boolean!
    minimizedReason: String
  }

  type IssueCommentConnection {
    nodes: [IssueComment]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type IssueComment implements Minimizable {
    id: ID!
    databaseId: Int
    fullDatabaseId: String
    author: Actor
    authorAssociation: CommentAuthorAssociation!
    body: String!
    createdAt: DateTime!
    updatedAt: DateTime!
    isMinimized: Boolean!
    minimizedReason: String
    url: URI!
    viewerDidAuthor: Boolean!
  }

  enum PullRequestReviewState {
    PENDING
    COMMENTED
    APPROVED
    CHANGES_REQUESTED
    DISMISSED
  }

  type PullRequestReviewConnection {
    nodes: [PullRequestReview]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type PullRequestReview {
    id: ID!
    databaseId: Int
    fullDatabaseId: String
    author: Actor
    authorAssociation: CommentAuthorAssociation!
    body: String!
    commit: Commit
    state: PullRequestReviewState!
    submittedAt: DateTime
    url: URI!
    viewerDidAuthor: Boolean!
  }

  enum DiffSide {
    LEFT
    RIGHT
  }

  enum PullRequestReviewThreadSubjectType {
    FILE
    LINE
  }

  type PullRequestReviewThreadConnection {
    nodes: [PullRequestReviewThread]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type PullRequestReviewThread {
    id: ID!
    diffSide: DiffSide!
    isOutdated: Boolean!
    isResolved: Boolean!
    line: Int
    originalLine: Int
    originalStartLine: Int
    path: String!
    resolvedBy: User
    startDiffSide: DiffSide
    startLine: Int
    subjectType: PullRequestReviewThreadSubjectType!
    viewerCanReply: Boolean!
    viewerCanResolve: Boolean!
    viewerCanUnresolve: Boolean!
    comments(first: Int, last: Int, after: String, before: String): PullRequestReviewCommentConnection!
  }

  type PullRequestReviewCommentConnection {
    nodes: [PullRequestReviewComment]
    pageInfo: PageInfo!
    totalCount: Int!
  }

  type PullRequestReviewComment implements Minimizable {
    id: ID!
    databaseId: Int
    fullDatabaseId: String
    author: Actor
    authorAssociation: CommentAuthorAssociation!
    body: String!
    commit: Commit
    createdAt: DateTime!
    updatedAt: DateTime!
    diffHunk: String!
    isMinimized: Boolean!
    minimizedReason: String
    line: Int
    originalCommit: Commit
    originalLine: Int
    originalStartLine: Int
    outdated: Boolean!
    path: String!
    replyTo: PullRequestReviewComment
    startLine: Int
    url: URI!
    viewerDidAuthor: Boolean!
  }

  input ResolveReviewThreadInput {
    clientMutationId: String
    threadId: ID!
  }

  type ResolveReviewThreadPayload {
    clientMutationId: String
    thread: PullRequestReviewThread
  }

  input UnresolveReviewThreadInput {
    clientMutationId: String
    threadId: ID!
  }

  type UnresolveReviewThreadPayload {
    clientMutationId: String
    thread: PullRequestReviewThread
  }

  enum ReportedContentClassifiers {
    ABUSE
    DUPLICATE
    LOW_QUALITY
    OFF_TOPIC
    OUTDATED
    RESOLVED
    SPAM
  }

  input MinimizeCommentInput {
    clientMutationId: String
    classifier: ReportedContentClassifiers!
    subjectId: ID!
  }

  type MinimizeCommentPayload {
    clientMutationId: String
    minimizedComment: Minimizable
  }

  input UnminimizeCommentInput {
    clientMutationId: String
    subjectId: ID!
  }

  type UnminimizeCommentPayload {
    clientMutationId: String
    unminimizedComment: Minimizable
  }

  input UpdatePullRequestReviewCommentInput {
    body: String!
    clientMutationId: String
    pullRequestReviewCommentId: ID!
  }

  type UpdatePullRequestReviewCommentPayload {
    clientMutationId: String
    pullRequestReviewComment: PullRequestReviewComment
  }

  input DeletePullRequestReviewCommentInput {
    clientMutationId: String
    id: ID!
  }

  type DeletePullRequestReviewCommentPayload {
    clientMutationId: String
    pullRequestReviewComment: PullRequestReviewComment
  }
`
