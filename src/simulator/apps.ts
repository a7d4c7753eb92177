/** Owns how the App and its installation are shown, and the handing out of tokens. */
import type { components } from '@octokit/openapi-types'
import { z } from 'zod'
import { type Answer, type ApiRequest, created, numberParam, ok, page, readBody } from './http.ts'
import { notFound, Refusal } from './refusals.ts'
import { toRepository } from './repositories.ts'
import { nodeId } from './state.ts'
import { toUser } from './users.ts'
import { reaches, timestamp, type World } from './world.ts'

type Schemas = components['schemas']

export function toApp(world: World): NonNullable<Schemas['integration']> {
  const { id, slug } = world.access.app
  return {
    id,
    slug,
    node_id: nodeId('app', id),
    owner: toUser(world, world.repository.owner),
    name: slug,
    description: null,
    external_url: `https://github.com/apps/${slug}`,
    html_url: `https://github.com/apps/${slug}`,
    created_at: world.repository.createdAt,
    updated_at: world.repository.createdAt,
    permissions: { ...world.access.permissions },
    events: [...events],
  }
}

/** What an App that reviews pull requests listens to. */
const events = [
  'check_run',
  'check_suite',
  'issue_comment',
  'merge_group',
  'pull_request',
  'pull_request_review_comment',
]

export function toInstallation(world: World): Schemas['installation'] {
  const { access, installationId, repository } = world
  const url = `${world.url}/app/installations/${installationId}`
  const account = toUser(world, repository.owner)
  return {
    id: installationId,
    account,
    repository_selection: 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `https://github.com/settings/installations/${installationId}`,
    app_id: access.app.id,
    app_slug: access.app.slug,
    target_id: Number(account.id),
    target_type: account.type,
    permissions: access.permissions,
    events: [...events],
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: access.isSuspended ? account : null,
    suspended_at: access.isSuspended ? timestamp(world) : null,
  }
}

export const getApp = (_request: ApiRequest, world: World): Answer<Schemas['integration']> => ok(toApp(world))

export const listInstallations = (request: ApiRequest, world: World): Answer<Schemas['installation'][]> =>
  page(request, world.site.filter((one) => installed(world, one.installationId)[0] === one).map(toInstallation))

/** The repositories that an installation is of. */
const installed = ({ site }: World, id: number): World[] => site.filter(({ installationId }) => installationId === id)

export function getInstallation(request: ApiRequest, world: World): Answer<Schemas['installation']> {
  if (request.params.id === undefined) return ok(toInstallation(world))
  const [named] = installed(world, numberParam(request, 'id'))
  if (!named) throw notFound()
  return ok(toInstallation(named))
}

const tokenRequest = z.strictObject({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number().int()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write'])).optional(),
})

export function createToken(request: ApiRequest, world: World): Answer<Schemas['installation-token']> {
  const all = installed(world, numberParam(request, 'id'))
  if (all.length === 0) throw notFound()
  const { repositories, repository_ids, permissions } = readBody(request, tokenRequest)
  const named = all.filter(
    ({ repository: { id, name } }) => repositories?.includes(name) || repository_ids?.includes(id),
  )
  if (named.length < (repositories ?? []).length + (repository_ids ?? []).length) {
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    )
  }
  const isNarrowed = repositories !== undefined || repository_ids !== undefined
  const repositoryIds = isNarrowed ? named.map(({ repository }) => repository.id) : undefined
  return created({
    ...all[0]!.access.installationToken({ permissions, repositoryIds }),
    repository_selection: 'selected',
    repositories: (isNarrowed ? named : all).map((one) => toRepository(one)),
  })
}

export function listInstallationRepositories(
  request: ApiRequest,
  world: World,
): Answer<{ total_count: number; repositories: Schemas['repository'][] }> {
  const reached = world.site.filter((one) => reaches(request.actor, one))
  const { body, headers } = page(
    request,
    reached.map((one) => toRepository(one)),
  )
  return { status: 200, body: { total_count: reached.length, repositories: body! }, headers }
}
