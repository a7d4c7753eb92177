/**
 * Owns who asks and what they may: the App by its signed token, an installation by a token of an hour, a person by a
 * token of theirs. What each route demands is written in the routes.
 */
import { createPublicKey, createVerify, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { components } from '@octokit/openapi-types'
import { badCredentials, badToken, missingPermission, Refusal, suspended } from './refusals.ts'
import { toTimestamp } from './repository.ts'

export type Permissions = components['schemas']['app-permissions']
/** `'pull_requests: write'`; of several, any one will do. */
export type Demand = `${keyof Permissions}: ${'read' | 'write'}`

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none'

export type Actor =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'app' }
  | {
      readonly kind: 'installation'
      readonly login: string
      readonly permissions: Permissions
      readonly installationId: number
      /** Those that the token is good for; all of the installation's without any. */
      readonly repositoryIds?: readonly number[]
    }
  | { readonly kind: 'user'; readonly login: string; readonly permissions: Permissions }

export interface AppIdentity {
  readonly id: number
  readonly slug: string
  /** PEM. */
  readonly privateKey: string
  readonly webhookSecret: string
}

export interface Grant {
  readonly actor: Actor
  readonly expiresAt: number
}

/** What a token of an installation is to be good for, by default all that the installation is. */
export interface TokenRequest {
  readonly permissions?: Permissions
  readonly repositoryIds?: readonly number[]
}

const hour = 3_600_000

/** What people of each role may do through the API. Checks are for Apps alone. */
const rolePermissions = (role: Role): Permissions => ({
  metadata: 'read',
  contents: role === 'read' || role === 'triage' || role === 'none' ? 'read' : 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'read',
})

/** What an installation of the App may do. Time is in milliseconds and comes from outside. */
export class Access {
  readonly #publicKey: KeyObject
  isSuspended = false

  constructor(
    readonly app: AppIdentity,
    readonly installationId: number,
    /** What the installation was granted; narrowing it takes effect on tokens that were handed out before, as on GitHub. */
    public permissions: Permissions,
    readonly roleOf: (login: string) => Role,
    readonly now: () => number,
    /** All that are in circulation, whoever they belong to. */
    readonly tokens: Map<string, Grant>,
  ) {
    this.#publicKey = createPublicKey(app.privateKey)
  }

  /** The login under which the App's own comments appear. */
  get botLogin(): string {
    return `${this.app.slug}[bot]`
  }

  /**
   * Makes a token of the installation, good for one hour.
   * @throws Refusal when more is asked than was granted.
   */
  installationToken(asked: TokenRequest = {}): { token: string; expires_at: string; permissions: Permissions } {
    if (this.isSuspended) throw suspended()
    const { installationId } = this
    const permissions: Permissions = { metadata: 'read', ...(asked.permissions ?? this.permissions) }
    for (const [name, level] of Object.entries(permissions)) {
      if (!covers(this.permissions[name as keyof Permissions], level)) {
        throw new Refusal(422, 'The permissions requested are not granted to this installation.')
      }
    }
    const expiresAt = this.now() + hour
    const { repositoryIds } = asked
    const actor: Actor = { kind: 'installation', login: this.botLogin, permissions, installationId, repositoryIds }
    return { token: this.#issue('ghs_', { actor, expiresAt }), expires_at: toTimestamp(expiresAt), permissions }
  }

  /** Makes a token of a person, with which tests act as them. */
  userToken(login: string): string {
    const actor: Actor = { kind: 'user', login, permissions: rolePermissions(this.roleOf(login)) }
    return this.#issue('ghp_', { actor, expiresAt: Number.POSITIVE_INFINITY })
  }

  #issue(prefix: string, grant: Grant): string {
    const token = `${prefix}${String(this.tokens.size + 1).padStart(36, '0')}`
    this.tokens.set(token, grant)
    return token
  }

  /** Whom an Authorization header names. @throws Refusal when it names nobody. */
  identify(authorization: string | undefined): Actor {
    if (!authorization) throw new Refusal(401, 'Requires authentication')
    const [, token] = /^(?:token|bearer) (\S+)$/i.exec(authorization) ?? []
    if (!token) throw badCredentials()
    if (token.split('.').length === 3) return this.#verify(token)
    const grant = this.tokens.get(token)
    if (!grant || grant.expiresAt <= this.now()) throw badCredentials()
    return grant.actor
  }

  /** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
  #verify(token: string): Actor {
    const [header, payload, signature] = token.split('.') as [string, string, string]
    if (parsePart(header).alg !== 'RS256') throw badToken()
    const verifier = createVerify('RSA-SHA256').update(`${header}.${payload}`)
    if (!verifier.verify(this.#publicKey, signature, 'base64url')) throw badToken()
    const { iat, exp, iss } = parsePart(payload)
    const now = this.now() / 1000
    if (!Number.isInteger(iat) || Number(iat) > now + 60) {
      throw new Refusal(
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      )
    }
    if (!Number.isInteger(exp) || Number(exp) <= now) {
      throw new Refusal(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      )
    }
    if (Number(exp) > now + 660) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    if (String(iss) !== String(this.app.id)) throw new Refusal(404, 'Integration not found')
    return { kind: 'app' }
  }

  /**
   * Lets an actor through who may do what one of the demands says.
   * @throws Refusal that names the permissions which would do.
   */
  demand(actor: Actor, demands: readonly Demand[]): void {
    if (actor.kind !== 'installation' && actor.kind !== 'user') throw badCredentials()
    const granted = actor.kind === 'installation' ? this.permissions : actor.permissions
    const isMet = demands.some((demand) => {
      const [name, level] = demand.split(': ') as [keyof Permissions, string]
      return covers(actor.permissions[name], level) && covers(granted[name], level)
    })
    if (!isMet) throw missingPermission(demands.map((demand) => demand.replace(': ', '=')).join('; '))
  }
}

const covers = (granted: string | undefined, level: string | undefined): boolean =>
  granted === 'write' || granted === 'admin' || (granted === 'read' && level === 'read')

function parsePart(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString())
  } catch {
    throw badToken()
  }
}

/** A key for an App that brings none of its own. */
export async function generatePrivateKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
