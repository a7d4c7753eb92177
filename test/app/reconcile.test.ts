/** Webhooks that never arrived, and an app that makes up for them. */
import nock from 'nock'
import { Probot } from 'probot'
import { afterEach, describe, expect, test } from 'vitest'
import { acceptInto } from '../../src/app/accept.ts'
import { handlePullRequest, pullRequestEvents } from '../../src/app/handle-pull-request.ts'
import { type ReconcileParts, type ReconcilePlace, Reconciler } from '../../src/app/reconcile.ts'
import { InstallationClients } from '../../src/github/installation-clients.ts'
import { octokitClass } from '../../src/github/octokit.ts'
import type { JobSubject, ReviewJob } from '../../src/queue/review-job.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { MemoryReviewStore } from '../../src/store/memory-review-store.ts'
import { createRepository } from '../support/git-repository.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function setUp() {
  const repository = await createRepository()
  ends.push(() => repository.remove())
  const start = await repository.commit('Start', { 'a.py': 'x = 1\n' })
  const head = await repository.commit('Change', { 'a.py': 'x = 2\n' }, { branch: 'feature', from: start })
  const github = await startSimulator({ repository: { owner: 'acme', name: 'shop', gitDir: repository.dir } })
  ends.push(() => github.close())
  await github.openPull({ base: 'main', head: 'feature', author: 'alice' })
  const probot = new Probot({
    appId: github.app.id,
    privateKey: github.app.privateKey,
    secret: github.app.webhookSecret,
    baseUrl: github.url,
    logLevel: 'fatal',
    Octokit: octokitClass({ isPatient: false }),
  })
  await probot.ready()
  const asApp = await probot.auth()
  const accepted = new Map<string, ReviewJob>()
  const busy = new Set<number>()
  const queue = {
    isBusyWith: async ({ subject }: JobSubject) => subject.kind === 'pull-request' && busy.has(subject.number),
    async accept({ id }: { id: string }, job: ReviewJob) {
      if (accepted.has(id)) return 'repeated' as const
      accepted.set(id, job)
      return 'accepted' as const
    },
  }
  const accept = acceptInto({ ...queue, start() {}, stop: async () => ({ left: 0 }) }, probot.log)
  probot.on([...pullRequestEvents], handlePullRequest(accept))
  const store = new MemoryReviewStore(() => Date.now())
  const received: string[] = []
  const receive: ReconcileParts['receive'] = async (event) => {
    received.push(event.id)
    await probot.receive(event as Parameters<typeof probot.receive>[0])
  }
  const reconcile = async (options: Partial<ReconcileParts> = {}, now = Date.now(), place: ReconcilePlace = {}) => {
    const parts = {
      asApp,
      auth: (id: number) => new InstallationClients(asApp).forListing(id),
      queue,
      store,
      longestReview: 10 * 60_000,
      log: probot.log,
    }
    return new Reconciler({ ...parts, receive, ...options }).reconcile(now, now, place)
  }
  const pull = { installationId: github.installationId, repositoryId: github.repository.id, number: 1 }
  return { github, head, accepted, busy, received, store, pull, receive, reconcile }
}

test('enqueues a pull request whose webhook was never sent, once, until its head was reviewed', async () => {
  const { accepted, store, pull, head, reconcile } = await setUp()
  expect(await reconcile()).toMatchObject({ deliveries: 0, pulls: 1 })
  expect([...accepted.values()]).toMatchObject([{ subject: { kind: 'pull-request', number: 1 }, review: true }])
  expect(await reconcile()).toMatchObject({ pulls: 0 })
  accepted.clear()
  await store.change(pull, (state) => ({ ...state, settledHead: head }))
  expect(await reconcile()).toMatchObject({ pulls: 0 })
})

test('leaves a pull request alone that is being reviewed, or waits for it', async () => {
  const { accepted, busy, store, pull, head, reconcile } = await setUp()
  busy.add(1)
  expect(await reconcile()).toMatchObject({ pulls: 0 })
  const openChecks = [{ id: 5, head, at: Date.now() - 60 * 60_000 }]
  await store.change(pull, (state) => ({ ...state, openChecks }))
  expect(await reconcile()).toMatchObject({ pulls: 0 })
  expect(accepted.size).toBe(0)
  busy.clear()
  expect(await reconcile()).toMatchObject({ pulls: 1 })
})

test('takes in the deliveries that failed, and those only', async () => {
  const { github, accepted, store, pull, head, reconcile } = await setUp()
  await store.change(pull, (state) => ({ ...state, settledHead: head }))
  const webhook = await github.webhook('pull_request', { action: 'opened', number: 1 })
  await github.deliver(webhook, 'http://127.0.0.1:9/api/github/webhooks')
  expect(await reconcile()).toMatchObject({ deliveries: 1, pulls: 0 })
  expect([...accepted.keys()]).toEqual([webhook.id])
})

test('visits the pull requests also when GitHub does not say which deliveries failed, and asks for those later', async () => {
  const { github, reconcile } = await setUp()
  github.failNext({ method: 'GET', path: /deliveries/, status: 502 })
  const from = { delivery: { at: 5, guid: 'a', isStuck: true } }
  expect(await reconcile({}, Date.now(), from)).toMatchObject({ pulls: 1, place: from })
})

test('enqueues a pull request whose check run was left open, and asks little of GitHub', async () => {
  const { github, accepted, store, pull, head, reconcile } = await setUp()
  const check = { id: 5, head, at: Date.now() - 60 * 60_000 }
  await store.change(pull, (state) => ({ ...state, settledHead: head, openChecks: [check] }))
  expect(await reconcile()).toMatchObject({ pulls: 1 })
  expect([...accepted.values()]).toMatchObject([{ subject: { number: 1 } }])
  expect(github.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`)).toEqual([
    'GET /app/hook/deliveries',
    'GET /app/installations',
    'POST /app/installations/1/access_tokens',
    'GET /installation/repositories',
    'GET /repos/acme/shop/pulls',
  ])
})

/** What a place looks like when it comes back from the database. */
const stored = (place: ReconcilePlace): ReconcilePlace => JSON.parse(JSON.stringify(place))

const later = 2 * 60_000

describe('deliveries that failed', () => {
  async function failThree() {
    const setting = await setUp()
    const { github } = setting
    const ids: string[] = []
    for (let time = 0; time < 3; time++) {
      const webhook = await github.webhook('pull_request', { action: 'opened', number: 1 })
      await github.deliver(webhook, 'http://127.0.0.1:9/api/github/webhooks')
      ids.push(webhook.id)
    }
    return { ...setting, ids }
  }

  test('are read once', async () => {
    const { ids, received, reconcile } = await failThree()
    const { place } = await reconcile({}, Date.now() + later)
    expect(received).toEqual(ids)
    await reconcile({}, Date.now() + later, stored(place))
    expect(received).toEqual(ids)
  })

  test('are gone on with where the requests were at an end, even among those of one second', async () => {
    const { ids, received, reconcile } = await failThree()
    let place: ReconcilePlace = {}
    for (let time = 1; time <= 3; time++) {
      place = stored((await reconcile({ mostRequests: 4 }, Date.now() + later, place)).place)
      expect(received).toEqual(ids.slice(0, time))
    }
  })

  test('hold up nothing when one of them cannot be taken in, and it is tried twice', async () => {
    const { ids, accepted, receive, reconcile } = await failThree()
    const tries: string[] = []
    const stumble: ReconcileParts['receive'] = async (event) => {
      tries.push(event.id)
      if (event.id === ids[1]) throw new Error('nobody understands it')
      await receive(event)
    }
    let place: ReconcilePlace = {}
    for (let time = 0; time < 3; time++) {
      place = stored((await reconcile({ receive: stumble }, Date.now() + later, place)).place)
    }
    expect(tries).toEqual([ids[0], ids[1], ids[1], ids[2]])
    expect([...accepted.keys()]).toEqual(expect.arrayContaining([ids[0], ids[2]]))
  })

  test('that are still under way are looked at again', async () => {
    const { ids, received, reconcile } = await failThree()
    const now = Date.now()
    const { place } = await reconcile({}, now)
    await reconcile({}, now, stored(place))
    expect(received).toEqual([...ids, ...ids])
  })
})

describe('with more repositories than it may ask about at a time', () => {
  const api = 'https://api.github.com'
  afterEach(() => nock.cleanAll())

  /** Three installations of two repositories each; gives the repositories in the order in which they are visited. */
  function visits(): number[] {
    const visited: number[] = []
    nock(api).persist().get('/app/hook/deliveries?per_page=100').reply(200, [])
    const installations = [3, 1, 2].map((id) => ({ id, suspended_at: null }))
    nock(api).persist().get('/app/installations?per_page=100').reply(200, installations)
    for (const { id } of installations) {
      const repositories = [2, 1].map((number) => ({
        id: 10 * id + number,
        name: `r${id}${number}`,
        owner: { login: 'a' },
      }))
      nock(api, { reqheaders: { authorization: `token ${id}` } })
        .persist()
        .get('/installation/repositories?per_page=100')
        .reply(200, { total_count: 2, repositories })
      for (const { id: repository, name } of repositories) {
        nock(api)
          .persist()
          .get(new RegExp(`/repos/a/${name}/pulls`))
          .reply(200, () => {
            visited.push(repository)
            return [{ number: 1, head: { sha: 'a'.repeat(40) }, updated_at: new Date().toISOString() }]
          })
      }
    }
    return visited
  }

  const everyone = [11, 12, 21, 22, 31, 32]

  test.each([4, 5, 6, 200])('asks about each in turn, %i requests at a time', async (mostRequests) => {
    const visited = visits()
    const Client = octokitClass({ isPatient: false })
    const client = (token: string) => new Client({ auth: { token } })
    const accepted: string[] = []
    let place: ReconcilePlace = {}
    while (visited.length < 2 * everyone.length) {
      const reconciler = new Reconciler({
        asApp: client('app'),
        auth: async (id) => client(String(id)),
        receive: async () => {},
        queue: {
          isBusyWith: async () => false,
          async accept(_, { repository: { id } }) {
            accepted.push(String(id))
            return 'accepted'
          },
        },
        longestReview: 10 * 60_000,
        store: new MemoryReviewStore(Date.now),
        log: { warn() {} } as unknown as ReconcileParts['log'],
        mostRequests,
      })
      const { requests, ...end } = await reconciler.reconcile(Date.now(), Date.now(), place)
      expect(requests).toBeLessThanOrEqual(Math.max(mostRequests, 11))
      place = stored(end.place)
    }
    expect(visited.slice(0, 2 * everyone.length)).toEqual([...everyone, ...everyone])
    expect(accepted).toEqual(visited.map(String))
  })
})
