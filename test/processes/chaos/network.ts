/** Owns the way between one process of the app and the simulated GitHub, on which anything may happen to a request. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A request on its way. */
export interface Passage {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Has GitHub do what it asks for. */
  readonly ask: () => Promise<Answer>
}

/** What the process hears of it. */
export type Arrival =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly onArrival?: () => void }
  /** The connection breaks, before the answer or in the middle of it. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'cut'; readonly answer: Answer }
  | { readonly kind: 'silence' }

export class Network {
  readonly #github: string
  readonly #server = createServer((incoming, outgoing) => {
    // Whoever asked may be dead before they have said all.
    this.#pass(incoming, outgoing).catch(() => incoming.destroy())
  })
  #carry!: (passage: Passage) => Promise<Arrival>

  /** @param github where GitHub is */
  constructor(github: string) {
    this.#github = github
  }

  /** @returns where a process finds GitHub that is behind this network */
  async listen(carry: (passage: Passage) => Promise<Arrival>): Promise<string> {
    this.#carry = carry
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming
    const sent = await read(incoming)
    const arrival = await this.#carry({
      method,
      path,
      ask: () => ask(new URL(this.#github + path), { method, headers }, sent),
    })
    if (arrival.kind === 'silence') return
    if (arrival.kind === 'reset') {
      incoming.socket.resetAndDestroy()
      return
    }
    const { status, headers: given, body } = arrival.answer
    outgoing.writeHead(status, given)
    if (arrival.kind === 'answer') outgoing.end(body, arrival.onArrival)
    else outgoing.write(body.subarray(0, body.byteLength / 2), () => incoming.socket.destroy())
  }
}

async function read(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function ask(url: URL, options: RequestOptions, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      const { statusCode: status = 0, headers } = answer
      read(answer).then((whole) => resolve({ status, headers, body: whole }), reject)
    })
    sent.on('error', reject).end(body)
  })
}
