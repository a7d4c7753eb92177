import { generateKeyPairSync } from 'node:crypto'
import { Probot } from 'probot'
import { afterAll, describe, expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { appToken, clientOf, refusalOf, repo, startSetting } from './setting.ts'

let now = Date.UTC(2026, 5, 1)
const { github, octokit, head, pull, repository } = await startSetting({ now: () => now })

const jwt = (claims: object = {}, privateKey?: string, alg?: string) => appToken(github, now, claims, privateKey, alg)
const asApp = (token = jwt()) => clientOf(github, token)
const installation = { installation_id: 1 }

describe('the App', () => {
  test('sees itself and its installation', async () => {
    expect((await asApp().rest.apps.getAuthenticated()).data).toMatchObject({ id: 1, slug: 'celery-review' })
    expect((await asApp().rest.apps.listInstallations()).data).toMatchObject([{ id: 1, account: { login: 'acme' } }])
    expect((await asApp().rest.apps.getInstallation(installation)).data).toMatchObject({ suspended_at: null })
    expect((await asApp().rest.apps.getRepoInstallation(repo)).data).toMatchObject({
      id: 1,
      permissions: { contents: 'read', pull_requests: 'write', checks: 'write', issues: 'write', metadata: 'read' },
    })
    expect(await refusalOf(asApp().rest.apps.getInstallation({ installation_id: 2 }))).toMatchObject({ status: 404 })
  })

  test('gets a token that works for an hour', async () => {
    const { data } = await asApp().rest.apps.createInstallationAccessToken(installation)
    expect(data.expires_at).toBe('2026-06-01T01:00:00Z')
    const client = clientOf(github, data.token)
    expect((await client.rest.apps.listReposAccessibleToInstallation()).data).toMatchObject({
      total_count: 1,
      repositories: [{ full_name: 'acme/shop' }],
    })
    now += 3_599_999
    expect((await client.rest.pulls.get(pull)).status).toBe(200)
    now += 1
    expect(await refusalOf(client.rest.pulls.get(pull))).toEqual({ status: 401, message: 'Bad credentials' })
  })

  test('gets a narrower token when it asks for one, and no wider one', async () => {
    const { data } = await asApp().rest.apps.createInstallationAccessToken({
      ...installation,
      repository_ids: [github.repository.id],
      permissions: { contents: 'read' },
    })
    const client = clientOf(github, data.token)
    expect((await client.rest.repos.getCommit({ ...repo, ref: head })).status).toBe(200)
    expect(await refusalOf(client.rest.pulls.get(pull))).toMatchObject({ status: 403 })
    const ask = (request: object) =>
      refusalOf(asApp().rest.apps.createInstallationAccessToken({ ...installation, ...request }))
    expect(await ask({ permissions: { contents: 'write' } })).toMatchObject({ status: 422 })
    expect(await ask({ repository_ids: [5] })).toMatchObject({ status: 422 })
  })

  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const bad: [string, () => string, number, RegExp][] = [
    [
      'signed by another key',
      () => jwt({}, other.export({ type: 'pkcs8', format: 'pem' }).toString()),
      401,
      /could not be decoded/,
    ],
    ['signed in another way', () => jwt({}, undefined, 'none'), 401, /could not be decoded/],
    ['that is garbage', () => 'a.b.c', 401, /could not be decoded/],
    ['of another App', () => jwt({ iss: 77 }), 404, /Integration not found/],
    ['that expired', () => jwt({ exp: now / 1000 - 1 }), 401, /'Expiration time'/],
    ['that lives too long', () => jwt({ exp: now / 1000 + 3600 }), 401, /too far in the future/],
    ['from the future', () => jwt({ iat: now / 1000 + 120 }), 401, /'Issued at'/],
  ]
  test.each(bad)('is turned away with a token %s', async (_, token, status, message) => {
    const refusal = await refusalOf(asApp(token()).rest.apps.getAuthenticated())
    expect(refusal.status).toBe(status)
    expect(refusal.message).toMatch(message)
  })

  test('does not act as itself on a repository, nor an installation as the App', async () => {
    expect(await refusalOf(asApp().rest.pulls.get(pull))).toMatchObject({ status: 401 })
    const client = clientOf(github, github.installationToken())
    expect(await refusalOf(client.rest.apps.getAuthenticated())).toMatchObject({ status: 401 })
  })

  test('may bring its own key and names', async () => {
    const privateKey = other.export({ type: 'pkcs1', format: 'pem' }).toString()
    const own = await startSimulator({
      repository: { owner: 'acme', name: 'shop', gitDir: repository.dir },
      app: { id: 42, slug: 'my-review', privateKey },
      now: () => now,
    })
    afterAll(() => own.close())
    const client = clientOf(own, jwt({ iss: 42 }, privateKey))
    expect((await client.rest.apps.getAuthenticated()).data).toMatchObject({ id: 42, slug: 'my-review' })
  })
})

test('unknown and absent tokens are turned away', async () => {
  const nobody = { baseUrl: github.url }
  expect(await refusalOf(clientOf(github, 'ghs_nonsense').rest.pulls.get(pull))).toEqual({
    status: 401,
    message: 'Bad credentials',
  })
  expect(await refusalOf(octokit.request('GET /app', { ...nobody, headers: { authorization: '' } }))).toMatchObject({
    status: 401,
  })
  expect((await octokit.request('GET /meta', nobody)).status).toBe(200)
})

describe('permissions', () => {
  const granted = { metadata: 'read', contents: 'read', pull_requests: 'read', checks: 'read', issues: 'read' } as const
  const client = () => clientOf(github, github.installationToken())
  const requests: [string, string, () => Promise<unknown>][] = [
    ['review', 'pull_requests=write', () => client().rest.pulls.createReview({ ...pull, event: 'COMMENT', body: 'x' })],
    ['check', 'checks=write', () => client().rest.checks.create({ ...repo, name: 'x', head_sha: head })],
    [
      'comment',
      'issues=write; pull_requests=write',
      () => client().rest.issues.createComment({ ...repo, issue_number: 1, body: 'x' }),
    ],
  ]
  test.each(requests)('are demanded for a %s, and named', async (_, accepted, request) => {
    github.setPermissions(granted)
    const error = await request().catch((reason) => reason)
    expect(error).toMatchObject({
      status: 403,
      response: {
        data: { message: 'Resource not accessible by integration' },
        headers: { 'x-accepted-github-permissions': accepted },
      },
    })
  })

  test('of tokens that are out shrink with those of the installation', async () => {
    github.setPermissions({ ...granted, checks: 'write' })
    const early = client()
    github.setPermissions(granted)
    expect(await refusalOf(early.rest.checks.create({ ...repo, name: 'x', head_sha: head }))).toMatchObject({
      status: 403,
    })
  })
})

test('a suspended installation gets and uses no token', async () => {
  const client = clientOf(github, github.installationToken())
  github.suspend()
  const suspended = { status: 403, message: 'This installation has been suspended' }
  expect(await refusalOf(client.rest.pulls.get(pull))).toEqual(suspended)
  expect(await refusalOf(asApp().rest.apps.createInstallationAccessToken(installation))).toEqual(suspended)
  github.suspend(false)
  expect((await client.rest.pulls.get(pull)).status).toBe(200)
})

test('Probot signs in by itself, whatever the clock of the simulator says', async () => {
  const probot = new Probot({
    appId: github.app.id,
    privateKey: github.app.privateKey,
    secret: github.app.webhookSecret,
    baseUrl: github.url,
    logLevel: 'fatal',
  })
  const client = await probot.auth(github.installationId)
  expect((await client.rest.pulls.get(pull)).data.head.sha).toBe(head)
})
