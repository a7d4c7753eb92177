/** Owns the GraphQL that is asked, with the shape of the answers. */

/** Our own words on a pull request, and the state it is in. Both cursors move; a list that has ended answers with an empty page. */
export const pullRequestQuery = `
  query ReadPullRequest($owner: String!, $name: String!, $number: Int!, $threads: String, $reviews: String) {
    repository(owner: $owner, name: $name) {
      databaseId
      nameWithOwner
      url
      isArchived
      pullRequest(number: $number) {
        state
        isDraft
        locked
        baseRefName
        baseRefOid
        headRefOid
        changedFiles
        author { __typename login }
        labels(first: 100) { nodes { name } }
        reviewThreads(first: 100, after: $threads) {
          pageInfo { hasNextPage endCursor }
          nodes {
            id
            isResolved
            viewerCanResolve
            comments(first: 1) { nodes { id body url isMinimized viewerDidAuthor } }
            answers: comments(last: 20) { nodes { viewerDidAuthor author { __typename } } }
          }
        }
        reviews(first: 100, after: $reviews) {
          pageInfo { hasNextPage endCursor }
          nodes { body viewerDidAuthor }
        }
      }
    }
  }
`

interface Page<Node> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly nodes: readonly Node[]
}

interface ActorNode {
  readonly __typename: string
  readonly login: string
}

export interface ThreadNode {
  readonly id: string
  readonly isResolved: boolean
  readonly viewerCanResolve: boolean
  readonly comments: {
    readonly nodes: readonly {
      readonly id: string
      readonly body: string
      readonly url: string
      readonly isMinimized: boolean
      readonly viewerDidAuthor: boolean
    }[]
  }
  readonly answers: {
    readonly nodes: readonly {
      readonly viewerDidAuthor: boolean
      /** Null when the account is gone. */
      readonly author: { readonly __typename: string } | null
    }[]
  }
}

export interface PullRequestAnswer {
  readonly repository: {
    readonly databaseId: number
    readonly nameWithOwner: string
    readonly url: string
    readonly isArchived: boolean
    readonly pullRequest: {
      readonly state: 'OPEN' | 'CLOSED' | 'MERGED'
      readonly isDraft: boolean
      readonly locked: boolean
      readonly baseRefName: string
      readonly baseRefOid: string
      readonly headRefOid: string
      readonly changedFiles: number
      readonly author: ActorNode | null
      readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null
      readonly reviewThreads: Page<ThreadNode>
      readonly reviews: Page<{ readonly body: string; readonly viewerDidAuthor: boolean }>
    } | null
  } | null
}

/** Asks for `count` blobs by what git calls a revision: a blob's own name, or `<commit>:<path>`. The variables are `e0`, `e1`, … */
export function blobsQuery(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index)
  return `
    query ReadBlobs($owner: String!, $name: String!, ${numbers.map((n) => `$e${n}: String!`).join(', ')}) {
      repository(owner: $owner, name: $name) {
        ${numbers.map((n) => `b${n}: object(expression: $e${n}) { ...blob }`).join('\n        ')}
      }
    }
    fragment blob on Blob { oid byteSize isBinary isTruncated text }
  `
}

/** Empty for an object that is no blob. */
export interface BlobNode {
  readonly oid?: string
  readonly byteSize?: number
  readonly isBinary?: boolean | null
  readonly isTruncated?: boolean
  readonly text?: string | null
}

export interface BlobsAnswer {
  /** `b0`, `b1`, … */
  readonly repository: Readonly<Record<string, BlobNode | null>> | null
}

/** Asks for several mutations at once, of one input each. The variables are `i0`, `i1`, …, the answers `m0`, `m1`, … */
export function mutationsQuery(names: readonly Mutation[]): string {
  const inputs = names.map((name, n) => `$i${n}: ${name[0]!.toUpperCase()}${name.slice(1)}Input!`)
  const mutations = names.map((name, n) => `m${n}: ${name}(input: $i${n}) { clientMutationId }`)
  return `mutation SettleComments(${inputs.join(', ')}) {\n  ${mutations.join('\n  ')}\n}`
}

export type Mutation =
  | 'updatePullRequestReviewComment'
  | 'deletePullRequestReviewComment'
  | 'minimizeComment'
  | 'resolveReviewThread'
