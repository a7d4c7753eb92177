/**
 * A strict stand-in for GitHub over HTTP on loopback, backed by a local git directory that it only reads. It refuses
 * what GitHub refuses, and computes on its own what that is. Owns putting the parts together and what tests and
 * `simulate` may do to it from outside; the endpoints are in `routes.ts`.
 */
import {
  Access,
  type AppIdentity,
  type Grant,
  generatePrivateKey,
  type Permissions,
  type Role,
  type TokenRequest,
} from './access.ts'
import { ContentLimit } from './content-limit.ts'
import { deliver } from './deliveries.ts'
import { type Fault, Faults, type RequestMatch } from './faults.ts'
import { storeIssueComment } from './issue-comments.ts'
import { findPull, findReviewComment } from './lookup.ts'
import { editPull, type NewPull, openPull, type PullEdit, pushTo } from './pulls.ts'
import { Repository, toTimestamp } from './repository.ts'
import { type Log, type LoggedRequest, listen, type RefusedRequest } from './server.ts'
import {
  type DeliveryRecord,
  type IssueCommentRecord,
  Numbers,
  type PullRecord,
  type ReviewCommentRecord,
  State,
} from './state.ts'
import { storeReply } from './stored-reviews.ts'
import { applySuggestions } from './suggestions.ts'
import { buildWebhook, type Webhook, type WebhookEvents, type WebhookName } from './webhooks.ts'
import { githubLimits, type Limits, type RepositoryIdentity, type World } from './world.ts'

export type { Fault, RequestMatch } from './faults.ts'
export type { NewPull, PullEdit } from './pulls.ts'
export type { LoggedRequest, RefusedRequest } from './server.ts'
export type * from './state.ts'
export type { Webhook, WebhookEvents, WebhookName } from './webhooks.ts'

export interface RepositoryOptions {
  readonly repository: {
    readonly owner: string
    readonly name: string
    /** A git directory, bare or not, or a directory that holds one. Never written to. */
    readonly gitDir: string
    readonly private?: boolean
    /** By default the branch that HEAD names. */
    readonly defaultBranch?: string
  }
  /** What the installation was granted. By default what `app.yml` asks for. */
  readonly permissions?: Permissions
  /** The role of people on the repository, by login. The owner is its admin; others may read what is public. */
  readonly collaborators?: Readonly<Record<string, Role>>
}

export interface SimulatorOptions extends RepositoryOptions {
  /** By default an App named `celery-review` with a key and a secret of its own; see `app`. */
  readonly app?: Partial<AppIdentity>
  /** The clock, in milliseconds; by default the machine's. */
  readonly now?: () => number
  readonly limits?: Partial<Limits>
}

const defaultPermissions: Permissions = {
  metadata: 'read',
  contents: 'read',
  pull_requests: 'write',
  checks: 'write',
  issues: 'write',
}

/** One GitHub, seen from one repository of it that the App is installed on. */
export interface Simulator {
  /** The root of the REST API, Octokit's `baseUrl`; GraphQL is at `/graphql` below it. */
  readonly url: string
  readonly app: AppIdentity
  readonly installationId: number
  readonly repository: { readonly id: number; readonly owner: string; readonly name: string }
  /** All that is stored. Read it; to change it, go through the methods or the API. */
  readonly state: State
  /** Every request that was answered, in the order of the answers. */
  readonly requests: readonly LoggedRequest[]
  /**
   * The requests that GitHub would have refused, with the reason: every 4xx, and every error of a GraphQL query. Looking
   * for something that is not there (a GET answered 404, a NOT_FOUND) is no refusal, and neither is an injected failure.
   */
  readonly refused: readonly RefusedRequest[]
  /** How many were refused. */
  readonly rejected: number

  /** @throws when a side names no commit or the two have no history in common. */
  openPull(pull: NewPull): Promise<PullRecord>
  /**
   * Moves the head of a pull request, and its comments with it.
   * @throws when the new head does not follow the old one, unless it is forced.
   */
  pushTo(number: number, head: string, options?: { force?: boolean }): Promise<PullRecord>
  /** Closes, reopens, locks, labels, retargets, …: what people do by buttons. */
  editPull(number: number, edit: PullEdit): Promise<PullRecord>
  /** Comments on the conversation of a pull request as a person. */
  comment(number: number, comment: { author: string; body: string }): IssueCommentRecord
  /** Replies to a review comment as a person. */
  reply(commentId: number, comment: { author: string; body: string }): ReviewCommentRecord
  /** Resolves the thread of a review comment as a person. */
  resolveThread(commentId: number, by: string): void
  /** The files at the head once the suggestions of these comments are committed, by path. @throws when GitHub would not. */
  applySuggestions(...commentIds: number[]): Promise<Map<string, string>>

  /** Builds and signs a webhook about what is stored. */
  webhook<Name extends WebhookName>(name: Name, event: WebhookEvents[Name] & { sender?: string }): Promise<Webhook>
  /** Sends a webhook to an App; the record of it is what `GET /app/hook/deliveries` shows. */
  deliver(webhook: Webhook, url: string): Promise<DeliveryRecord>

  /**
   * The same GitHub from another repository that the App is installed on.
   * @param installationId by default an installation of its own; one that is there already takes the repository in
   * @throws when `gitDir` holds no git repository
   */
  addRepository(options: RepositoryOptions & { readonly installationId?: number }): Promise<Simulator>

  /** A token of the installation, as the App would get it. */
  installationToken(asked?: TokenRequest): string
  /** A token with which to act through the API as a person. */
  userToken(login: string): string
  /** Gives the repository another name; REST knows it by that one alone from now on. */
  rename(owner: string, name: string): void
  /** Makes the repository read-only. */
  archive(): void
  /** Changes what the installation is granted; tokens that are out have no more than this either. */
  setPermissions(permissions: Permissions): void
  suspend(isSuspended?: boolean): void

  /** Makes the next matching request fail. */
  failNext(fault: Fault): void
  /** Runs the hook once, before the next matching request is handled. */
  before(match: RequestMatch, hook: () => unknown): void

  close(): Promise<void>
}

/** What all repositories of one GitHub share. */
interface Shared {
  readonly app: AppIdentity
  readonly now: () => number
  readonly limits: Limits
  readonly numbers: Numbers
  readonly tokens: Map<string, Grant>
  readonly faults: Faults
  readonly log: Log
  readonly site: World[]
  close(): Promise<void>
}

/** @throws when `gitDir` holds no git repository. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const faults = new Faults()
  const log: Log = { requests: [], refused: [] }
  const limits = { ...githubLimits, ...options.limits }
  const site: World[] = []
  const shared: Shared = {
    app: {
      id: 1,
      slug: 'celery-review',
      privateKey: options.app?.privateKey ?? (await generatePrivateKey()),
      webhookSecret: 'simulator-secret',
      ...options.app,
    },
    now: options.now ?? Date.now,
    limits,
    numbers: new Numbers(),
    tokens: new Map(),
    faults,
    log,
    site,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      for (const { code } of site) await code.close()
    },
  }
  // Before anything listens: where there is no repository, there is nothing to close.
  const makeWorld = await prepareWorld(shared, options, 1)
  const contentLimit = new ContentLimit(limits.contentPerMinute, limits.contentPerHour)
  const { server, url } = await listen({ site, faults, contentLimit, log })
  return simulatorOf(shared, makeWorld(url))
}

async function prepareWorld(
  { app, now, limits, numbers, tokens, site }: Shared,
  options: RepositoryOptions,
  installationId: number,
): Promise<(url: string) => World> {
  const { owner, name, gitDir } = options.repository
  const code = await Repository.open(gitDir)
  const state = new State(numbers)
  const isPrivate = options.repository.private ?? false
  const collaborators: Readonly<Record<string, Role>> = { [owner]: 'admin', ...options.collaborators }
  const roleOf = (login: string): Role => collaborators[login] ?? (isPrivate ? 'none' : 'read')
  const permissions = options.permissions ?? defaultPermissions
  const repository: RepositoryIdentity = {
    id: state.idOf('repository', `${owner}/${name}`),
    owner,
    name,
    formerNames: [],
    archived: false,
    private: isPrivate,
    defaultBranch: options.repository.defaultBranch ?? (await code.defaultBranch()),
    createdAt: toTimestamp(now()),
  }
  const access = new Access(app, installationId, permissions, roleOf, now, tokens)
  return (url) => {
    const world: World = { url, state, code, repository, access, installationId, limits, site }
    site.push(world)
    return world
  }
}

function simulatorOf(shared: Shared, world: World): Simulator {
  const { app, faults, log, site } = shared
  const { state, repository, access, installationId } = world
  /** The repositories of this installation: what it is granted holds for all of them. */
  const installed = () => site.filter((one) => one.installationId === installationId)
  return {
    url: world.url,
    app,
    installationId,
    repository,
    state,
    requests: log.requests,
    refused: log.refused,
    get rejected() {
      return log.refused.length
    },

    openPull: (pull) => openPull(world, pull),
    pushTo: (number, head, { force = false } = {}) => pushTo(world, number, head, force),
    editPull: (number, edit) => editPull(world, number, edit),
    comment: (number, { author, body }) => storeIssueComment(world, findPull(world, number), author, body),
    reply: (id, { author, body }) => storeReply(world, findReviewComment(world, id), author, body),
    resolveThread(id, by) {
      findReviewComment(world, id).thread.resolved_by = by
    },
    applySuggestions: (...ids) => applySuggestions(world, ids),

    webhook: (event, details) => buildWebhook(world, event, details),
    deliver: (webhook, url) => deliver(world, webhook, url),

    async addRepository({ installationId: id = Math.max(...site.map((one) => one.installationId)) + 1, ...options }) {
      const makeWorld = await prepareWorld(shared, options, id)
      return simulatorOf(shared, makeWorld(world.url))
    },

    installationToken: (asked) => access.installationToken(asked).token,
    userToken: (login) => access.userToken(login),
    rename(newOwner, newName) {
      repository.formerNames.push(`${repository.owner}/${repository.name}`)
      Object.assign(repository, { owner: newOwner, name: newName })
    },
    archive() {
      repository.archived = true
    },
    setPermissions(permissions) {
      for (const one of installed()) one.access.permissions = permissions
    },
    suspend(isSuspended = true) {
      for (const one of installed()) one.access.isSuspended = isSuspended
    },

    failNext: (fault) => faults.failNext(fault),
    before: (match, hook) => faults.before(match, hook),
    close: () => shared.close(),
  }
}
