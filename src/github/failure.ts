/**
 * Owns what can go wrong between GitHub and us, in our words. This is the only module that reads status codes and the
 * prose of error messages; everything above decides by `Failure['kind']`.
 */

export type Failure =
  /** Deleted, transferred away, or out of our reach: there is nothing left to do. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'suspended' }
  /** A permission that the installation did not grant; `permission` in GitHub's words, where it names it. */
  | { readonly kind: 'forbidden'; readonly permission?: string }
  /** Nothing more for `ms` milliseconds. */
  | { readonly kind: 'rate-limited'; readonly ms: number }
  /** Understood, and not accepted as it is. */
  | { readonly kind: 'refused'; readonly message: string }
  /** No answer, or none that makes sense. What was sent may have been stored. */
  | {
      readonly kind: 'unavailable'
      readonly message: string
      /** It does not know our credentials. */
      readonly isUnauthorized?: boolean
      /** Nothing came back, for the reason in `message`. */
      readonly isUnanswered?: boolean
    }

/**
 * The one error that leaves `src/github`. It carries no request and no response: they hold code, and end up in logs.
 */
export class GitHubFailure extends Error {
  override name = 'GitHubFailure'

  constructor(
    readonly failure: Failure,
    message: string,
  ) {
    super(message)
  }
}

/** How long to keep quiet when GitHub says that it was too much, but not for how long: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api */
const quiet = 60_000

type Headers = Readonly<Record<string, string | number | undefined>>

interface Answered {
  readonly headers?: Headers
  readonly data?: unknown
}

/** The failure behind an error that a request ended with; what is no answer of GitHub's comes back as it is. */
export function toFailure(error: unknown, request: { method: string; url: string }): unknown {
  if (!(error instanceof Error) || error instanceof GitHubFailure) return error
  const { status, response } = error as { status?: number; response?: Answered }
  const isLimited = graphqlErrors(response?.data).some(({ type }) => type === 'RATE_LIMITED')
  if (status === undefined && !isLimited) return error
  const failure: Failure = isLimited
    ? { kind: 'rate-limited', ms: pauseOf(response?.headers ?? {}) }
    : failureOf(status ?? 0, error.message, response)
  return new GitHubFailure(failure, `${request.method} ${withoutQuery(request.url)}: ${status ?? ''} ${failure.kind}`)
}

/** Octokit gives what was not answered a status too: 500. */
function failureOf(status: number, message: string, answer?: Answered): Failure {
  if (!answer) return { kind: 'unavailable', message, isUnanswered: true }
  const { headers = {} } = answer
  if (status === 404 || status === 410 || status === 451) return { kind: 'gone' }
  if (status === 403 || status === 429) {
    if (/suspended/i.test(message)) return { kind: 'suspended' }
    if (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0' || status === 429) {
      return { kind: 'rate-limited', ms: pauseOf(headers) }
    }
    if (/secondary rate limit|abuse detection/i.test(message)) return { kind: 'rate-limited', ms: quiet }
    const permission = headers['x-accepted-github-permissions']
    return { kind: 'forbidden', permission: permission === undefined ? undefined : String(permission) }
  }
  // The limit on new content speaks of validation: octokit/plugin-throttling.js#595, actions/github-script#318.
  if (status === 422 && /submitted too quickly|has been spammed/i.test(message)) {
    return { kind: 'rate-limited', ms: quiet }
  }
  if (status >= 400 && status < 500 && status !== 401 && status !== 408) return { kind: 'refused', message }
  return { kind: 'unavailable', message, ...(status === 401 ? { isUnauthorized: true } : {}) }
}

/** How long GitHub asks to wait. The hour's quota ends at a time of GitHub's own clock, which its answers carry too. */
function pauseOf(headers: Headers): number {
  const retryAfter = Number(headers['retry-after']) * 1000
  if (retryAfter > 0) return retryAfter
  const untilReset = Number(headers['x-ratelimit-reset']) * 1000 - Date.parse(String(headers.date))
  return headers['x-ratelimit-remaining'] === '0' && untilReset > 0 ? untilReset : quiet
}

/** The failure behind the errors that a GraphQL answer carries. */
export function toGraphqlFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'GraphqlResponseError') return error
  const { errors, headers } = error as Error & { errors?: unknown; headers?: Headers }
  const all = graphqlErrors({ errors })
  const has = (type: string) => all.some((one) => one.type === type)
  const message = all.map((one) => one.message).join('; ')
  const failure: Failure = has('RATE_LIMITED')
    ? { kind: 'rate-limited', ms: pauseOf(headers ?? {}) }
    : has('FORBIDDEN')
      ? { kind: 'forbidden' }
      : has('NOT_FOUND')
        ? { kind: 'gone' }
        : { kind: 'unavailable', message }
  return new GitHubFailure(failure, `GraphQL: ${failure.kind} ${message}`)
}

function graphqlErrors(data: unknown): { type?: string; message?: string }[] {
  const errors = (data as { errors?: unknown } | undefined)?.errors
  return Array.isArray(errors) ? errors : []
}

/** Whether an error of Octokit's says that GitHub does not take our token. */
export const isUnauthorized = (error: unknown): boolean => (error as { status?: unknown }).status === 401

const withoutQuery = (url: string): string => url.replace(/\?.*$/, '')
