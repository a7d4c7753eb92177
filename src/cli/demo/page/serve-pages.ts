/** Owns the HTTP server of the pages, on this machine only. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PageServer {
  /** Without a final slash. */
  readonly url: string
  close(): Promise<void>
}

/** What the pages need is inside them; whatever else a text might bring in is refused by the browser. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** Serves the pages by their paths, those that are added later too. */
export async function servePages(pages: ReadonlyMap<string, string>): Promise<PageServer> {
  const server = createServer(({ url = '/' }, response) => {
    const page = pages.get(url.replace(/\?.*$/, ''))
    if (page === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n')
    else response.writeHead(200, headers).end(page)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
