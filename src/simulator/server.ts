/**
 * Owns the HTTP server: one request in, checked in GitHub's order, one answer out, and the log of both. What is
 * answered is the routes' business.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Actor } from './access.ts'
import type { ContentLimit } from './content-limit.ts'
import type { Faults } from './faults.ts'
import { queryGraphql } from './graphql.ts'
import type { Answer, RawAnswer } from './http.ts'
import { archived, badToken, notFound, Refusal, suspended } from './refusals.ts'
import { findRoute, type Match } from './routes.ts'
import { reaches, type World } from './world.ts'

export interface LoggedRequest {
  readonly method: string
  /** The path with its query. */
  readonly path: string
  /** What was sent, parsed. Tokens travel in headers, which are not kept. */
  readonly body?: unknown
  /** 0 when the connection was cut instead. */
  readonly status: number
  readonly ms: number
}

/** A request that the simulator would not serve, and why. */
export interface RefusedRequest {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly message: string
  readonly errors?: readonly unknown[]
}

export interface Log {
  readonly requests: LoggedRequest[]
  /** Looking for something that is not there (a GET answered 404) is no refusal, and neither is an injected failure. */
  readonly refused: RefusedRequest[]
}

interface Services {
  /** The repositories; one by the time of the first request. */
  readonly site: readonly World[]
  readonly faults: Faults
  readonly contentLimit: ContentLimit
  readonly log: Log
}

/** More than any request of the API needs. */
const largestRequest = 25_000_000

/** Listens on a free port of loopback. */
export async function listen(services: Services): Promise<{ server: Server; url: string }> {
  // Node gives up an idle connection after five seconds, which is as long as an analysis in this very process may take.
  const server = createServer(
    { keepAliveTimeout: 120_000 },
    (incoming, response) => void serve(services, incoming, response),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function serve(services: Services, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now()
  const { method = 'GET', url: path = '/' } = incoming
  let body: unknown
  let reply: Answer | RawAnswer | 'drop'
  try {
    body = parseBody(await readAll(incoming))
    reply = await answerOrFail(services, incoming, body)
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, `The simulator failed: ${error}`)
    const { status, message, errors } = refusal
    const isLookup = method === 'GET' && status === 404 && findRoute(method, pathOf(path))
    if (!isLookup) services.log.refused.push({ method, path, status, message, ...(errors ? { errors } : {}) })
    reply = { status, body: refusal.body, headers: refusal.headers }
  }
  services.log.requests.push({
    method,
    path,
    ...(body === undefined ? {} : { body }),
    status: reply === 'drop' ? 0 : reply.status,
    ms: Math.round((performance.now() - started) * 10) / 10,
  })
  if (reply === 'drop') incoming.socket.destroy()
  else await send(services, response, reply)
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    chunks.push(chunk)
    size += chunk.length
    if (size > largestRequest) throw new Refusal(413, 'Payload too large')
  }
  return Buffer.concat(chunks).toString()
}

function parseBody(sent: string): unknown {
  if (sent === '') return undefined
  let body: unknown
  try {
    body = JSON.parse(sent)
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refusal(400, 'Body should be a JSON object')
  }
  return body
}

const pathOf = (path: string): string => path.split('?', 1)[0]!

/** What the request gets, or the failure that was ordered for it. */
async function answerOrFail(
  services: Services,
  incoming: IncomingMessage,
  body: unknown,
): Promise<Answer | RawAnswer | 'drop'> {
  const { method = 'GET', url: path = '/' } = incoming
  await services.faults.runHook(method, path)
  const fault = services.faults.takeFault(method, path)
  if (!fault) return answer(services, incoming, body)
  if (fault.afterCommit) await answer(services, incoming, body)
  if ('drop' in fault) return 'drop'
  const { status, headers = {}, body: failure = { message: 'This failure was ordered' } } = fault
  return { status, headers, body: failure }
}

/** @throws Refusal when GitHub would not serve the request. */
async function answer(
  { site, contentLimit, log }: Services,
  incoming: IncomingMessage,
  body: unknown,
): Promise<Answer | RawAnswer> {
  const { method = 'GET', url: path = '/' } = incoming
  const match = findRoute(method, pathOf(path))
  const { actor, world } = identify(site, incoming, match)
  const { route, params } = match!
  if (route.isContent && 'login' in actor)
    contentLimit.count(`${actor.login} ${world.installationId}`, world.access.now())
  const url = new URL(world.url + path)
  const reply = await route.handle({ method, url, params, headers: incoming.headers, body, actor }, world)
  if (route.handle === queryGraphql) noteErrors(log, method, path, reply)
  return reply
}

/** GraphQL refuses with status 200. What it could not find is a lookup, as in REST. */
function noteErrors(log: Log, method: string, path: string, reply: Answer | RawAnswer): void {
  const { errors = [] } = ('body' in reply ? reply.body : {}) as { errors?: { type?: string; message: string }[] }
  const refusals = errors.filter((error) => error.type !== 'NOT_FOUND')
  for (const { message } of refusals) log.refused.push({ method, path, status: reply.status, message })
}

/** Who asks, and of which repository. @throws Refusal unless they may ask that, there. */
function identify(
  site: Services['site'],
  incoming: IncomingMessage,
  match: Match | undefined,
): { actor: Actor; world: World } {
  if (!incoming.headers['user-agent']) throw new Refusal(403, 'Request forbidden by administrative rules.')
  const access = match?.route.access
  if (access === 'nothing') return { actor: { kind: 'nobody' }, world: worldOf(site, match) }
  const actor = site[0]!.access.identify(incoming.headers.authorization)
  const own = site.find((one) => reaches(actor, one))
  if (actor.kind === 'installation' && own?.access.isSuspended) throw suspended()
  if (!match) throw notFound()
  if (access === 'app' && actor.kind !== 'app') throw badToken()
  const { owner } = match.params
  const world = owner ? worldOf(site, match) : own
  if (!world || !reaches(actor, world)) throw notFound()
  if (world.repository.archived && owner && incoming.method !== 'GET') throw archived()
  if (access !== 'app') world.access.demand(actor, access === 'token' ? ['metadata: read'] : access!)
  return { actor, world }
}

/** The repository that a path names; the first where it names none. @throws Refusal when there is no such repository. */
function worldOf(site: Services['site'], match: Match | undefined): World {
  const { owner, repo } = match?.params ?? {}
  if (!owner) return site[0]!
  const asked = `${owner}/${repo}`.toLowerCase()
  const world = site.find(({ repository }) => `${repository.owner}/${repository.name}`.toLowerCase() === asked)
  if (!world) throw notFound()
  return world
}

async function send({ site, log }: Services, response: ServerResponse, reply: Answer | RawAnswer): Promise<void> {
  const isJson = !('raw' in reply)
  const now = site[0]!.access.now()
  response.writeHead(reply.status, {
    date: new Date(now).toUTCString(),
    ...(isJson && reply.body !== undefined ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    'x-github-request-id': `SIM:${log.requests.length.toString(16).toUpperCase().padStart(4, '0')}`,
    'x-github-media-type': 'github.v3; format=json',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': String(Math.floor(now / 1000) + 3600),
    'x-ratelimit-used': '1',
    ...reply.headers,
  })
  const content = isJson ? Buffer.from(reply.body === undefined ? '' : JSON.stringify(reply.body)) : reply.raw
  // A client that hangs up in the middle is its own business.
  if (content instanceof Readable) await pipeline(content, response).catch(() => response.destroy())
  else response.end(content)
}
