/** Owns requests and answers as the routes see them: parameters, bodies checked against a schema, pages, media types. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Actor } from './access.ts'
import { invalidRequest, Refusal } from './refusals.ts'

export interface ApiRequest {
  readonly method: string
  /** The root of the API, for links. */
  readonly url: URL
  /** The parts of the path that the route names. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** The parsed JSON, or nothing when none was sent. */
  readonly body: unknown
  readonly actor: Actor
}

export interface Answer<Body = unknown> {
  readonly status: number
  readonly body?: Body
  readonly headers?: Readonly<Record<string, string>>
}

/** Bytes instead of JSON. */
export interface RawAnswer {
  readonly status: number
  readonly raw: Buffer | Readable
  readonly headers: Readonly<Record<string, string>>
}

export const ok = <Body>(body: Body): Answer<Body> => ({ status: 200, body })
export const created = <Body>(body: Body): Answer<Body> => ({ status: 201, body })
export const noContent = (): Answer<never> => ({ status: 204 })

/** The number that a part of the path stands for; what is no number names nothing. */
export function numberParam(request: ApiRequest, name: string): number {
  const value = request.params[name] ?? ''
  if (!/^\d+$/.test(value)) throw new Refusal(404, 'Not Found')
  return Number(value)
}

/** Who writes: the App's bot or a person. */
export function authorOf({ actor }: ApiRequest): string {
  if (actor.kind === 'installation' || actor.kind === 'user') return actor.login
  throw new Refusal(401, 'Requires authentication')
}

/** Whether the client asks for the bytes themselves, by any of the names that the raw media type has had. */
export const wantsRaw = ({ headers }: ApiRequest): boolean =>
  /application\/vnd\.github\.(v3\.)?raw(\+json)?\b/.test(headers.accept ?? '')

/** The page that the query asks for, at most 100 items long, with the links to its neighbours. */
export function page<Item>(request: ApiRequest, items: readonly Item[], perPage = 30): Answer<Item[]> {
  const { size, number } = pageOf(request, perPage)
  return {
    status: 200,
    body: items.slice((number - 1) * size, number * size),
    headers: links(request, number, Math.max(1, Math.ceil(items.length / size))),
  }
}

function pageOf({ url }: ApiRequest, perPage: number): { size: number; number: number } {
  const asked = Number(url.searchParams.get('per_page') ?? perPage)
  const number = Number(url.searchParams.get('page') ?? 1)
  return { size: Math.min(100, Math.max(1, asked || perPage)), number: Math.max(1, number || 1) }
}

function links({ url }: ApiRequest, page: number, last: number): Record<string, string> {
  const wanted: [string, number, boolean][] = [
    ['prev', page - 1, page > 1],
    ['next', page + 1, page < last],
    ['last', last, page < last],
    ['first', 1, page > 1],
  ]
  const parts = wanted.filter(([, , is]) => is).map(([rel, to]) => `<${withPage(url, to)}>; rel="${rel}"`)
  return parts.length > 0 ? { link: parts.join(', ') } : {}
}

function withPage(url: URL, page: number): string {
  const target = new URL(url)
  target.searchParams.set('page', String(page))
  return target.href
}

/**
 * The request's body, once it fits the schema.
 * @throws Refusal in the words of GitHub's own checks.
 */
export function readBody<Schema extends z.ZodType>(request: ApiRequest, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(request.body ?? {})
  if (result.success) return result.data
  throw invalidRequest(result.error.issues.map((issue) => explain(issue, request.body)).join('\n'))
}

function explain(issue: z.core.$ZodIssue, body: unknown): string {
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], body)
  if (value === undefined && issue.code !== 'unrecognized_keys') return `"${issue.path.join('/')}" wasn't supplied.`
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `"${key}" is not a permitted key.`).join('\n')
    case 'invalid_type':
      return `For 'properties/${issue.path.join('/')}', ${show(value)} is not ${article(issue.expected)}.`
    case 'invalid_value':
      return `${show(value)} is not a member of ${JSON.stringify(issue.values)}.`
    case 'too_big':
      if (Array.isArray(value)) return `No more than ${issue.maximum} items are allowed; ${value.length} were supplied.`
      return issue.message
    default:
      return issue.message
  }
}

const show = (value: unknown): string => (value === null ? 'nil' : JSON.stringify(value))
const article = (type: string): string => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`)
