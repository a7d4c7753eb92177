/** A simulated GitHub over one commit, and a client of the installation for it. */
import { afterEach } from 'vitest'
import { type Octokit, octokitClass } from '../../src/github/octokit.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts'
import { createRepository, type Files, type GitRepository } from '../support/git-repository.ts'

export const name = { owner: 'acme', repo: 'shop' }

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

export interface Setting {
  readonly repository: GitRepository
  readonly github: Simulator
  readonly octokit: Octokit
  readonly commit: string
  /** The requests so far, as `METHOD path`. */
  asked(): string[]
}

export async function startSetting(
  files: Files,
  options: Partial<Omit<SimulatorOptions, 'repository'>> = {},
): Promise<Setting> {
  const repository = await createRepository()
  cleanUps.push(() => repository.remove())
  const commit = await repository.commit('Start', files)
  const github = await startSimulator({
    ...options,
    repository: { owner: name.owner, name: name.repo, gitDir: repository.dir },
  })
  cleanUps.push(() => github.close())
  const Octokit = octokitClass({ isPatient: false })
  const octokit = new Octokit({ baseUrl: github.url, auth: { token: github.installationToken() } })
  const asked = () =>
    github.requests.map(({ method, path }) => `${method} ${path.replace(`/repos/${name.owner}/${name.repo}`, '')}`)
  return { repository, github, octokit, commit, asked }
}
