/** Two repositories of one installation, and one of another: what a token is good for, and what it costs. */
import { Probot } from 'probot'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { InstallationClients } from '../../src/github/installation-clients.ts'
import { octokitClass } from '../../src/github/octokit.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { createRepository } from '../support/git-repository.ts'

const repository = await createRepository({ 'a.py': 'x = 1\n' })
let now = Date.UTC(2026, 5, 1)
const at = (owner: string, name: string) => ({ repository: { owner, name, gitDir: repository.dir, private: true } })
const shop = await startSimulator({ ...at('acme', 'shop'), now: () => now })
const office = await shop.addRepository({ ...at('acme', 'office'), installationId: shop.installationId })
const bank = await shop.addRepository(at('bank', 'money'))
afterAll(async () => {
  await shop.close()
  await repository.remove()
})

async function asApp(isPatient = false) {
  const probot = new Probot({
    appId: shop.app.id,
    privateKey: shop.app.privateKey,
    secret: shop.app.webhookSecret,
    baseUrl: shop.url,
    logLevel: 'fatal',
    Octokit: octokitClass({ isPatient }),
  })
  return probot.auth()
}

let clients: InstallationClients
let before = 0
beforeEach(async () => {
  clients = new InstallationClients(await asApp())
  before = shop.requests.length
})
/** The clock of this machine is not GitHub's: the App is refused once, and signs again. */
const tokensGiven = () =>
  shop.requests.slice(before).filter(({ path, status }) => path.endsWith('/access_tokens') && status === 201)
const ofShop = () => clients.ofRepository(shop.installationId, shop.repository.id)
const name = (github: typeof shop) => ({ owner: github.repository.owner, repo: github.repository.name })

test('a token for one repository is refused for every other, by REST and GraphQL', async () => {
  const octokit = await ofShop()
  expect((await octokit.rest.repos.get(name(shop))).status).toBe(200)
  const query = 'query($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { id } }'
  expect(await octokit.graphql(query, name(shop))).toMatchObject({ repository: {} })
  for (const other of [office, bank]) {
    await expect(octokit.rest.repos.get(name(other))).rejects.toMatchObject({ failure: { kind: 'gone' } })
    await expect(octokit.graphql(query, name(other))).rejects.toThrow('Could not resolve to a Repository')
    const check = { ...name(other), name: 'x', head_sha: 'a'.repeat(40) }
    await expect(octokit.rest.checks.create(check)).rejects.toMatchObject({ failure: { kind: 'gone' } })
  }
  const { data } = await octokit.rest.apps.listReposAccessibleToInstallation()
  expect(data.repositories.map(({ full_name }) => full_name)).toEqual(['acme/shop'])
})

test('a repository of another installation gets no token', async () => {
  const octokit = await clients.ofRepository(shop.installationId, bank.repository.id)
  await expect(octokit.rest.repos.get(name(bank))).rejects.toMatchObject({ failure: { kind: 'refused' } })
})

test('a token is asked for once, by however many clients of a repository', async () => {
  await Promise.all([1, 2, 3].map(async () => (await ofShop()).rest.repos.get(name(shop))))
  await (await ofShop()).rest.repos.get(name(shop))
  const body = { repository_ids: [shop.repository.id] }
  expect(tokensGiven()).toMatchObject([{ body }])
})

test('a token that GitHub takes no longer is replaced the next time', async () => {
  const octokit = await ofShop()
  await octokit.rest.repos.get(name(shop))
  now += 3_600_000
  const refused = { failure: { kind: 'unavailable', isUnauthorized: true } }
  await expect(octokit.rest.repos.get(name(shop))).rejects.toMatchObject(refused)
  expect((await octokit.rest.repos.get(name(shop))).status).toBe(200)
  expect(tokensGiven()).toHaveLength(2)
})

test('a token that was not given is asked for again', async () => {
  shop.failNext({ method: 'POST', path: /\/access_tokens$/, status: 500 })
  const octokit = await ofShop()
  await expect(octokit.rest.repos.get(name(shop))).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
  expect((await octokit.rest.repos.get(name(shop))).status).toBe(200)
})

describe('the client that looks an installation through', () => {
  test('sees the pull requests of all its repositories, and none of another', async () => {
    const octokit = await clients.forListing(shop.installationId)
    const { data } = await octokit.rest.apps.listReposAccessibleToInstallation()
    expect(data.repositories.map(({ full_name }) => full_name)).toEqual(['acme/shop', 'acme/office'])
    expect((await octokit.rest.pulls.list(name(office))).status).toBe(200)
    await expect(octokit.rest.pulls.list(name(bank))).rejects.toMatchObject({ failure: { kind: 'gone' } })
  })

  test('reads no code, and writes nothing', async () => {
    const octokit = await clients.forListing(shop.installationId)
    const forbidden = { failure: { kind: 'forbidden' } }
    const tree = { ...name(shop), tree_sha: 'main' }
    await expect(octokit.rest.git.getTree(tree)).rejects.toMatchObject(forbidden)
    const check = { ...name(shop), name: 'x', head_sha: 'a'.repeat(40) }
    await expect(octokit.rest.checks.create(check)).rejects.toMatchObject(forbidden)
  })
})

test('no installation waits for another', async () => {
  const throttles: unknown[] = []
  const Octokit = octokitClass({ isPatient: true }).plugin((_, options) => {
    throttles.push((options as { throttle?: { id?: string } }).throttle?.id)
  })
  const { id: appId, privateKey } = shop.app
  const probot = new Probot({ appId, privateKey, logLevel: 'fatal', Octokit })
  const patient = new InstallationClients(await probot.auth())
  await patient.ofRepository(11, 1)
  await patient.ofRepository(12, 2)
  await patient.forListing(12)
  expect(throttles).toEqual([undefined, '11', '12', '12'])
})
