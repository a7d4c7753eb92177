/** Webhooks that never arrived, and an app that makes up for them. */
import { Probot } from 'probot'
import { afterEach, expect, test } from 'vitest'
import { acceptInto } from '../../src/app/accept.ts'
import { handlePullRequest, pullRequestEvents } from '../../src/app/handle-pull-request.ts'
import { Reconciler } from '../../src/app/reconcile.ts'
import { InstallationClients } from '../../src/github/installation-clients.ts'
import { octokitClass } from '../../src/github/octokit.ts'
import type { ReviewJob } from '../../src/queue/review-job.ts'
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
  const queue = {
    async accept({ id }: { id: string }, job: ReviewJob) {
      if (accepted.has(id)) return 'repeated' as const
      accepted.set(id, job)
      return 'accepted' as const
    },
  }
  const accept = acceptInto({ ...queue, start() {}, stop: async () => ({ left: 0 }) }, probot.log)
  probot.on([...pullRequestEvents], handlePullRequest(accept))
  const store = new MemoryReviewStore(() => Date.now())
  const reconciler = new Reconciler({
    asApp,
    auth: (id) => new InstallationClients(asApp).forListing(id),
    receive: (event) => probot.receive(event as Parameters<typeof probot.receive>[0]),
    queue,
    store,
    log: probot.log,
  })
  const pull = { installationId: github.installationId, repositoryId: github.repository.id, number: 1 }
  return { github, head, accepted, store, pull, reconcile: () => reconciler.reconcile(Date.now(), Date.now()) }
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

test('takes in the deliveries that failed, and those only', async () => {
  const { github, accepted, store, pull, head, reconcile } = await setUp()
  await store.change(pull, (state) => ({ ...state, settledHead: head }))
  const webhook = await github.webhook('pull_request', { action: 'opened', number: 1 })
  await github.deliver(webhook, 'http://127.0.0.1:9/api/github/webhooks')
  expect(await reconcile()).toMatchObject({ deliveries: 1, pulls: 0 })
  expect([...accepted.keys()]).toEqual([webhook.id])
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
