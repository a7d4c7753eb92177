/** Owns what is known of a pull request before its code is read: its state, its commits, and what we said on it before. */
import type { Marker } from '../review/marker.ts'
import { parseMarker } from '../review/marker.ts'
import type { PostedComment } from '../review/review-plan.ts'
import { GitHubFailure } from './failure.ts'
import { ask, type Octokit, type PullRequestName, type RepositoryName } from './octokit.ts'
import { type PullRequestAnswer, pullRequestQuery, type ThreadNode } from './queries.ts'

export interface PullRequest {
  /** Under the names that hold now: the repository may have been renamed since the webhook. */
  readonly name: PullRequestName
  readonly repositoryUrl: string
  readonly isOpen: boolean
  readonly isDraft: boolean
  /** Whether only people with write access may comment. */
  readonly isLocked: boolean
  /** Whether the repository takes no change at all. */
  readonly isArchived: boolean
  /** The login as REST and people write it, a bot's with its `[bot]`; undefined when the account is gone. */
  readonly author?: string
  readonly isByBot: boolean
  readonly labels: readonly string[]
  /** The name of the branch that it is made to. */
  readonly baseBranch: string
  readonly base: string
  readonly head: string
  /** How many files it changes in all. */
  readonly changedFiles: number
  readonly previous: readonly PostedComment[]
  readonly previousReviews: readonly Marker[]
}

/**
 * Reads a pull request of the repository with this id. Only words of ours count, whatever marker other people's hold.
 * @throws GitHubFailure, `gone` also when the name now belongs to another repository.
 */
export async function readPullRequest(
  octokit: Octokit,
  repository: RepositoryName & { readonly id: number },
  number: number,
): Promise<PullRequest> {
  const previous: PostedComment[] = []
  const previousReviews: Marker[] = []
  let threads: string | null = null
  let reviews: string | null = null
  for (;;) {
    const variables = { owner: repository.owner, name: repository.repo, number, threads, reviews }
    const answer: PullRequestAnswer = await ask<PullRequestAnswer>(octokit, pullRequestQuery, variables)
    const pull = answer.repository?.pullRequest
    if (!answer.repository || !pull || answer.repository.databaseId !== repository.id) {
      throw new GitHubFailure({ kind: 'gone' }, `pull request ${number} of repository ${repository.id} is gone`)
    }
    previous.push(...pull.reviewThreads.nodes.flatMap(toPostedComment))
    previousReviews.push(...pull.reviews.nodes.flatMap((review) => markersOf(review)))
    if (!pull.reviewThreads.pageInfo.hasNextPage && !pull.reviews.pageInfo.hasNextPage) {
      const [owner, repo] = answer.repository.nameWithOwner.split('/') as [string, string]
      return {
        name: { owner, repo, pull_number: number },
        repositoryUrl: answer.repository.url,
        isOpen: pull.state === 'OPEN',
        isDraft: pull.isDraft,
        isLocked: pull.locked,
        isArchived: answer.repository.isArchived,
        author: pull.author ? loginOf(pull.author) : undefined,
        isByBot: pull.author?.__typename === 'Bot',
        labels: (pull.labels?.nodes ?? []).map(({ name }) => name),
        baseBranch: pull.baseRefName,
        base: pull.baseRefOid,
        head: pull.headRefOid,
        changedFiles: pull.changedFiles,
        previous,
        previousReviews,
      }
    }
    threads = pull.reviewThreads.pageInfo.endCursor ?? threads
    reviews = pull.reviews.pageInfo.endCursor ?? reviews
  }
}

const markersOf = ({ body, viewerDidAuthor }: { body: string; viewerDidAuthor: boolean }): Marker[] => {
  const marker = viewerDidAuthor ? parseMarker(body) : undefined
  return marker ? [marker] : []
}

/** GraphQL names bots without what REST and people put behind their names. */
const loginOf = ({ __typename, login }: { __typename: string; login: string }): string =>
  __typename === 'Bot' && !login.endsWith('[bot]') ? `${login}[bot]` : login

function toPostedComment({
  id: threadId,
  isResolved,
  viewerCanResolve,
  comments,
  answers,
}: ThreadNode): PostedComment[] {
  const first = comments.nodes[0]
  if (!first) return []
  return markersOf(first).map(({ fingerprints, rule, gone }) => ({
    fingerprints,
    rule,
    gone,
    number: numberOf(first.url),
    id: first.id,
    threadId,
    url: first.url,
    body: first.body,
    mayResolve: viewerCanResolve,
    isResolved,
    isMinimized: first.isMinimized,
    hasReply: answers.nodes.some(({ viewerDidAuthor, author }) => !viewerDidAuthor && author?.__typename !== 'Bot'),
  }))
}

/** From the address: `databaseId` is too small for the numbers of today, and older servers have no `fullDatabaseId`. */
const numberOf = (url: string): number => Number(/#discussion_r(\d+)$/.exec(url)?.[1] ?? Number.NaN)

/** The commit that is the head now, undefined when the pull request is no longer open. Asked just before something is posted. */
export async function readHead(octokit: Octokit, name: PullRequestName): Promise<string | undefined> {
  const { data } = await octokit.rest.pulls.get({ ...name })
  return data.state === 'open' ? data.head.sha : undefined
}

/** The open pull requests whose head is a commit; at most the thousand that were touched last are looked at. */
export async function readPullRequestsOfCommit(
  octokit: Octokit,
  repository: RepositoryName,
  sha: string,
): Promise<number[]> {
  const pages = octokit.paginate.iterator(octokit.rest.pulls.list, {
    owner: repository.owner,
    repo: repository.repo,
    state: 'open',
    sort: 'updated',
    direction: 'desc',
    per_page: 100,
  })
  const numbers: number[] = []
  let pagesLeft = 10
  for await (const { data } of pages) {
    numbers.push(...data.filter(({ head }) => head.sha === sha).map(({ number }) => number))
    if (--pagesLeft === 0) break
  }
  return numbers
}
