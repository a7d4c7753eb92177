/**
 * Owns the command `setup`: creates the GitHub App through GitHub's manifest flow, and keeps its credentials. It listens
 * on this machine only, and takes one answer that carries the word it gave out itself.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parse } from 'yaml'
import { webhookPath } from '../../app/serve-http.ts'
import { UserError } from '../../core/errors.ts'
import { convertManifest, type NewApp, webAddressOf } from '../../github/convert-manifest.ts'
import { GitHubFailure } from '../../github/failure.ts'
import { octokitClass } from '../../github/octokit.ts'
import type { Io } from '../io.ts'
import { packageRoot } from '../package.ts'
import { printable } from '../terminal.ts'
import { refuseToOverwrite, writeCredentials } from './credentials.ts'
import { endPage, startPage } from './setup-page.ts'

export interface SetupOptions {
  /** Where GitHub and browsers will reach the app, without a final slash. */
  readonly publicUrl: string
  /** Who shall own the App, if not the person. */
  readonly organization?: string
}

/**
 * Prints an address to open, waits until GitHub has created the App, and writes `.env` and the key into the current directory.
 * @throws UserError when there are credentials already, or GitHub does not hand any out.
 */
export async function setup({ publicUrl, organization }: SetupOptions, io: Io): Promise<void> {
  refuseToOverwrite(io.cwd)
  const apiUrl = (io.environment.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, '')
  const app = await createApp({ publicUrl, organization, apiUrl }, (url) => {
    io.stdout.write(`Open ${url} in a browser on this machine. Ctrl-C gives up.\n`)
  })
  writeCredentials(io.cwd, app, apiUrl, publicUrl)
  io.stdout.write(
    printable(
      `The App ${app.slug} is there; its credentials are in .env.\nInstall it: ${app.url}/installations/new\nThen: npm start\n`,
    ),
  )
}

async function createApp(
  { publicUrl, organization, apiUrl }: SetupOptions & { apiUrl: string },
  announce: (url: string) => void,
): Promise<NewApp> {
  const state = randomBytes(16).toString('hex')
  const owner = organization ? `/organizations/${encodeURIComponent(organization)}` : ''
  const action = `${webAddressOf(apiUrl)}${owner}/settings/apps/new?state=${state}`
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      answer(request, response).catch((error) => {
        response.writeHead(502, { 'content-type': 'text/plain' }).end('GitHub did not create the App.\n')
        end(() => reject(error))
      })
    })
    const end = (next: () => void) => {
      server.close(next)
      server.closeIdleConnections()
    }
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const url = new URL(request.url ?? '/', addressOf(server))
      const headers = pageHeaders(new URL(action).origin)
      if (url.pathname === '/') {
        response.writeHead(200, headers).end(startPage(action, manifestFor(publicUrl, `${addressOf(server)}/created`)))
      } else if (url.pathname === '/created' && isSame(url.searchParams.get('state') ?? '', state)) {
        const app = await trade(url.searchParams.get('code') ?? '', apiUrl)
        response.writeHead(200, { ...headers, connection: 'close' }).end(endPage(`${app.url}/installations/new`))
        end(() => resolve(app))
      } else {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n')
      }
    }
    server.listen(0, '127.0.0.1', () => announce(addressOf(server)))
  })
}

const addressOf = (server: { address(): string | AddressInfo | null }): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`

/** The manifest of `app.yml` with the addresses of this installation. */
export function manifestFor(publicUrl: string, redirectUrl: string): object {
  const manifest = parse(readFileSync(join(packageRoot(), 'app.yml'), 'utf8')) as Record<string, unknown>
  return { ...manifest, hook_attributes: { url: `${publicUrl}${webhookPath}` }, redirect_url: redirectUrl }
}

async function trade(code: string, apiUrl: string): Promise<NewApp> {
  try {
    const Client = octokitClass({ isPatient: false })
    return await convertManifest(new Client({ baseUrl: apiUrl }), code)
  } catch (error) {
    const reason = error instanceof GitHubFailure || error instanceof Error ? error.message : String(error)
    throw new UserError(`GitHub handed out no credentials (${reason}): run setup again; its code works once`)
  }
}

const isSame = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))

/** The form may go to GitHub, and nothing else may leave the page. */
const pageHeaders = (github: string) => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action ${github}`,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
})
