/**
 * Owns putting the app under load: the real process, a simulated GitHub with many installations, and bursts of webhooks
 * while reviews run. It measures; what is good enough is for the caller to say.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { generatePrivateKey } from '../../src/simulator/access.ts'
import { type Simulator, startSimulator, type Webhook } from '../../src/simulator/simulator.ts'
import { createRepository, type GitRepository } from '../support/git-repository.ts'
import { makeProject, mistakeIn } from './load-project.ts'
import type { Sending, Sent } from './webhook-sender.ts'

export interface LoadOptions {
  readonly pulls: number
  readonly installations: number
  /** Webhooks a second within a burst. */
  readonly rate: number
  readonly bursts: number
  readonly seed: number
  /** Modules of each project that is reviewed. */
  readonly modules: number
  /** A server on which a database may be made; without it the app uses SQLite. */
  readonly postgresUrl?: string
  /** Where a built module lies. */
  readonly urlOf: (path: string) => URL
  /** How long all of it may take, in milliseconds. */
  readonly patience: number
  readonly onProgress?: (line: string) => void
}

export interface LoadResult {
  /** How each webhook was answered, and whether reviews were running when its burst began. */
  readonly answers: readonly (Sent & { readonly isBusy: boolean })[]
  /** The resident memory of the app in bytes: at the start, and after each quarter of the reviews. */
  readonly memory: readonly number[]
  /** Pull requests with exactly one review of their head, with a comment, and no check run left open. */
  readonly reviewed: number
  /** From the first webhook to the last review. */
  readonly ms: number
  /** Requests that GitHub would have refused. */
  readonly rejected: number
  readonly requests: number
  /** What `/metrics` says at the end. */
  readonly metrics: string
}

/** @throws when the app dies, or the reviews take longer than `patience` */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const cleanUps: (() => Promise<unknown>)[] = []
  try {
    return await run(options, (cleanUp) => cleanUps.push(cleanUp))
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp()
  }
}

async function run(options: LoadOptions, onEnd: (cleanUp: () => Promise<unknown>) => void): Promise<LoadResult> {
  const { pulls, installations, bursts, onProgress = () => {} } = options
  const sites = await prepareSites(options, onEnd)
  const [github] = sites as [Simulator]
  /** The nth pull request of all, with the webhook that tells of it. */
  const open = async (nth: number): Promise<Webhook> => {
    const site = sites[nth % installations]!
    const { number } = await site.openPull({ base: 'main', head: `change-${Math.floor(nth / installations) + 1}` })
    return site.webhook('pull_request', { action: 'opened', number })
  }
  onProgress(`${pulls} changes in ${installations} installations`)

  const { url, child } = await startApp(options, github, onEnd)
  const answers: LoadResult['answers'][number][] = []
  const memory = [await residentMemory(url)]
  const begin = performance.now()
  const size = Math.ceil(pulls / bursts)
  for (let sent = 0; sent < pulls || memory.length < 5; await pause(20)) {
    if (child.exitCode !== null) throw new Error(`the app ended with ${child.exitCode}`)
    const done = countReviewed(sites)
    if (performance.now() - begin > options.patience) throw new Error(`${done} of ${pulls} reviews in time`)
    while (memory.length < 5 && done >= (pulls / 4) * memory.length) {
      memory.push(await residentMemory(url))
      onProgress(`${done} reviews, ${seconds(begin)}`)
    }
    // The next burst comes while half of what was sent before is still to be reviewed.
    if (sent < pulls && done >= sent / 2) {
      const burst: Webhook[] = []
      for (const end = Math.min(pulls, sent + size); sent < end; sent++) burst.push(await open(sent))
      onProgress(`${sent} webhooks, ${seconds(begin)}`)
      const isBusy = done > 0
      for (const one of await send(options, { url: `${url}/api/github/webhooks`, webhooks: burst })) {
        answers.push({ ...one, isBusy })
      }
    }
  }
  const ms = performance.now() - begin
  return {
    answers,
    memory,
    ms,
    reviewed: countReviewed(sites),
    rejected: github.rejected,
    requests: github.requests.length,
    metrics: await readMetrics(url),
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const seconds = (begin: number): string => `${((performance.now() - begin) / 1000).toFixed(0)} s`

/** One repository for each installation, with a branch for each pull request and a mistake of its own in each. */
async function prepareSites(
  { pulls, installations, modules, seed }: LoadOptions,
  onEnd: (cleanUp: () => Promise<unknown>) => void,
): Promise<Simulator[]> {
  const app = { privateKey: await generatePrivateKey() }
  const sites: Simulator[] = []
  for (let at = 0; at < installations; at++) {
    const files = makeProject(seed + at, modules)
    const made = await createRepository(files)
    onEnd(() => made.remove())
    const repository = { owner: `owner${at}`, name: 'shop', gitDir: made.dir }
    const site: Simulator = sites[0]
      ? await sites[0].addRepository({ repository })
      : await startSimulator({ repository, app })
    if (at === 0) onEnd(() => site.close())
    await commitMistakes(made, files, Math.ceil((pulls - at) / installations), modules)
    sites.push(site)
  }
  return sites
}

async function commitMistakes(
  repository: GitRepository,
  files: Readonly<Record<string, string>>,
  count: number,
  modules: number,
): Promise<void> {
  const start = await repository.git('rev-parse', 'main')
  for (let number = 1; number <= count; number++) {
    const { path, text } = mistakeIn(files, number % modules, number)
    await repository.commit(`Change ${number}`, { [path]: text }, { branch: `change-${number}`, from: start })
  }
}

async function startApp(
  { urlOf, postgresUrl }: LoadOptions,
  { app, url: apiUrl }: Simulator,
  onEnd: (cleanUp: () => Promise<unknown>) => void,
): Promise<{ url: string; child: ChildProcess }> {
  const directory = await mkdtemp(join(tmpdir(), 'celery-review-load-'))
  onEnd(() => rm(directory, { recursive: true }))
  const port = await freePort()
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhookSecret,
    GITHUB_API_URL: apiUrl,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: directory,
  }
  if (postgresUrl) env.DATABASE_URL = await makeDatabase(postgresUrl, onEnd)
  const main = fileURLToPath(urlOf('src/cli/main.js'))
  const child = spawn(process.execPath, [main, 'serve'], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  onEnd(() => {
    child.kill('SIGTERM')
    return ended
  })
  await isStarted(child)
  return { url: `http://127.0.0.1:${port}`, child }
}

/** Resolves when the app has looked for pull requests that it was not told of: of those that follow it is told. */
async function isStarted(child: ChildProcess): Promise<void> {
  const lines = createInterface(child.stdout!)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the app ended with ${code}`)))
    lines.on('line', (line) => {
      const { level, msg } = JSON.parse(line) as { level: string; msg: string }
      if (msg === 'reconciled') resolve()
      if (/^(warn|error|fatal)$/.test(level)) process.stderr.write(`${line}\n`)
    })
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The app takes the same schema wherever it is: each load has a database of its own. */
async function makeDatabase(url: string, onEnd: (cleanUp: () => Promise<unknown>) => void): Promise<string> {
  const name = `load_${process.pid}_${Date.now().toString(36)}`
  const query = async (text: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(text)
    await client.end()
  }
  await query(`CREATE DATABASE ${name}`)
  onEnd(() => query(`DROP DATABASE ${name} WITH (FORCE)`))
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}

async function send({ urlOf, rate }: LoadOptions, what: Omit<Sending, 'rate'>): Promise<Sent[]> {
  const webhooks = what.webhooks.map(({ headers, body }) => ({ headers, body }))
  const workerData: Sending = { ...what, webhooks, rate }
  const worker = new Worker(urlOf('test/processes/webhook-sender.js'), { workerData })
  const [answers] = (await once(worker, 'message')) as [Sent[]]
  return answers
}

function countReviewed(sites: readonly Simulator[]): number {
  let count = 0
  for (const { state } of sites) {
    const open = new Set(state.checkRuns.filter(({ status }) => status !== 'completed').map(({ head_sha }) => head_sha))
    for (const { number, head } of state.pulls) {
      const reviews = state.reviews.filter((review) => review.pull_number === number && review.commit_id === head.sha)
      const comments = state.reviewComments.filter((comment) => comment.pull_number === number)
      const isConcluded = state.checkRuns.some(({ head_sha }) => head_sha === head.sha) && !open.has(head.sha)
      if (reviews.length === 1 && comments.length > 0 && isConcluded) count++
    }
  }
  return count
}

const readMetrics = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text()

async function residentMemory(url: string): Promise<number> {
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(await readMetrics(url))![1])
}
