/** Owns the overview of what an App is installed on, and of the pull requests there. One page of each is plenty at a time. */
import type { Octokit } from './octokit.ts'

export interface InstalledRepository {
  readonly id: number
  readonly owner: string
  readonly name: string
}

export interface OpenPull {
  readonly number: number
  readonly head: string
}

/** The ids of those that are not suspended. @throws GitHubFailure */
export async function listInstallations(asApp: Octokit): Promise<number[]> {
  const installations = await asApp.paginate(asApp.rest.apps.listInstallations, { per_page: 100 })
  return installations.filter(({ suspended_at }) => !suspended_at).map(({ id }) => id)
}

/** The repositories of an installation that can be written to. @throws GitHubFailure */
export async function listRepositories(octokit: Octokit): Promise<InstalledRepository[]> {
  const repositories = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 })
  return repositories
    .filter(({ archived }) => !archived)
    .map(({ id, owner, name }) => ({ id, owner: owner.login, name }))
}

/** The open pull requests of a repository that something happened on since a time (milliseconds since the epoch); at most 100. @throws GitHubFailure */
export async function listOpenPulls(
  octokit: Octokit,
  repository: InstalledRepository,
  since: number,
): Promise<OpenPull[]> {
  const { data } = await octokit.rest.pulls.list({
    owner: repository.owner,
    repo: repository.name,
    state: 'open',
    sort: 'updated',
    direction: 'desc',
    per_page: 100,
  })
  return data
    .filter(({ updated_at }) => Date.parse(updated_at) >= since)
    .map(({ number, head }) => ({ number, head: head.sha }))
}
