/** Owns the clients of installations, and that the token of each is good for no more than its purpose takes. */
import { LRUCache } from 'lru-cache'
import type { ProbotOctokit } from 'probot'
import { isUnauthorized } from './failure.ts'
import type { Octokit } from './octokit.ts'

/** What a token is good for, in the words of the request for one. */
interface Scope {
  readonly installation_id: number
  readonly repository_ids?: number[]
  readonly permissions?: { readonly metadata: 'read'; readonly pull_requests: 'read' }
}

interface FactoryOptions {
  readonly octokit: Octokit
  readonly octokitOptions: NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>
}

interface Request {
  (endpoint: object): Promise<unknown>
  readonly endpoint: { merge(...given: unknown[]): { readonly headers: Record<string, unknown> } }
}

/** GitHub's tokens live for an hour; a request may be long. */
const lifetime = 55 * 60_000
const mostTokens = 10_000

/** Keeps the tokens in memory, and nowhere else. Probot's own clients take no scope. */
export class InstallationClients {
  readonly #asApp: Octokit
  readonly #tokens = new LRUCache<string, Promise<string>>({ max: mostTokens, ttl: lifetime })

  /** @param asApp the client of the App itself */
  constructor(asApp: Octokit) {
    this.#asApp = asApp
  }

  /**
   * The client with which one repository is reviewed: its token is refused everywhere else. It may do there what the owner
   * of the installation agreed to, which can be less than the App asks for, or more, so that threads can be resolved.
   * A token costs one request, for an hour: https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
   */
  ofRepository(installationId: number, repositoryId: number): Promise<Octokit> {
    return this.#clientFor({ installation_id: installationId, repository_ids: [repositoryId] })
  }

  /** The client with which an installation is looked through: it can write nothing, and read no code. */
  forListing(installationId: number): Promise<Octokit> {
    const permissions = { metadata: 'read', pull_requests: 'read' } as const
    return this.#clientFor({ installation_id: installationId, permissions })
  }

  /** With writes that are spaced for each installation by itself. */
  #clientFor(scope: Scope): Promise<Octokit> {
    const installationId = scope.installation_id
    const factory = ({ octokit, octokitOptions }: FactoryOptions): Octokit => {
      const Client = octokit.constructor as typeof ProbotOctokit
      const throttle = { ...octokitOptions.throttle, id: String(installationId) }
      return new Client({ ...octokitOptions, throttle, authStrategy: () => this.#strategyFor(scope) })
    }
    return this.#asApp.auth({ type: 'installation', installationId, factory }) as Promise<Octokit>
  }

  /** As Octokit wants it: https://github.com/octokit/auth.js */
  #strategyFor(scope: Scope) {
    const hook = async (request: Request, ...given: unknown[]): Promise<unknown> => {
      const endpoint = request.endpoint.merge(...given)
      endpoint.headers.authorization = `token ${await this.#tokenFor(scope)}`
      try {
        return await request(endpoint)
      } catch (error) {
        // Revoked, or too young for GitHub to know it everywhere: the next attempt gets another one.
        if (isUnauthorized(error)) this.#tokens.delete(JSON.stringify(scope))
        throw error
      }
    }
    return Object.assign(() => this.#tokenFor(scope), { hook })
  }

  #tokenFor(scope: Scope): Promise<string> {
    const key = JSON.stringify(scope)
    const known = this.#tokens.get(key)
    if (known) return known
    const token = this.#asApp.rest.apps.createInstallationAccessToken({ ...scope }).then(({ data }) => data.token)
    this.#tokens.set(key, token)
    token.catch(() => this.#tokens.delete(key))
    return token
  }
}
