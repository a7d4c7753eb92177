/** The creation of the App: what GitHub is asked for, and that its answer ends up where nobody else can read it. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withEnvFile } from '../../src/cli/env-file.ts'
import { setup } from '../../src/cli/setup/setup.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { UserError } from '../../src/core/errors.ts'
import { webAddressOf } from '../../src/github/convert-manifest.ts'
import { generatePrivateKey } from '../../src/simulator/access.ts'

const key = await generatePrivateKey()
const created = {
  id: 77,
  slug: 'acme-review',
  name: 'Acme review',
  html_url: 'https://github.com/apps/acme-review',
  pem: key,
  webhook_secret: 'a-secret',
}

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'setup-'))
  nock.disableNetConnect()
  nock.enableNetConnect('127.0.0.1')
})
afterEach(() => {
  rmSync(cwd, { recursive: true })
  nock.cleanAll()
  nock.enableNetConnect()
})

/** Starts a setup, and opens its page as a browser would. */
async function start(options: { organization?: string } = {}, environment: NodeJS.ProcessEnv = {}) {
  let text = ''
  let opened: (url: string) => void
  const address = new Promise<string>((resolve) => {
    opened = resolve
  })
  const write = (more: string) => {
    text += more
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? []
    if (url) opened(url)
  }
  const io = { cwd, environment, stdout: { write }, stderr: { write }, now: () => 0 }
  const done = setup({ publicUrl: 'https://review.acme.example', ...options }, io)
  const url = await Promise.race([address, done.then(() => 'ended')])
  const response = await fetch(url)
  const page = await response.text()
  const [, action = ''] = /<form action="([^"]*)"/.exec(page) ?? []
  const [, value = ''] = /name="manifest" value="([^"]*)"/.exec(page) ?? []
  const manifest = JSON.parse(value.replaceAll('&#x22;', '"').replaceAll('&#x26;', '&'))
  return { url, response, done, action: new URL(action.replaceAll('&#x26;', '&')), manifest, said: () => text }
}

describe('setup', () => {
  it('asks for what app.yml lists, with the path on which the app takes webhooks', async () => {
    const { url, done, action, manifest, response } = await start({ organization: 'acme' })
    expect(action.origin + action.pathname).toBe('https://github.com/organizations/acme/settings/apps/new')
    expect(manifest).toMatchObject({
      hook_attributes: { url: 'https://review.acme.example/api/github/webhooks' },
      redirect_url: `${url}/created`,
      default_permissions: { contents: 'read', pull_requests: 'write' },
      public: false,
    })
    expect(response.headers.get('content-security-policy')).toContain('form-action https://github.com')

    nock('https://api.github.com').post('/app-manifests/c0de/conversions').reply(201, created)
    await fetch(`${url}/created?code=c0de&state=${action.searchParams.get('state')}`)
    await done
  })

  it('leaves credentials with which the app starts, readable by their owner only', async () => {
    const { url, done, action, said } = await start()
    expect(action.pathname).toBe('/settings/apps/new')
    nock('https://api.github.com').post('/app-manifests/c0de/conversions').reply(201, created)
    await fetch(`${url}/created?code=c0de&state=${action.searchParams.get('state')}`)
    await done
    const environment = readEnvironment(withEnvFile(cwd, {}))
    expect(environment).toMatchObject({
      appId: 77,
      privateKey: key,
      webhookSecret: 'a-secret',
      referencesUrl: 'https://review.acme.example/references',
    })
    for (const name of ['.env', 'private-key.pem']) expect(statSync(join(cwd, name)).mode & 0o777).toBe(0o600)
    expect(said()).toContain('Install it: https://github.com/apps/acme-review/installations/new')
    expect(said()).not.toContain('a-secret')
  })

  it('takes no answer without the word that it gave out', async () => {
    const { url, done, action } = await start()
    const api = nock('https://api.github.com').post('/app-manifests/evil/conversions').reply(201, created)
    for (const state of ['', 'x', '0'.repeat(32)]) {
      expect((await fetch(`${url}/created?code=evil&state=${state}`)).status).toBe(404)
    }
    expect(api.isDone()).toBe(false)
    nock.cleanAll()
    nock('https://api.github.com').post('/app-manifests/c0de/conversions').reply(201, created)
    await fetch(`${url}/created?code=c0de&state=${action.searchParams.get('state')}`)
    await done
  })

  it('says that GitHub gave none, and writes nothing', async () => {
    const { url, done, action } = await start()
    nock('https://api.github.com').post('/app-manifests/old/conversions').reply(404, {})
    const ended = expect(done).rejects.toThrow(UserError)
    await fetch(`${url}/created?code=old&state=${action.searchParams.get('state')}`)
    await ended
    expect(withEnvFile(cwd, {})).toEqual({})
  })

  it('overwrites no credentials', async () => {
    writeFileSync(join(cwd, '.env'), 'APP_ID=1\n')
    await expect(start()).rejects.toThrow(/\.env: exists already; move it away/)
    expect(readFileSync(join(cwd, '.env'), 'utf8')).toBe('APP_ID=1\n')
  })
})

it('.env gives way to what the process was given', () => {
  writeFileSync(join(cwd, '.env'), 'APP_ID=1\nPORT=4000\n')
  expect(withEnvFile(cwd, { APP_ID: '2' })).toEqual({ APP_ID: '2', PORT: '4000' })
})

it.each([
  ['https://api.github.com', 'https://github.com'],
  ['https://ghe.acme.example/api/v3', 'https://ghe.acme.example'],
  ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
])('the pages of %s are at %s', (api, web) => {
  expect(webAddressOf(api)).toBe(web)
})
