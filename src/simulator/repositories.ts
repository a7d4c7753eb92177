/** Owns how the repository and its forks are shown, and the permission of people on it. */
import type { components } from '@octokit/openapi-types'
import type { Role } from './access.ts'
import { type Answer, type ApiRequest, ok } from './http.ts'
import { notFound } from './refusals.ts'
import { nodeId } from './state.ts'
import { toUser } from './users.ts'
import type { World } from './world.ts'

type Schemas = components['schemas']

/** The repository itself, or a fork of it. */
export function toRepository(world: World, owner = world.repository.owner): Schemas['repository'] {
  const { name, defaultBranch, createdAt } = world.repository
  const fork = owner !== world.repository.owner
  const id = fork ? world.state.idOf('repository', `${owner}/${name}`) : world.repository.id
  const full = `${owner}/${name}`
  const url = `${world.url}/repos/${full}`
  const html = `https://github.com/${full}`
  return {
    id,
    node_id: nodeId('repository', id),
    name,
    full_name: full,
    private: world.repository.private,
    visibility: world.repository.private ? 'private' : 'public',
    owner: toUser(world, owner),
    html_url: html,
    description: null,
    fork,
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
    clone_url: `${html}.git`,
    git_url: `git://github.com/${full}.git`,
    ssh_url: `git@github.com:${full}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: 'Python',
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 0,
    default_branch: defaultBranch,
    open_issues: 0,
    open_issues_count: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    is_template: false,
    topics: [],
    web_commit_signoff_required: false,
    archived: world.repository.archived,
    disabled: false,
    pushed_at: createdAt,
    created_at: createdAt,
    updated_at: createdAt,
  }
}

export function getRepository(_request: ApiRequest, world: World): Answer<Schemas['full-repository']> {
  const { createdAt } = world.repository
  return ok({
    ...toRepository(world),
    created_at: createdAt,
    updated_at: createdAt,
    pushed_at: createdAt,
    has_discussions: false,
    subscribers_count: 0,
    network_count: 0,
  })
}

const legacyPermission: Readonly<Record<Role, string>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
}

export function getPermission(
  request: ApiRequest,
  world: World,
): Answer<Schemas['repository-collaborator-permission']> {
  const login = request.params.username!
  if (!/^[a-z\d]([a-z\d-]*[a-z\d])?(\[bot\])?$/i.test(login)) throw notFound()
  const role = world.access.roleOf(login)
  return ok({
    permission: legacyPermission[role],
    role_name: role,
    user: { ...toUser(world, login), role_name: role },
  })
}
