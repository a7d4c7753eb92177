/** Owns what `simulate` prints: all that the app posted to the simulator, and every request that it made. */
import { count, indent, type Paint, printable } from './terminal.ts'

/** Names are those of GitHub's REST interface. */
export interface Simulation {
  readonly reviews: readonly SimulatedReview[]
  readonly checkRuns: readonly SimulatedCheckRun[]
  readonly issueComments: readonly { readonly body: string }[]
  readonly reactions: readonly { readonly content: string }[]
  readonly requests: readonly SimulatedRequest[]
  /** How many of them changed something. */
  readonly writes: number
  /** Requests that GitHub would have refused. */
  readonly rejected: number
  readonly ms: number
}

export interface SimulatedReview {
  readonly event: string
  readonly commit_id: string
  readonly body: string
  readonly comments: readonly {
    readonly path: string
    readonly line: number
    readonly side: string
    readonly start_line?: number
    readonly start_side?: string
    readonly body: string
  }[]
}

export interface SimulatedCheckRun {
  readonly name: string
  readonly head_sha: string
  readonly status: string
  readonly conclusion: string | null
  readonly output: { readonly title: string | null; readonly summary: string | null }
  readonly annotations: readonly unknown[]
}

export interface SimulatedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** What was sent, without tokens. */
  readonly body?: unknown
  /** 0 when there was no answer. */
  readonly status: number
  readonly ms: number
}

/** Whether a request changes something that people see. A token is none; GraphQL says by its first word what it does. */
export function isWrite({ method, path, body }: Pick<SimulatedRequest, 'method' | 'path' | 'body'>): boolean {
  if (path === '/graphql') return /^\s*mutation\b/.test((body as { query: string }).query)
  return method !== 'GET' && !path.endsWith('/access_tokens')
}

export const formatSimulationJson = (simulation: Simulation): string => `${JSON.stringify(simulation, null, 2)}\n`

export function formatSimulationText(simulation: Simulation, paint: Paint): string {
  const { reviews, checkRuns, issueComments, reactions, requests, writes, rejected, ms } = simulation
  const blocks = [
    ...reviews.flatMap((review) => formatReview(review, paint)),
    ...checkRuns.map((run) => formatCheckRun(run, paint)),
    ...issueComments.map(({ body }) => formatPost('comment', body, paint)),
    ...reactions.map(({ content }) => `${paint(['bold', 'cyan'], 'reaction')} ${printable(content)}`),
  ]
  if (blocks.length === 0) blocks.push('Nothing was posted.')
  blocks.push(requests.map((request) => formatRequest(request, paint)).join('\n'))
  const refused = rejected === 0 ? 'none rejected' : paint('red', `${rejected} rejected`)
  const asked = paint('bold', `${count(requests.length, 'request')}, ${count(writes, 'write')}`)
  blocks.push(`${asked}, ${refused}, ${ms} ms`)
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function formatReview({ event, commit_id, body, comments }: SimulatedReview, paint: Paint): string[] {
  const head = formatPost(`review ${event} of ${commit_id.slice(0, 12)}`, body, paint)
  return [head, ...comments.map((comment) => formatPost(placeOf(comment), comment.body, paint))]
}

function placeOf({ path, line, side, start_line }: SimulatedReview['comments'][number]): string {
  const lines = start_line === undefined || start_line === line ? `${line}` : `${start_line}-${line}`
  return `${path}:${lines}${side === 'LEFT' ? ' (before)' : ''}`
}

function formatCheckRun({ name, head_sha, status, conclusion, output }: SimulatedCheckRun, paint: Paint): string {
  const title = `check run ${name} of ${head_sha.slice(0, 12)}: ${conclusion ?? status}`
  return formatPost(title, [output.title, output.summary].filter(Boolean).join('\n\n'), paint)
}

const formatPost = (title: string, body: string, paint: Paint): string =>
  `${paint(['bold', 'cyan'], printable(title))}\n${indent(printable(body.replaceAll('\r\n', '\n')), '  ')}`.trimEnd()

function formatRequest({ method, path, status, ms }: SimulatedRequest, paint: Paint): string {
  const isFine = status >= 200 && status < 400
  return `${method.padEnd(6)} ${paint(isFine ? 'green' : 'red', String(status))} ${`${ms} ms`.padStart(9)}  ${printable(path)}`
}
