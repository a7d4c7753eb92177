/** Owns the way between one process of the app and the simulated GitHub, on which anything may happen to a request. */
import { createServer, type IncomingHttpHeaders, type RequestOptions, request, type Server } from 'node:http'
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

/** What the process hears of it. `then` is called when it has the answer. */
export type Arrival =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly then?: () => void }
  /** The connection breaks, before the answer or in the middle of it. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'cut'; readonly answer: Answer }
  | { readonly kind: 'silence' }

export class Network {
  readonly #server: Server

  constructor(target: string, carry: (passage: Passage) => Promise<Arrival>) {
    this.#server = createServer((incoming, outgoing) => {
      // Whoever asked may be dead before they have said all.
      read(incoming)
        .then(async (body) => {
          const { method = 'GET', url: path = '/', headers } = incoming
          const arrival = await carry({
            method,
            path,
            ask: () => ask(new URL(target + path), { method, headers }, body),
          })
          if (arrival.kind === 'silence') return
          if (arrival.kind === 'reset') return incoming.socket.resetAndDestroy()
          const { status, headers: given, body: whole } = arrival.answer
          outgoing.writeHead(status, given)
          if (arrival.kind === 'answer') outgoing.end(whole, arrival.then)
          else outgoing.write(whole.subarray(0, whole.byteLength / 2), () => incoming.socket.destroy())
        })
        .catch(() => incoming.destroy())
    })
  }

  /** @returns where the process finds GitHub */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
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
