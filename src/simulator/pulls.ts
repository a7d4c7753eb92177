/** Owns pull requests: opening them, pushing to them, and how they and their files are shown. */
import type { components } from '@octokit/openapi-types'
import { moveComments } from './anchors.ts'
import type { FileDiff } from './diff.ts'
import { type Answer, type ApiRequest, ok, page } from './http.ts'
import { findPull, pullOf } from './lookup.ts'
import { toRepository } from './repositories.ts'
import { nodeId, type PullRecord } from './state.ts'
import { associationOf, toUser } from './users.ts'
import { apiRoot, encodePath, htmlRoot, isFromFork, timestamp, type World } from './world.ts'

type Schemas = components['schemas']

export interface NewPull {
  /** A branch, tag or SHA of the git directory. */
  readonly base: string
  readonly head: string
  readonly title?: string
  readonly body?: string
  readonly draft?: boolean
  /** The login of the author; by default the owner of the repository, or of the fork. */
  readonly author?: string
  /** The login of the fork's owner, for a pull request from a fork. */
  readonly fromFork?: string
  readonly labels?: readonly string[]
}

/** @throws when a side names no commit, or when the two have no history in common. */
export async function openPull(world: World, wanted: NewPull): Promise<PullRecord> {
  const base = await resolveCommit(world, wanted.base)
  const head = await resolveCommit(world, wanted.head)
  if (!(await world.code.mergeBase(base, head))) {
    throw new Error(`${wanted.base} and ${wanted.head} have no history in common`)
  }
  const owner = wanted.fromFork ?? world.repository.owner
  const id = world.state.nextId()
  const now = timestamp(world)
  const pull: PullRecord = {
    id,
    number: world.state.pulls.length + 1,
    user: wanted.author ?? owner,
    title: wanted.title ?? (await world.code.commit(head))!.message.split('\n')[0]!,
    body: wanted.body ?? null,
    state: 'open',
    draft: wanted.draft ?? false,
    locked: false,
    merged: false,
    labels: wanted.labels ?? [],
    base: { ref: await branchOf(world, wanted.base, world.repository.defaultBranch), sha: base },
    head: { ref: await branchOf(world, wanted.head, `change-${head.slice(0, 7)}`), sha: head, owner },
    created_at: now,
    updated_at: now,
    closed_at: null,
  }
  world.state.pulls.push(pull)
  return pull
}

/** The revision itself when it is a branch; a side that is given as a SHA or in another way gets a branch's name. */
async function branchOf(world: World, revision: string, otherwise: string): Promise<string> {
  const isName = !/[~^:]|@\{|\.\./.test(revision)
  return isName && (await world.code.object(`refs/heads/${revision}`)) ? revision : otherwise
}

/** A branch is read from the git directory as it is now, wherever a pull request stands. */
async function resolveCommit(world: World, revision: string): Promise<string> {
  const commit = await world.code.commit(revision)
  if (!commit) throw new Error(`no commit is named ${revision}`)
  return commit.sha
}

/**
 * Moves the head of a pull request. On a force-push GitHub points the reviews at the new head.
 * @throws when the new head does not follow the old one and `force` is not set.
 */
export async function pushTo(world: World, number: number, revision: string, force: boolean): Promise<PullRecord> {
  const pull = findPull(world, number)
  const head = await resolveCommit(world, revision)
  const follows = await world.code.isAncestor(pull.head.sha, head)
  if (!follows && !force) throw new Error(`${revision} does not follow the head of #${number}; it takes a force-push`)
  const base = await world.code.mergeBase(pull.base.sha, head)
  if (!base) throw new Error(`${revision} has no history in common with ${pull.base.ref}`)
  const move = await moveComments(world, pull, base, head)
  pull.head = { ...pull.head, sha: head }
  pull.updated_at = timestamp(world)
  move()
  for (const review of world.state.reviews) {
    if (!follows && review.pull_number === number) review.commit_id = head
  }
  return pull
}

export interface PullEdit {
  readonly title?: string
  readonly body?: string
  readonly state?: 'open' | 'closed'
  readonly merged?: boolean
  readonly draft?: boolean
  readonly locked?: boolean
  readonly labels?: readonly string[]
  /** A branch, tag or SHA: retargets the pull request. */
  readonly base?: string
}

/** Does what people do to a pull request by its buttons. */
export async function editPull(world: World, number: number, edit: PullEdit): Promise<PullRecord> {
  const pull = findPull(world, number)
  const { base, ...rest } = edit
  if (base !== undefined) {
    const sha = await resolveCommit(world, base)
    const mergeBase = await world.code.mergeBase(sha, pull.head.sha)
    if (!mergeBase) throw new Error(`${base} has no history in common with ${pull.head.ref}`)
    const ref = await branchOf(world, base, world.repository.defaultBranch)
    const move = await moveComments(world, pull, mergeBase, pull.head.sha)
    pull.base = { ref, sha }
    move()
  }
  Object.assign(pull, rest)
  if (edit.state) pull.closed_at = edit.state === 'closed' ? timestamp(world) : null
  pull.updated_at = timestamp(world)
  return pull
}

/** Where the two sides parted: the changes of a pull request are those since then, not those against the tip of its base. */
async function mergeBaseOf(world: World, pull: PullRecord): Promise<string> {
  return (await world.code.mergeBase(pull.base.sha, pull.head.sha))!
}

/** What the pull request changes, as far as GitHub lists it. */
export async function filesOf(world: World, pull: PullRecord): Promise<FileDiff[]> {
  const files = await world.code.diff(await mergeBaseOf(world, pull), pull.head.sha)
  return files.slice(0, world.limits.pullFiles)
}

/** The commits of a pull request, oldest first. */
export async function commitsOf(world: World, pull: PullRecord): Promise<string[]> {
  return world.code.commitsBetween(pull.base.sha, pull.head.sha)
}

export function toPullSimple(world: World, pull: PullRecord): Schemas['pull-request-simple'] {
  const { merged: _, ...simple } = toPullCore(world, pull)
  return { ...simple, labels: simple.labels.map((label) => ({ ...label, description: label.description ?? '' })) }
}

export async function toPull(world: World, pull: PullRecord): Promise<Schemas['pull-request']> {
  const { state } = world
  const files = await world.code.diff(await mergeBaseOf(world, pull), pull.head.sha)
  const commits = await commitsOf(world, pull)
  return {
    ...toPullCore(world, pull),
    mergeable: pull.state === 'open' ? true : null,
    rebaseable: null,
    mergeable_state: pull.draft ? 'draft' : 'clean',
    merged_by: pull.merged ? toUser(world, world.repository.owner) : null,
    comments: state.issueComments.filter((comment) => comment.issue_number === pull.number).length,
    review_comments: state.reviewComments.filter((comment) => comment.pull_number === pull.number).length,
    maintainer_can_modify: isFromFork(world, pull),
    commits: commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  }
}

function toPullCore(world: World, pull: PullRecord) {
  const url = `${apiRoot(world)}/pulls/${pull.number}`
  const issue = `${apiRoot(world)}/issues/${pull.number}`
  const html = `${htmlRoot(world)}/pull/${pull.number}`
  const statuses = `${apiRoot(world)}/statuses/${pull.head.sha}`
  const side = (owner: string, { ref, sha }: { ref: string; sha: string }) => ({
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: toUser(world, owner),
    repo: toRepository(world, owner),
  })
  return {
    id: pull.id,
    node_id: nodeId('pull', pull.id),
    url,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${apiRoot(world)}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    number: pull.number,
    state: pull.state,
    locked: pull.locked,
    active_lock_reason: null,
    title: pull.title,
    user: toUser(world, pull.user),
    body: pull.body,
    labels: pull.labels.map((name) => toLabel(world, name)),
    milestone: null,
    created_at: pull.created_at,
    updated_at: pull.updated_at,
    closed_at: pull.closed_at,
    merged_at: pull.merged ? pull.closed_at : null,
    merged: pull.merged,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: side(pull.head.owner, pull.head),
    base: side(world.repository.owner, pull.base),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${apiRoot(world)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: associationOf(world, pull.user),
    auto_merge: null,
    draft: pull.draft,
  }
}

export function toLabel(world: World, name: string): Schemas['label'] {
  const id = world.state.idOf('label', name)
  return {
    id,
    node_id: nodeId('label', id),
    url: `${apiRoot(world)}/labels/${encodeURIComponent(name)}`,
    name,
    description: null,
    color: 'ededed',
    default: false,
  }
}

/** How a check run or a suite names a pull request. Those of forks it does not name: GitHub leaves its list empty. */
export function toMinimalPulls(world: World, headSha: string): NonNullable<Schemas['pull-request-minimal']>[] {
  const { id, name } = world.repository
  const repo = { id, name, url: apiRoot(world) }
  return world.state.pulls
    .filter((pull) => pull.head.sha === headSha && pull.state === 'open' && !isFromFork(world, pull))
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${apiRoot(world)}/pulls/${pull.number}`,
      head: { ref: pull.head.ref, sha: pull.head.sha, repo },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo },
    }))
}

export function toFile(world: World, file: FileDiff, commit: string): Schemas['diff-entry'] {
  const path = encodePath(file.path)
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${htmlRoot(world)}/blob/${commit}/${path}`,
    raw_url: `${htmlRoot(world)}/raw/${commit}/${path}`,
    contents_url: `${apiRoot(world)}/contents/${path}?ref=${commit}`,
    ...(file.lines.length > 0 && !file.tooLarge ? { patch: file.lines.join('\n') } : {}),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  }
}

export function listPulls(request: ApiRequest, world: World): Answer<Schemas['pull-request-simple'][]> {
  const query = request.url.searchParams
  const state = query.get('state') ?? 'open'
  const head = query.get('head')
  const base = query.get('base')
  const pulls = world.state.pulls.filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      (head === null || head === `${pull.head.owner}:${pull.head.ref}`) &&
      (base === null || base === pull.base.ref),
  )
  const key = query.get('sort') === 'updated' ? 'updated_at' : 'created_at'
  const descending = (query.get('direction') ?? (query.has('sort') ? 'asc' : 'desc')) === 'desc'
  pulls.sort((a, b) => a[key].localeCompare(b[key]) || a.number - b.number)
  if (descending) pulls.reverse()
  const { body, headers } = page(request, pulls)
  return { ...ok(body!.map((pull) => toPullSimple(world, pull))), headers }
}

export const getPull = async (request: ApiRequest, world: World): Promise<Answer<Schemas['pull-request']>> =>
  ok(await toPull(world, pullOf(request, world)))

export async function listFiles(request: ApiRequest, world: World): Promise<Answer<Schemas['diff-entry'][]>> {
  const pull = pullOf(request, world)
  const { body, headers } = page(request, await filesOf(world, pull))
  return { ...ok(body!.map((file) => toFile(world, file, pull.head.sha))), headers }
}
