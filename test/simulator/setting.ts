/** A simulator with one pull request on it, and clients for it: what every test of the simulator starts from. */
import { createSign } from 'node:crypto'
import { Octokit } from '@octokit/rest'
import { afterAll } from 'vitest'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts'
import { createRepository, type Files, type GitRepository } from '../support/git-repository.ts'

/** `line 1` to `line <count>`, with some of them put otherwise. */
export function lines(count: number, changed: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: count }, (_, index) => `${changed[index + 1] ?? `line ${index + 1}`}\n`).join('')
}

export const repo = { owner: 'acme', repo: 'shop' }

export function clientOf(github: Simulator, auth: string): Octokit {
  return new Octokit({ baseUrl: github.url, auth, log: { debug() {}, info() {}, warn() {}, error() {} } })
}

/** A token with which the App shows that it is the App, made at `now` (milliseconds). */
export function appToken(
  github: Simulator,
  now = Date.now(),
  claims: object = {},
  privateKey = github.app.privateKey,
  alg = 'RS256',
): string {
  const seconds = Math.floor(now / 1000)
  const payload = { iat: seconds - 60, exp: seconds + 540, iss: github.app.id, ...claims }
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode({ alg, typ: 'JWT' })}.${encode(payload)}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`
}

interface Setting {
  readonly repository: GitRepository
  readonly github: Simulator
  /** The App's client. */
  readonly octokit: Octokit
  readonly base: string
  readonly head: string
  readonly pull: { readonly owner: string; readonly repo: string; readonly pull_number: number }
}

const baseFiles: Files = {
  'shop/tasks.py': lines(40),
  'shop/old_name.py': lines(30),
  'shop/gone.py': lines(5),
  'shop/logo.png': Buffer.from([0x89, 0x50, 0, 1, 2, 3]),
  'README.md': '# Shop\n',
}

/** Lines 10 and 30 of `shop/tasks.py` change, far enough apart for two hunks: 7 to 13 and 27 to 33. */
const headFiles: Files = {
  'shop/tasks.py': lines(40, { 10: 'changed 10', 30: 'changed 30' }),
  'shop/old_name.py': null,
  'shop/new_name.py': lines(30),
  'shop/gone.py': null,
  'shop/logo.png': Buffer.from([0x89, 0x50, 0, 9, 9, 9]),
  'shop/added.py': 'import celery\n\nnew = 1\n',
}

/** Starts a simulator over a repository of its own; both go away with the tests of the file. */
export async function startSetting(options: Partial<SimulatorOptions> = {}): Promise<Setting> {
  const repository = await createRepository()
  const base = await repository.commit('Start', baseFiles)
  const head = await repository.commit('Change two lines', headFiles, { branch: 'feature', from: base })
  const github = await startSimulator({
    repository: { owner: repo.owner, name: repo.repo, gitDir: repository.dir },
    ...options,
  })
  afterAll(async () => {
    await github.close()
    await repository.remove()
  })
  const { number } = await github.openPull({ base: 'main', head: 'feature', author: 'alice' })
  const octokit = clientOf(github, github.installationToken())
  return { repository, github, octokit, base, head, pull: { ...repo, pull_number: number } }
}

/** The status, message and errors with which a request was refused. */
export async function refusalOf(
  request: Promise<unknown>,
): Promise<{ status: number; message: string; errors?: unknown }> {
  const error = await request.then(
    () => undefined,
    (reason: { status: number; response: { data: { message: string; errors?: unknown } } }) => reason,
  )
  if (!error) throw new Error('the request was not refused')
  const { message, errors } = error.response.data
  return { status: error.status, message, ...(errors ? { errors } : {}) }
}
