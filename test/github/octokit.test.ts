import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { reply, showEye } from '../../src/github/answer-command.ts'
import { type Failure, GitHubFailure } from '../../src/github/failure.ts'
import { ask, fetchWithin, type GitHubAnswer, type Octokit, octokitClass } from '../../src/github/octokit.ts'
import { openCheck } from '../../src/github/publish-check.ts'
import { publishReview } from '../../src/github/publish-review.ts'
import { blobsQuery } from '../../src/github/queries.ts'
import { listRepositories } from '../../src/github/read-open-pulls.ts'

beforeAll(() => nock.disableNetConnect())
afterEach(() => nock.cleanAll())
afterAll(() => {
  nock.enableNetConnect()
  nock.restore()
})

const api = 'https://api.github.com'
const name = { owner: 'acme', repo: 'shop', pull_number: 1 }
const review = { event: 'COMMENT', commitId: 'a'.repeat(40), key: 'key', body: 'body', comments: [] } as const

type OctokitOptions = NonNullable<ConstructorParameters<ReturnType<typeof octokitClass>>[0]>

function client(options: OctokitOptions = {}): Octokit {
  const Octokit = octokitClass({ isPatient: false })
  return new Octokit({ auth: { token: 'ghs_secret' }, ...options })
}

const comment = { commentId: 5 }

/** A client that would repeat what failed, but that spaces nothing: the tests would have to wait for it. */
function repeatingClient(given: OctokitOptions = {}): Octokit {
  const Octokit = octokitClass({ isPatient: true }).defaults((options: OctokitOptions) => ({
    ...options,
    throttle: { ...options.throttle, enabled: false },
  }))
  return new Octokit({ auth: { token: 'ghs_secret' }, ...given })
}

describe('what makes something is sent once, also by the client that repeats what failed', () => {
  test.each<[string, RegExp, (octokit: Octokit) => Promise<unknown>]>([
    ['a review', /\/pulls\/1\/reviews$/, (octokit) => publishReview(octokit, name, review)],
    ['a check run', /\/check-runs$/, (octokit) => openCheck(octokit, name, review.commitId)],
    ['a reaction', /\/reactions$/, (octokit) => showEye(octokit, name, comment)],
    ['a comment', /\/issues\/1\/comments$/, (octokit) => reply(octokit, name, comment, 'help')],
  ])('%s', async (_, path, send) => {
    let posts = 0
    const refuse = () => {
      posts++
      return [502, {}] as const
    }
    nock(api).persist().post(path).reply(refuse)
    const found = { check_runs: [] }
    nock(api)
      .persist()
      .get(/\/(reviews|comments|check-runs)\?/)
      .reply(200, (uri) => (uri.includes('check-runs') ? found : []))
    await send(repeatingClient()).catch(() => undefined)
    expect(posts).toBe(1)
  })
})

describe('an answer of GitHub becomes a failure in our words', () => {
  async function failureOf(request: Promise<unknown>): Promise<Failure> {
    const error = await request.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof GitHubFailure)) throw new Error(`not a failure of ours: ${error}`)
    return error.failure
  }

  test.each<[number, object, Record<string, string>, object]>([
    [404, { message: 'Not Found' }, {}, { kind: 'gone' }],
    [410, { message: 'Gone' }, {}, { kind: 'gone' }],
    [451, { message: 'Repository access blocked' }, {}, { kind: 'gone' }],
    [403, { message: 'This installation has been suspended' }, {}, { kind: 'suspended' }],
    [
      403,
      { message: 'Resource not accessible by integration' },
      { 'x-accepted-github-permissions': 'contents=read' },
      { kind: 'forbidden', permission: 'contents=read' },
    ],
    [403, { message: 'Unable to create comment because issue is locked.' }, {}, { kind: 'forbidden' }],
    [400, { message: 'Problems parsing JSON' }, {}, { kind: 'refused' }],
    [422, { message: 'Unprocessable Entity', errors: ['Line could not be resolved'] }, {}, { kind: 'refused' }],
    [401, { message: 'Bad credentials' }, {}, { kind: 'unavailable' }],
    [500, { message: 'Server Error' }, {}, { kind: 'unavailable' }],
    [503, {}, {}, { kind: 'unavailable' }],
  ])('%i %o %o', async (status, body, headers, expected) => {
    nock(api).get('/repos/acme/shop').reply(status, body, headers)
    const request = client().rest.repos.get({ owner: 'acme', repo: 'shop' })
    expect(await failureOf(request)).toMatchObject(expected)
  })

  test.each<[string, number, object, Record<string, string>, number]>([
    [
      'a pause that it names',
      403,
      { message: 'You have exceeded a secondary rate limit.' },
      { 'retry-after': '90' },
      90,
    ],
    ['a pause that it does not name', 403, { message: 'You have exceeded a secondary rate limit.' }, {}, 60],
    ['too many requests', 429, {}, {}, 60],
    [
      'the quota of the hour',
      403,
      { message: 'API rate limit exceeded' },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767227400', date: 'Thu, 01 Jan 2026 00:00:00 GMT' },
      1800,
    ],
    ['too much content', 422, { message: 'Validation Failed: was submitted too quickly' }, {}, 60],
  ])('%s', async (_, status, body, headers, seconds) => {
    nock(api).get('/repos/acme/shop').reply(status, body, headers)
    const request = client().rest.repos.get({ owner: 'acme', repo: 'shop' })
    expect(await failureOf(request)).toEqual({ kind: 'rate-limited', ms: seconds * 1000 })
  })

  test('a connection that breaks', async () => {
    nock(api).get('/repos/acme/shop').replyWithError('socket hang up')
    expect(await failureOf(client().rest.repos.get({ owner: 'acme', repo: 'shop' }))).toMatchObject({
      kind: 'unavailable',
    })
  })

  test.each<[string | undefined, string]>([
    ['NOT_FOUND', 'gone'],
    ['FORBIDDEN', 'forbidden'],
    ['RATE_LIMITED', 'rate-limited'],
    [undefined, 'unavailable'],
  ])('a GraphQL error of type %s', async (type, kind) => {
    nock(api)
      .post('/graphql')
      .reply(200, { data: null, errors: [{ type, message: 'no' }] })
    const variables = { owner: 'acme', name: 'shop', e0: 'HEAD' }
    expect(await failureOf(ask(client(), blobsQuery(1), variables))).toMatchObject({ kind })
  })
})

test('neither a failure nor the log holds what was sent, or a token', async () => {
  const logged: unknown[] = []
  const note = (...args: unknown[]) => logged.push(args)
  const octokit = client({ log: { debug: note, info: note, warn: note, error: note } })
  for (const status of [201, 422, 500]) {
    nock(api).post('/repos/acme/shop/issues/1/comments').reply(status, { message: 'No' })
    nock(api)
      .get(/\/issues\/1\/comments\?/)
      .times(status === 500 ? 2 : 1)
      .reply(200, [])
    const error = await reply(octokit, name, comment, 'print(secret_code)').catch((reason: unknown) => reason)
    logged.push(String(error), error && JSON.stringify(error, Object.getOwnPropertyNames(error)))
  }
  expect(JSON.stringify(logged)).toMatch(/POST .*\/issues\/1\/comments/)
  expect(JSON.stringify(logged)).not.toMatch(/secret/)
})

test.each([
  ['github.com', 'https://api.github.com', 'https://api.github.com/graphql'],
  ['an Enterprise Server', 'https://ghe.example.com/api/v3', 'https://ghe.example.com/api/graphql'],
  ['a data-residency host', 'https://api.acme.ghe.com', 'https://api.acme.ghe.com/graphql'],
])('asks GraphQL at the address of %s', async (_, baseUrl, url) => {
  const { origin, pathname } = new URL(url)
  nock(origin)
    .post(pathname)
    .reply(200, { data: { repository: {} } })
  const variables = { owner: 'acme', name: 'shop', e0: 'HEAD' }
  await ask(client({ baseUrl }), blobsQuery(1), variables)
  expect(nock.isDone()).toBe(true)
})

test('tells of each answer whose token was used and what is left, repetitions included', async () => {
  const answers: GitHubAnswer[] = []
  const Client = octokitClass({ isPatient: true, onAnswer: (answer) => answers.push(answer) })
  const patient = { enabled: false, id: '7' } as OctokitOptions['throttle']
  const asApp = new Client({
    auth: { token: 'ghs_secret' },
    throttle: { enabled: false } as OctokitOptions['throttle'],
  })
  const octokit = new Client({
    auth: { token: 'ghs_secret' },
    request: asApp.request.endpoint.DEFAULTS.request,
    throttle: patient,
  })
  nock(api)
    .get('/app')
    .reply(502)
    .get('/app')
    .reply(200, {}, { 'x-ratelimit-remaining': '41', 'x-ratelimit-resource': 'core' })
  nock(api).get('/meta').reply(404, {}, { 'x-ratelimit-remaining': '7', 'x-ratelimit-resource': 'graphql' })
  await asApp.request('GET /app', { request: { retries: 1, retryAfter: 0 } })
  await octokit.request('GET /meta').catch(() => undefined)
  expect(answers).toEqual([
    { installation: undefined, answer: 'failed', remaining: undefined, resource: 'core' },
    { installation: undefined, answer: 'ok', remaining: 41, resource: 'core' },
    { installation: '7', answer: 'refused', remaining: 7, resource: 'graphql' },
  ])
})

describe('an answer', () => {
  async function read(
    respond: RequestListener,
    silence?: number,
    signal = new AbortController().signal,
    makeClient = client,
  ) {
    const server = createServer(respond)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    nock.enableNetConnect('127.0.0.1')
    const { port } = server.address() as AddressInfo
    const octokit = makeClient({
      baseUrl: `http://127.0.0.1:${port}`,
      request: { fetch: fetchWithin({ silence, signal }) },
    })
    try {
      return await listRepositories(octokit)
    } finally {
      server.closeAllConnections()
      server.close()
      nock.disableNetConnect()
    }
  }
  const json = { 'content-type': 'application/json; charset=utf-8' }

  test('comes as it is', async () => {
    const body = { total_count: 1, repositories: [{ id: 7, owner: { login: 'acme' }, name: 'shop' }] }
    const found = await read((_, response) => response.writeHead(200, json).end(JSON.stringify(body)))
    expect(found).toEqual([{ id: 7, owner: 'acme', name: 'shop' }])
  })

  test('that breaks off is none', async () => {
    const breakOff: RequestListener = (request, response) => {
      response.writeHead(200, json).write('{"total_count":1,"repositories":[]', () => request.socket.destroy())
    }
    await expect(read(breakOff)).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
  })

  test('that does not come is not waited for', async () => {
    await expect(read(() => {}, 20)).rejects.toMatchObject({
      failure: { kind: 'unavailable', message: 'no answer within 20 ms' },
    })
  })

  test('is not waited for when the app ends, nor asked for again', async () => {
    const end = new AbortController()
    const leave = () => end.abort(new Error('over'))
    const before = performance.now()
    await expect(read(leave, undefined, end.signal, repeatingClient)).rejects.toMatchObject({
      failure: { kind: 'unavailable', message: 'over' },
    })
    // To ask again would take fourteen seconds, three times in vain.
    expect(performance.now() - before).toBeLessThan(10_000)
  })
})
