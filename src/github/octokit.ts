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

/** The class of all clients: one that spaces writes and repeats reads as GitHub asks for, or one that does neither. */
export const octokitClass = ({ isPatient }: { isPatient: boolean }): typeof ProbotOctokit =>
  isPatient ? ReviewOctokit : HastyOctokit

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
