/** The app as processes: their roles, their end, and what they say to whom. */

import { dirname } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readQueueState } from '../../src/queue/queue-records.ts'
import { generatePrivateKey } from '../../src/simulator/access.ts'
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts'
import { BuiltProgram } from '../cli/built-program.ts'
import { postgresPlace, postgresUrl, sqlitePlace } from '../support/databases.ts'
import { createRepository } from '../support/git-repository.ts'
import { hasSqlite } from '../support/has-sqlite.ts'
import { AppProcess } from './chaos/app-process.ts'

let program: BuiltProgram
const privateKey = await generatePrivateKey()
beforeAll(() => {
  program = new BuiltProgram()
})
afterAll(() => program.remove())

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const codeWord = 'nightly_reckoning_of_the_lighthouse'
const code = `from celery.schedules import crontab\n\n${codeWord} = crontab(hour=3)\n`

/** A pull request with one mistake, number 1, and the variables of an app that shall review it. */
async function setUp() {
  const repository = await createRepository({ 'shop/__init__.py': '' })
  ends.push(() => repository.remove())
  const from = await repository.git('rev-parse', 'main')
  await repository.commit('A change', { 'shop/beat.py': code }, { branch: 'feature', from })
  const github = await startSimulator({
    app: { privateKey },
    repository: { owner: 'acme', name: 'shop', gitDir: repository.dir },
  })
  ends.push(() => github.close())
  await github.openPull({ base: 'main', head: 'feature', author: 'alice' })
  const place = await sqlitePlace()
  ends.push(() => place.remove())
  const variables = {
    DATA_DIR: dirname(place.path),
    APP_ID: String(github.app.id),
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: github.app.webhookSecret,
    GITHUB_API_URL: github.url,
    HOST: '127.0.0.1',
    PORT: '0',
  }
  const state = async () => readQueueState((await place.open()).database)
  return { github, variables, state }
}

/** Starts `serve`, or the app that wastes no time. */
async function start(variables: NodeJS.ProcessEnv, args?: readonly string[]): Promise<AppProcess> {
  const process = new AppProcess(() =>
    args ? program.start(args, '.', variables) : program.startScript('test/processes/hasty-app.js', [], '.', variables),
  )
  ends.push(() => process.end())
  await process.start()
  return process
}

async function send(github: Simulator, process: AppProcess): Promise<number> {
  const webhook = await github.webhook('pull_request', { action: 'opened', number: 1 })
  return (await github.deliver(webhook, `${process.url}/api/github/webhooks`)).status_code
}

/** Waits for what is bound to happen; the test's own time is the limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const isReviewed =
  ({ state }: Simulator) =>
  () =>
    state.reviews.length === 1 && state.checkRuns.every(({ status }) => status === 'completed')

test.skipIf(!hasSqlite)('the web role only takes webhooks in, and the worker role only works on them', async () => {
  const { github, variables, state } = await setUp()
  const web = await start(variables, ['serve', '--role', 'web'])
  expect(await send(github, web)).toBe(200)
  expect(await state()).toMatchObject({ waiting: 1, running: 0 })
  const worker = await start(variables, ['serve', '--role', 'worker'])
  expect(await send(github, worker)).toBe(404)
  expect((await fetch(`${worker.url}/healthz`)).status).toBe(200)
  await until(isReviewed(github))
  expect(await worker.end()).toBe(0)
  expect(await web.end()).toBe(0)
  expect(web.lines.join('\n')).not.toContain('"reviewed"')
  expect(github.state.reviewComments).toHaveLength(1)
})

test.skipIf(!hasSqlite)('SIGTERM lets the review under way come to its end', async () => {
  const { github, variables, state } = await setUp()
  const app = await start(variables)
  const ended = new Promise<number | null>((resolve) => {
    github.before({ method: 'POST', path: /\/check-runs$/ }, () => {
      resolve(app.end())
    })
  })
  await send(github, app)
  expect(await ended).toBe(0)
  expect(isReviewed(github)()).toBe(true)
  expect(await state()).toMatchObject({ waiting: 0, running: 0 })
})

test.skipIf(!hasSqlite)(
  'SIGTERM ends a review that GitHub does not answer, and the next process goes on with it',
  async () => {
    const { github, variables } = await setUp()
    const app = await start({ ...variables, SILENCE: '600000' })
    let release = () => {}
    const ended = new Promise<number | null>((resolve) => {
      github.before({ method: 'POST', path: /\/graphql$/ }, () => {
        resolve(app.end())
        return new Promise<void>((resolve) => {
          release = resolve
        })
      })
    })
    await send(github, app)
    expect(await ended).toBe(0)
    release()
    await start(variables)
    await until(isReviewed(github))
    expect(github.state.reviewComments).toHaveLength(1)
  },
)

test.skipIf(!hasSqlite)(
  'SIGTERM ends reviews whose turn to ask has not come, and nothing outlasts the deadline',
  async () => {
    const { github, variables, state } = await setUp()
    for (let number = 2; number <= 12; number++)
      await github.openPull({ base: 'main', head: 'feature', author: 'alice' })
    const app = await start({ ...variables, PATIENT: 'yes', SILENCE: '60000' })
    await until(() => github.requests.some(({ path }) => path === '/graphql'))
    const asked = performance.now()
    expect(await app.end()).toBe(0)
    // Three seconds are the deadline; at a question a second the reviews under way held the process for eighteen.
    expect(performance.now() - asked).toBeLessThan(10_000)
    const { waiting, running } = await state()
    expect(waiting + running).toBeGreaterThan(0)
  },
)

test.skipIf(!hasSqlite)(
  'neither the log nor GitHub is told a secret, and the log no code, whatever fails',
  async () => {
    const { github, variables } = await setUp()
    const password = 'correct-horse-battery'
    const log: string[] = []
    const run = async (more: NodeJS.ProcessEnv, work: (app: AppProcess) => Promise<unknown>) => {
      const app = await start({ ...variables, LOG_LEVEL: 'trace', ...more })
      await work(app)
      await app.end()
      log.push(...app.lines)
    }
    const post = { method: 'POST', path: /\/reviews$/ }
    github.failNext({ method: 'POST', path: /\/access_tokens$/, status: 500 })
    github.failNext({ method: 'POST', path: /\/graphql$/, status: 502 })
    github.failNext({ method: 'GET', path: /\/files/, status: 403, headers: { 'retry-after': '1' } })
    github.failNext({ ...post, status: 500 })
    github.failNext({ ...post, drop: true, afterCommit: true })
    await run({}, async (app) => {
      const webhook = await github.webhook('pull_request', { action: 'opened', number: 1 })
      const url = `${app.url}/api/github/webhooks`
      const forge = (headers: object, body: string) =>
        fetch(url, { method: 'POST', headers: { ...webhook.headers, ...headers }, body })
      await forge({}, webhook.body.replace('{', `{"${codeWord}":1,`))
      await forge({ 'x-hub-signature-256': '' }, `{"${codeWord}"`)
      await github.deliver(webhook, url)
      await until(isReviewed(github))
      await app.kill()
    })
    // A key that is not the App's, and a database that is not there, or whose password is told in its address.
    await run({ PRIVATE_KEY: await generatePrivateKey() }, async (app) => {
      await send(github, app)
      await until(() => app.lines.some((line) => line.includes('job failed')))
    })
    if (postgresUrl) {
      const place = await postgresPlace(postgresUrl)
      ends.push(() => place.remove())
      const url = Object.assign(new URL(postgresUrl), { password })
      await run({ DATABASE_URL: url.href, SCHEMA: place.schema }, async (app) => {
        await send(github, app)
        await until(() => app.lines.some((line) => line.includes('reviewed')))
      })
    }
    for (const wrong of [
      { DATABASE_URL: `postgres://root:${password}@127.0.0.1:9/test` },
      { DATABASE_URL: `mysql://root:${password}@127.0.0.1:9/test` },
      { PRIVATE_KEY: `${privateKey.slice(0, 400)}` },
    ]) {
      const { exitCode, stdout, stderr } = await program.run(['serve'], '.', { ...variables, ...wrong })
      expect(exitCode).toBe(2)
      expect(stderr).toMatch(/^celery-review: (DATABASE_URL|PRIVATE_KEY): [^\n]+\n$/)
      log.push(stdout, stderr)
    }

    const keyLines = privateKey.split('\n').filter((line) => line && !line.startsWith('---'))
    const secrets = [...keyLines, github.app.webhookSecret, password, 'ghs_', 'eyJ']
    expect(log.length).toBeGreaterThan(20)
    for (const secret of [...secrets, codeWord]) expect(log.filter((line) => line.includes(secret))).toEqual([])
    const { reviews, reviewComments, checkRuns, issueComments } = github.state
    const posted = JSON.stringify([reviews, reviewComments, checkRuns, issueComments])
    expect(posted).toContain(codeWord)
    for (const secret of secrets) expect(posted).not.toContain(secret)
  },
)
