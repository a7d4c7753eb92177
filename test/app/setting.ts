/** A simulated GitHub with a repository on it, and the real app beside it with a small stand-in for the engine. */
import { afterEach } from 'vitest'
import type { Analyse, AnalysisInput } from '../../src/app/analysis/analyse.ts'
import { type AppOptions, type RunningApp, startApp } from '../../src/app/start-app.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { Snapshot } from '../../src/core/snapshot.ts'
import type { ChangeReport } from '../../src/engine/analyse.ts'
import { MemoryQueue } from '../../src/queue/memory-queue.ts'
import type { RunJob } from '../../src/queue/review-queue.ts'
import type { RuleMeta } from '../../src/rule/rule.ts'
import { generatePrivateKey } from '../../src/simulator/access.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts'
import { MemoryReviewStore } from '../../src/store/memory-review-store.ts'
import type { ReviewStore } from '../../src/store/review-store.ts'
import { FakeClock } from '../queue/fake-clock.ts'
import { createRepository, type Files, type GitRepository } from '../support/git-repository.ts'

export const settings = 'CELERY = True\n'

/** `x1 = 1` to `x<count> = <count>`, with some lines put otherwise. */
export function code(count: number, changed: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: count }, (_, index) => `${changed[index + 1] ?? `x${index + 1} = ${index + 1}`}\n`).join(
    '',
  )
}

const rule: RuleMeta = {
  name: 'result-get-in-task',
  reference: 'task-design-patterns.md#result-get-in-task',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A task waits for another one',
  messages: {},
}
const rules: readonly RuleMeta[] = [rule, { ...rule, name: 'naive-eta', summary: 'An `eta` without a time zone' }]

/**
 * Finds the lines `mistake_<name>` of the changed Python files that the file did not have before, wherever they stand.
 * Like the engine, it reads every Python file first. A line `mistake_eta_<name>` breaks another rule.
 */
export const findMistakes: Analyse = async ({ before, after, changes }: AnalysisInput): Promise<ChangeReport> => {
  for (const { files, read } of [after, before]) await read(files.filter(({ path }) => path.endsWith('.py')))
  const findings: Finding[] = []
  const standing: Finding[] = []
  for (const { path, previousPath } of changes) {
    if (!path.endsWith('.py')) continue
    const old = await textOf(before, previousPath ?? path)
    for (const [index, text] of (await textOf(after, path)).split('\n').entries()) {
      if (!/^mistake_/.test(text)) continue
      const found = old.split('\n').includes(text) ? standing : findings
      found.push({
        rule: text.startsWith('mistake_eta') ? 'naive-eta' : rule.name,
        severity: 'error',
        path,
        line: index + 1,
        endLine: index + 1,
        column: 1,
        endColumn: text.length + 1,
        message: `\`${text}\` waits for itself.`,
        reference: rule.reference,
        fingerprint: `${path} ${text}`,
        related: [],
      })
    }
  }
  const stats = { files: after.files.length, parsed: changes.length, cached: 0 }
  return {
    findings,
    standing,
    skipped: [],
    crashes: [],
    stats,
    usesCelery: after.files.some(({ path }) => path === 'settings.py'),
  }
}

export async function textOf(snapshot: Snapshot, path: string): Promise<string> {
  const files = snapshot.files.filter((file) => file.path === path)
  return Buffer.from((await snapshot.read(files)).get(path) ?? []).toString()
}

export interface Setting {
  readonly repository: GitRepository
  readonly github: Simulator
  readonly app: RunningApp
  readonly clock: FakeClock
  readonly store: ReviewStore
  /** Builds a webhook and sends it to the app, which must take it. */
  send: Simulator['webhook'] extends (...given: infer Given) => unknown ? (...given: Given) => Promise<void> : never
  /** Resolves when nothing runs and nothing waits that could run now. */
  idle(): Promise<void>
  /** Moves the clock to the next thing that waits for it. */
  wait(): void
  comments(): { path: string; line: number | null; body: string }[]
  /** What the latest check run of a commit says. */
  check(sha: string): { status: string; conclusion: string | null; title: string | null; summary: string | null }
  /** The requests so far, tokens left out, as `METHOD path`. */
  asked(): string[]
}

export interface SettingOptions {
  readonly base: Files
  readonly head: Files
  readonly simulator?: Partial<Omit<SimulatorOptions, 'repository'>>
  readonly pull?: Parameters<Simulator['openPull']>[0] | object
  readonly app?: Partial<AppOptions>
}

/** To make one takes longer than most reviews. */
const privateKey = await generatePrivateKey()

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** One pull request, number 1, from `feature` to `main` by alice. */
export async function startSetting({ base, head, simulator, pull, app: options }: SettingOptions): Promise<Setting> {
  const repository = await createRepository()
  cleanUps.push(() => repository.remove())
  const start = await repository.commit('Start', base)
  await repository.commit('Change', head, { branch: 'feature', from: start })
  const github = await startSimulator({
    app: { privateKey },
    ...simulator,
    repository: { owner: 'acme', name: 'shop', gitDir: repository.dir },
  })
  cleanUps.push(() => github.close())
  await github.openPull({ base: 'main', head: 'feature', author: 'alice', ...pull })

  const clock = new FakeClock()
  const store = new MemoryReviewStore(() => clock.now())
  const queue = new WatchedQueue({ clock, random: () => 1, concurrency: 4 })
  const app = await startApp({
    environment: {
      appId: github.app.id,
      privateKey: github.app.privateKey,
      webhookSecret: github.app.webhookSecret,
      host: '127.0.0.1',
      port: 0,
      apiUrl: github.url,
      referencesUrl: 'https://example.com/references',
      logLevel: 'fatal',
      logFormat: 'json',
    },
    analyse: findMistakes,
    rules,
    makeStore: () => store,
    makeQueue: () => queue,
    clock,
    isPatient: false,
    ...options,
  })
  cleanUps.push(() => app.stop({ deadline: 0 }))
  return {
    repository,
    github,
    app,
    clock,
    store,
    async send(name, event) {
      const { status_code } = await github.deliver(await github.webhook(name, event), `${app.url}/api/github/webhooks`)
      if (status_code !== 200) throw new Error(`the app answered ${status_code}`)
    },
    idle: () => queue.idle(),
    wait: () => clock.advance(clock.untilNext ?? 0),
    comments: () => github.state.reviewComments.map(({ path, line, body }) => ({ path, line, body })),
    check(sha) {
      const run = github.state.checkRuns.filter(({ head_sha }) => head_sha === sha).at(-1)
      if (!run) throw new Error(`no check run on ${sha}`)
      const { status, conclusion, output } = run
      return { status, conclusion, title: output.title, summary: output.summary }
    },
    asked: () =>
      github.requests
        .filter(({ path }) => !path.includes('/access_tokens'))
        .map(({ method, path }) => `${method} ${path.replace('/repos/acme/shop', '')}`),
  }
}

/** A queue that says when it has nothing to do. */
class WatchedQueue extends MemoryQueue {
  #runs = 0
  #waiting: (() => void)[] = []

  override start(run: RunJob, giveUp?: RunJob): void {
    super.start(this.#watched(run), giveUp && this.#watched(giveUp))
  }

  #watched(run: RunJob): RunJob {
    return async (...given) => {
      this.#runs++
      try {
        return await run(...given)
      } finally {
        // The queue settles the run, and starts what follows it, before the next turn of the event loop.
        setImmediate(() => {
          this.#runs--
          if (this.#runs === 0) for (const resolve of this.#waiting.splice(0)) resolve()
        })
      }
    }
  }

  async idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#runs === 0) resolve()
      else this.#waiting.push(resolve)
    })
  }
}
