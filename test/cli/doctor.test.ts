import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nock from 'nock'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { doctor } from '../../src/cli/doctor.ts'
import { generatePrivateKey } from '../../src/simulator/access.ts'

const key = await generatePrivateKey()
const manifest = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8'))
const dataDir = await mkdtemp(join(tmpdir(), 'celery-review-doctor-'))
afterAll(() => rm(dataDir, { recursive: true }))
const environment = { APP_ID: '7', PRIVATE_KEY: key, WEBHOOK_SECRET: 'f00d', DATA_DIR: dataDir, NO_COLOR: '1' }
const date = 'Sun, 01 Nov 2026 12:00:00 GMT'
const now = () => Date.parse(date) + 5_000

const app = {
  id: 7,
  slug: 'acme-review',
  name: 'Acme review',
  html_url: 'https://github.com/apps/acme-review',
  permissions: manifest.default_permissions,
  events: manifest.default_events,
}
const hook = {
  url: 'https://review.acme.example/api/github/webhooks',
  content_type: 'json',
  insecure_ssl: '0',
  secret: '********',
}
const installation = {
  account: { login: 'acme' },
  suspended_at: null,
  permissions: manifest.default_permissions,
  html_url: 'https://github.com/organizations/acme/settings/installations/1',
}
const delivery = { event: 'pull_request', status: 'OK', status_code: 200 }

interface Answers {
  app: object
  hook: object
  installations: object[]
  deliveries: object[]
  date: string
}

function github(change: Partial<Answers> = {}): void {
  const answers = { app, hook, installations: [installation], deliveries: [delivery], date, ...change }
  nock('https://api.github.com')
    .defaultReplyHeaders({ date: answers.date })
    .get('/app')
    .reply(200, answers.app)
    .get('/app/hook/config')
    .reply(200, answers.hook)
    .get('/app/installations?per_page=100')
    .reply(200, answers.installations)
    .get('/app/hook/deliveries?per_page=100')
    .reply(200, answers.deliveries)
}

async function run(variables: NodeJS.ProcessEnv = environment): Promise<{ code: number; lines: string[] }> {
  let text = ''
  const stdout = { write: (more: string) => (text += more) }
  const io = { cwd: '/', environment: variables, stdout, stderr: stdout, now: () => 0 }
  const code = await doctor(io, now)
  return { code, lines: text.trimEnd().split('\n') }
}

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

it('finds nothing where everything is in order', async () => {
  github()
  const { code, lines } = await run()
  expect(lines).toEqual([
    'ok     environment    is complete',
    `ok     store          ${dataDir}/celery-review.db has no tables yet: the first start makes them`,
    'ok     credentials    are those of the App acme-review',
    'ok     clock          agrees with GitHub',
    'ok     permissions    are what app.yml asks for',
    'ok     events         are what app.yml asks for',
    'ok     webhook        goes to https://review.acme.example/api/github/webhooks',
    'ok     installations  1, all with the permissions they need',
    'ok     deliveries     the last 1 arrived',
    '',
    'No fault found.',
  ])
  expect(code).toBe(0)
})

it('names every variable that is missing, and asks nobody', async () => {
  const { code, lines } = await run({ NO_COLOR: '1' })
  expect(lines).toEqual([
    expect.stringMatching(/^fault {2}environment +APP_ID: set it/),
    expect.stringMatching(/^fault {2}environment +WEBHOOK_SECRET: set it/),
    expect.stringMatching(/^fault {2}environment +PRIVATE_KEY: set it/),
    '',
    '3 faults found.',
  ])
  expect(code).toBe(1)
})

describe('names the remedy', () => {
  const { checks: _, ...withoutChecks } = manifest.default_permissions
  const faults: [string, Partial<Answers>, RegExp][] = [
    [
      'a clock that is late',
      { date: 'Sun, 01 Nov 2026 12:02:00 GMT' },
      /^fault {2}clock +is 115 s behind GitHub.*NTP$/,
    ],
    ['a clock that is early', { date: 'Sun, 01 Nov 2026 11:59:00 GMT' }, /^fault {2}clock +is 65 s ahead of GitHub/],
    ['a permission', { app: { ...app, permissions: withoutChecks } }, /^fault {2}permissions +lack checks: write: add/],
    [
      'a permission too weak',
      { app: { ...app, permissions: { ...manifest.default_permissions, issues: 'read' } } },
      /^fault {2}permissions +lack issues: write/,
    ],
    [
      'a permission too many',
      { app: { ...app, permissions: { ...manifest.default_permissions, secrets: 'read' } } },
      /^doubt {2}permissions +include secrets: read/,
    ],
    ['an event', { app: { ...app, events: ['pull_request'] } }, /^fault {2}events +lack issue_comment, /],
    [
      'no webhook',
      { hook: { ...hook, url: undefined } },
      /^fault {2}webhook +has no address: set it to .*\/api\/github\/webhooks/,
    ],
    [
      "Probot's path of old",
      { hook: { ...hook, url: 'https://review.acme.example/' } },
      /^fault {2}webhook +goes to https:\/\/review.acme.example\/: its path must be \/api\/github\/webhooks$/,
    ],
    ['a form', { hook: { ...hook, content_type: 'form' } }, /^fault {2}webhook +is sent as form: set/],
    ['no secret', { hook: { ...hook, secret: undefined } }, /^fault {2}webhook +has no secret at GitHub/],
    ['no certificate', { hook: { ...hook, insecure_ssl: '1' } }, /^doubt {2}webhook +is sent without verifying/],
    ['no installation', { installations: [] }, /^fault {2}installations +are none: install the App from https/],
    [
      'a suspended one',
      { installations: [{ ...installation, suspended_at: '2026-10-01T00:00:00Z' }] },
      /^doubt {2}installations +that of acme is suspended/,
    ],
    [
      'one that did not accept',
      { installations: [{ ...installation, permissions: withoutChecks }] },
      /^fault {2}installations +that of acme lacks checks: write: its owner has to accept/,
    ],
    [
      'the last delivery failed',
      { deliveries: [{ event: 'pull_request', status: 'Invalid HTTP Response: 404', status_code: 404 }, delivery] },
      /^fault {2}deliveries +1 of the last 2 failed, lately pull_request with "404 Invalid/,
    ],
    [
      'an older one failed',
      { deliveries: [delivery, { event: 'push', status: 'timed out', status_code: 0 }] },
      /^doubt {2}deliveries +1 of the last 2 failed, lately push with "timed out"/,
    ],
  ]

  it.each(faults)('for %s', async (_what, change, line) => {
    github(change)
    const { code, lines } = await run()
    expect(lines).toContainEqual(expect.stringMatching(line))
    expect(code).toBe(line.source.startsWith('^fault') ? 1 : 0)
  })

  it('for a key of another App', async () => {
    nock('https://api.github.com').get('/app').reply(401, { message: 'A JSON web token could not be decoded' })
    expect((await run()).lines[2]).toMatch(/^fault {2}credentials +GitHub does not accept them: PRIVATE_KEY must be/)
  })

  it('for a GitHub that is elsewhere', async () => {
    nock('https://ghe.example').get('/api/v3/app').reply(404, {})
    const { lines } = await run({ ...environment, GITHUB_API_URL: 'https://ghe.example/api/v3' })
    expect(lines[2]).toMatch(/^fault {2}credentials +https:\/\/ghe.example\/api\/v3 knows no App with the number 7/)
  })

  it('for a network that leads nowhere', async () => {
    nock('https://api.github.com').get('/app').replyWithError('getaddrinfo ENOTFOUND api.github.com')
    expect((await run()).lines[2]).toMatch(
      /^fault {2}credentials +https:\/\/api.github.com cannot be reached \(getaddrinfo ENOTFOUND api.github.com\): check/,
    )
  })
})
