/** Owns the HTTP server of the pages, on this machine only. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWithPage, type Pages } from '../../app/pages/pages.ts'

export interface PageServer {
  /** Without a final slash. */
  readonly url: string
  close(): Promise<void>
}

/** Serves the pages by their paths, those that are added later too. */
export async function servePages(pages: Pages): Promise<PageServer> {
  const server = createServer(({ url = '/' }, response) => {
    if (answerWithPage(pages, url.replace(/\?.*$/, ''), response)) return
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n')
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
