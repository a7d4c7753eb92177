/** Owns the client that everything in `src/github` uses: Probot's, taught to fail in our words, to wait for nobody, and to log no code. */
import { ProbotOctokit } from 'probot'
import { toFailure, toGraphqlFailure } from './failure.ts'

type OctokitOptions = NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>
type Log = Record<'debug' | 'info' | 'warn' | 'error', (...args: unknown[]) => void>

/** Runs outside of the plugins for retries and throttling, and so sees only what is left when they gave up. */
function failInOurWords(octokit: Pick<Octokit, 'hook'>): void {
  octokit.hook.error('request', (error, { method, url }) => {
    throw toFailure(error, { method, url })
  })
}

/** The plugin would keep a worker waiting for up to an hour: the queue can wait without one. */
const giveUp = () => false

/** Probot logs what each request sends; that is other people's code. */
function withoutBodies(log: Log): Log {
  const only =
    (level: keyof Log) =>
    (...args: unknown[]) =>
      log[level](args.find((arg) => typeof arg === 'string') ?? '')
  return { debug: only('debug'), info: only('info'), warn: only('warn'), error: only('error') }
}

/** One answer of GitHub's, as it came over the wire. */
export interface GitHubAnswer {
  /** Whose token was sent; undefined for the App's own. */
  readonly installation?: string
  readonly answer: 'ok' | 'refused' | 'failed' | 'none'
  /** What is left of the quota, and of which one. */
  readonly remaining?: number
  readonly resource: 'core' | 'graphql' | 'other'
}

/** What asks beneath one that tells: a client of an installation is made with the options of the App's, which tells already. */
const beneath = new WeakMap<typeof fetch, typeof fetch>()

/** Below the plugins, so that each request counts that they repeat. */
function telling(onAnswer: (answer: GitHubAnswer) => void, { request, throttle }: OctokitOptions): typeof fetch {
  const given: typeof fetch = request?.fetch ?? fetch
  const asking = beneath.get(given) ?? given
  // A client of an installation is known by the throttle that it has to itself.
  const installation: string | undefined = throttle?.id
  const tellingFetch: typeof fetch = async (...asked) => {
    try {
      const response = await asking(...asked)
      onAnswer({ installation, ...read(response) })
      return response
    } catch (error) {
      onAnswer({ installation, answer: 'none', resource: 'other' })
      throw error
    }
  }
  beneath.set(tellingFetch, asking)
  return tellingFetch
}

function read({ status, headers }: Response): Omit<GitHubAnswer, 'installation'> {
  const left = headers.get('x-ratelimit-remaining')
  const resource = headers.get('x-ratelimit-resource') ?? 'core'
  return {
    answer: status < 400 ? 'ok' : status < 500 ? 'refused' : 'failed',
    remaining: left === null ? undefined : Number(left),
    resource: resource === 'core' || resource === 'graphql' ? resource : 'other',
  }
}

const ReviewOctokit = ProbotOctokit.plugin(failInOurWords).defaults((options: OctokitOptions) => ({
  ...options,
  ...(options.log ? { log: withoutBodies(options.log as Log) } : {}),
  throttle: { ...options.throttle, onRateLimit: giveUp, onSecondaryRateLimit: giveUp },
}))

const HastyOctokit = ReviewOctokit.defaults((options: OctokitOptions) => ({
  ...options,
  retry: { enabled: false },
  throttle: { ...options.throttle, enabled: false },
}))

export interface ClientOptions {
  /** Whether to space writes and repeat reads as GitHub asks for. */
  readonly isPatient: boolean
  readonly onAnswer?: (answer: GitHubAnswer) => void
}

/** The class of all clients. */
export function octokitClass({ isPatient, onAnswer }: ClientOptions): typeof ProbotOctokit {
  const Client = isPatient ? ReviewOctokit : HastyOctokit
  if (!onAnswer) return Client
  return Client.defaults((options: OctokitOptions) => ({
    ...options,
    request: { ...options.request, fetch: telling(onAnswer, options) },
  }))
}

/** GitHub itself gives up after ten seconds (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts), a server of one's own after thirty. */
const longestSilence = 60_000

/**
 * Asks, and gives up when the answer is not there after so many milliseconds: Node would wait for five minutes, and the
 * pull request with it. An archive that has begun to come may take as long as it needs.
 * @param signal ends all that is under way
 */
export function fetchWithin({ silence = longestSilence, signal }: { silence?: number; signal: AbortSignal }) {
  const fetchInTime: typeof fetch = async (url, options) => {
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(new Error(`no answer within ${silence} ms`)), silence)
    try {
      return await whole(await fetch(url, { ...options, signal: AbortSignal.any([timeout.signal, signal]) }))
    } catch (error) {
      // After any other error Octokit would ask again.
      throw signal.aborted ? new DOMException(signal.reason.message, 'AbortError') : error
    } finally {
      clearTimeout(timer)
    }
  }
  return fetchInTime
}

/**
 * An answer in JSON, read to its end. Octokit takes one that breaks off for one that says nothing: no files, no token.
 * @throws when it breaks off
 */
async function whole(answer: Response): Promise<Response> {
  if (/\bjson\b/.test(answer.headers.get('content-type') ?? '')) await answer.clone().arrayBuffer()
  return answer
}

export type Octokit = InstanceType<typeof ProbotOctokit>

/** For every request that makes something: the plugin would send it again after an answer that only looks like a failure. */
export const once = { request: { retries: 0 } }

/** The client, which tells of every request that it makes. */
export function counted(octokit: Octokit, onRequest: () => void): Octokit {
  octokit.hook.before('request', onRequest)
  return octokit
}

/**
 * Asks GraphQL.
 * @throws GitHubFailure
 */
export async function ask<Answer>(
  octokit: Octokit,
  query: string,
  variables: Record<string, unknown>,
): Promise<Answer> {
  try {
    return await octokit.graphql<Answer>(query, variables)
  } catch (error) {
    throw toGraphqlFailure(error)
  }
}

export interface RepositoryName {
  readonly owner: string
  readonly repo: string
}

/** A pull request by the names that Octokit's parameters have. */
export interface PullRequestName extends RepositoryName {
  readonly pull_number: number
}
