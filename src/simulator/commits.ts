/** Owns how commits and comparisons of commits are shown. */
import type { components } from '@octokit/openapi-types'
import { type Answer, type ApiRequest, ok, page, type RawAnswer } from './http.ts'
import { pullOf } from './lookup.ts'
import { commitsOf, toFile, toPullSimple } from './pulls.ts'
import { notFound, Refusal } from './refusals.ts'
import type { Commit } from './repository.ts'
import { nodeId } from './state.ts'
import { apiRoot, htmlRoot, toRevision, type World } from './world.ts'

type Schemas = components['schemas']

/** Files of a comparison or a commit: https://docs.github.com/en/rest/commits/commits#compare-two-commits */
const mostFiles = 300
/** Commits of a pull request that are listed: https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request */
const mostCommits = 250

function toCommit(world: World, commit: Commit): Schemas['commit'] {
  const url = `${apiRoot(world)}/commits/${commit.sha}`
  const git = `${apiRoot(world)}/git`
  return {
    sha: commit.sha,
    node_id: nodeId('commit', commit.sha),
    url,
    html_url: `${htmlRoot(world)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${git}/commits/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${git}/trees/${commit.tree}` },
    },
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${apiRoot(world)}/commits/${sha}`,
      html_url: `${htmlRoot(world)}/commit/${sha}`,
    })),
  }
}

/** @throws Refusal in the way of the commits API, where an unknown reference is a 422. */
async function findCommit(world: World, ref: string): Promise<Commit> {
  const commit = await world.code.commit(toRevision(world, ref))
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${ref}`)
  return commit
}

export async function getCommit(request: ApiRequest, world: World): Promise<Answer<Schemas['commit']> | RawAnswer> {
  const commit = await findCommit(world, request.params.ref!)
  if (request.headers.accept?.includes('application/vnd.github.sha')) {
    return { status: 200, raw: Buffer.from(commit.sha), headers: { 'content-type': 'application/vnd.github.sha' } }
  }
  const files = await world.code.diff(commit.parents[0], commit.sha)
  const additions = files.reduce((sum, file) => sum + file.additions, 0)
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
  return ok({
    ...toCommit(world, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.slice(0, mostFiles).map((file) => toFile(world, file, commit.sha)),
  })
}

async function toCommits(world: World, shas: readonly string[]): Promise<Schemas['commit'][]> {
  return Promise.all(shas.map(async (sha) => toCommit(world, (await world.code.commit(sha))!)))
}

export async function listPullCommits(request: ApiRequest, world: World): Promise<Answer<Schemas['commit'][]>> {
  const commits = await commitsOf(world, pullOf(request, world))
  const { body, headers } = page(request, commits.slice(0, mostCommits))
  return { ...ok(await toCommits(world, body!)), headers }
}

/** The pull requests that a commit belongs to. */
export async function listPullsOfCommit(
  request: ApiRequest,
  world: World,
): Promise<Answer<Schemas['pull-request-simple'][]>> {
  const { sha } = await findCommit(world, request.params.ref!)
  const belongs = await Promise.all(world.state.pulls.map(async (pull) => (await commitsOf(world, pull)).includes(sha)))
  const { body, headers } = page(
    request,
    world.state.pulls.filter((_, index) => belongs[index]),
  )
  return { ...ok(body!.map((pull) => toPullSimple(world, pull))), headers }
}

/** `base...head`: what head has since it parted from base. The files come with the first page only and have no pages. */
export async function compare(request: ApiRequest, world: World): Promise<Answer<Schemas['commit-comparison']>> {
  const [base, head] = await Promise.all(
    request.params.basehead!.split('...').map((ref) => world.code.commit(toRevision(world, ref))),
  )
  const mergeBase = base && head && (await world.code.mergeBase(base.sha, head.sha))
  if (!mergeBase) throw notFound()
  const ahead = await world.code.commitsBetween(base.sha, head.sha)
  const behind = await world.code.commitsBetween(head.sha, base.sha)
  const [baseCommit, mergeBaseCommit] = await toCommits(world, [base.sha, mergeBase])
  const isFirstPage = (request.url.searchParams.get('page') ?? '1') === '1'
  const files = isFirstPage ? (await world.code.diff(mergeBase, head.sha)).slice(0, mostFiles) : []
  const { body, headers } = page(request, ahead, 100)
  const html = `${htmlRoot(world)}/compare/${base.sha}...${head.sha}`
  return {
    status: 200,
    headers,
    body: {
      url: `${apiRoot(world)}/compare/${base.sha}...${head.sha}`,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: baseCommit!,
      merge_base_commit: mergeBaseCommit!,
      status: statusOf(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: await toCommits(world, body!),
      ...(isFirstPage ? { files: files.map((file) => toFile(world, file, head.sha)) } : {}),
    },
  }
}

function statusOf(ahead: number, behind: number): Schemas['commit-comparison']['status'] {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead'
  return behind > 0 ? 'behind' : 'identical'
}
