/**
 * Owns the HTTP server: the webhook's path, the health routes, and the limits that Probot's own server does not have (on
 * the length of a body, and on the time it takes to come).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UserError } from '../core/errors.ts'
import type { Metrics } from './metrics.ts'
import { answerWithPage, type Pages } from './pages/pages.ts'

/** GitHub sends nothing longer: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap */
const longestBody = 25 * 1024 * 1024

export const webhookPath = '/api/github/webhooks'

export interface HttpOptions {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** Probot's middleware, where webhooks are taken; it takes a body that was read before it from `request.body`. */
  readonly webhooks?: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>
  /** What a browser may read. */
  readonly pages: Pages
  readonly metrics?: Pick<Metrics, 'read' | 'contentType' | 'onWebhook'>
  /** Whether deliveries are accepted. */
  readonly isReady: () => boolean
}

export interface HttpServer {
  readonly url: string
  /** Takes no more requests, and ends when those under way are answered. */
  close(): Promise<void>
  /** Breaks off the requests under way. */
  cut(): void
}

/** @throws UserError when the address cannot be listened on. */
export async function serveHttp({ host, port, webhooks, pages, metrics, isReady }: HttpOptions): Promise<HttpServer> {
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const path = (request.url ?? '/').replace(/\?.*$/, '')
    if (path === '/healthz') return answer(response, 200, 'ok')
    if (path === '/readyz') return isReady() ? answer(response, 200, 'ready') : answer(response, 503, 'stopping')
    if (path === '/metrics' && metrics) return answer(response, 200, await metrics.read(), metrics.contentType)
    if (path !== webhookPath || !webhooks)
      return answerWithPage(pages, path, response) || answer(response, 404, 'not found')
    if (Number(request.headers['content-length']) > longestBody) {
      return answer(response.setHeader('connection', 'close'), 413, 'too long')
    }
    const begin = performance.now()
    response.once('finish', () => metrics?.onWebhook(performance.now() - begin))
    return webhooks(Object.assign(request, { body: await readBody(request) }), response)
  }
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    // A client that broke off, or that sent more than it said, gets no answer.
    respond(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      reject(new UserError(`PORT, HOST: cannot listen on ${host}:${port} (${code})`))
    })
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: `http://${shownHost}:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    cut: () => server.closeAllConnections(),
  }
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type }).end(`${text}\n`)
}

/** @throws when it is longer than any of GitHub's, or does not come to its end. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.byteLength
    if (length > longestBody) throw new RangeError('the body is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
