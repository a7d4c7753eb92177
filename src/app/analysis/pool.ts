/**
 * Owns the threads that analyse, so that the event loop answers webhooks meanwhile. A thread does one analysis at a time;
 * one that dies, takes too long or too much memory costs that analysis and is replaced.
 */
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ChangeReport } from '../../engine/analyse.ts'
import { type Clock, steadyClock } from '../../queue/clock.ts'
import type { FactsStore } from '../../store/durable-facts-store.ts'
import type { Analyse, AnalysisInput } from './analyse.ts'
import { AnalysisFailure } from './failure.ts'
import { type Contents, type FromThread, handOver, type ThreadData, type ToThread } from './messages.ts'

/** What an analysis may take of its own: waiting for GitHub does not count. A hundred times what a large project takes. */
const mostMs = 5 * 60_000
/** Of objects, in megabytes; three times what a large project takes. */
const mostMemory = 1_500

export interface PoolOptions {
  readonly facts: FactsStore
  /** The version of the engine. */
  readonly version: string
  /** How many threads; by default a core is left to everything else. */
  readonly size?: number
  readonly clock?: Clock
  readonly limits?: { readonly ms?: number; readonly megabytes?: number }
  /** What a thread runs. */
  readonly script?: URL
}

interface Analysis {
  readonly input: AnalysisInput
  readonly resolve: (report: ChangeReport) => void
  readonly reject: (error: unknown) => void
}

const ownScript = new URL(`./thread${extname(import.meta.url)}`, import.meta.url)

export class AnalysisPool {
  readonly #options: PoolOptions
  readonly #size: number
  readonly #waiting: Analysis[] = []
  readonly #idle: Thread[] = []
  readonly #busy = new Set<Thread>()

  constructor(options: PoolOptions) {
    this.#options = options
    this.#size = options.size ?? Math.max(1, availableParallelism() - 1)
  }

  /** @throws AnalysisFailure when it does not come to its end, and whatever reading failed with */
  readonly analyse: Analyse = (input) =>
    new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject })
      this.#next()
    })

  /** Ends the threads; what they were doing fails. */
  async close(): Promise<void> {
    const over = new Error('the app is stopping')
    for (const { reject } of this.#waiting.splice(0)) reject(over)
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((thread) => thread.end(over)))
  }

  #next(): void {
    if (this.#waiting.length === 0 || this.#busy.size >= this.#size) return
    const thread = this.#takeIdle() ?? new Thread(this.#options)
    const { input, resolve, reject } = this.#waiting.shift()!
    this.#busy.add(thread)
    const done = thread.run(input).finally(() => {
      this.#busy.delete(thread)
      if (thread.isAlive) this.#idle.push(thread)
      this.#next()
    })
    done.then(resolve, reject)
  }

  #takeIdle(): Thread | undefined {
    for (;;) {
      const thread = this.#idle.pop()
      if (thread?.isAlive !== false) return thread
    }
  }
}

class Thread {
  readonly #options: PoolOptions
  readonly #worker: Worker
  readonly #clock: Clock
  #input?: AnalysisInput
  #settle?: { resolve: (report: ChangeReport) => void; reject: (error: unknown) => void }
  #msLeft = 0
  /** Why what it asked for could not be had. */
  #refusal?: unknown
  #stopWatch = () => {}
  isAlive = true

  constructor(options: PoolOptions) {
    this.#options = options
    const { script = ownScript, version, limits, clock = steadyClock } = options
    this.#clock = clock
    this.#worker = new Worker(script, {
      workerData: { version } satisfies ThreadData,
      resourceLimits: { maxOldGenerationSizeMb: limits?.megabytes ?? mostMemory },
    })
    // Nobody waits for an idle thread.
    this.#worker.unref()
    this.#worker.on('message', (message: FromThread) => void this.#hear(message))
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash'
      void this.end(new AnalysisFailure(reason, error.message))
    })
    this.#worker.on('exit', () => void this.end(new AnalysisFailure('crash', 'the thread ended')))
  }

  run(input: AnalysisInput): Promise<ChangeReport> {
    return new Promise((resolve, reject) => {
      this.#input = input
      this.#settle = { resolve, reject }
      this.#refusal = undefined
      this.#msLeft = this.#options.limits?.ms ?? mostMs
      const { repositoryId, before, after, configuration } = input
      const changes = input.changes.map(({ status, path, previousPath }) => ({ status, path, previousPath }))
      this.#send({ kind: 'analyse', repositoryId, before: before.files, after: after.files, changes, configuration })
    })
  }

  /** Ends the thread; an analysis that is under way fails with `error`. */
  async end(error: unknown): Promise<void> {
    this.isAlive = false
    this.#fail(error)
    await this.#worker.terminate()
  }

  async #hear(message: FromThread): Promise<void> {
    switch (message.kind) {
      case 'files':
        return this.#answer((input) => input[message.state].read(message.files))
      case 'facts':
        return this.#answer((input) => this.#readFacts(input, message.keys))
      case 'store':
        return this.#storeFacts(message.records)
      case 'report':
        this.#stopWatch()
        return this.#settle?.resolve(message.report)
      case 'failure':
        return this.#fail(this.#refusal ?? message.error)
    }
  }

  async #answer(read: (input: AnalysisInput) => Promise<Contents>): Promise<void> {
    this.#stopWatch()
    try {
      const { contents, transfer } = handOver(await read(this.#input!))
      this.#send({ kind: 'answer', contents }, transfer)
    } catch (error) {
      this.#refusal = error
      this.#send({ kind: 'refusal' })
    }
  }

  /** Facts that cannot be read or stored cost time and nothing else. */
  async #readFacts({ installationId, log }: AnalysisInput, keys: readonly string[]): Promise<Contents> {
    try {
      return await this.#options.facts.read(installationId, keys)
    } catch (error) {
      log.error({ err: error }, 'facts could not be read')
      return new Map()
    }
  }

  async #storeFacts(records: Contents): Promise<void> {
    const { installationId, log } = this.#input!
    try {
      await this.#options.facts.write(installationId, records)
    } catch (error) {
      log.error({ err: error }, 'facts could not be stored')
    }
  }

  #fail(error: unknown): void {
    this.#stopWatch()
    this.#settle?.reject(error)
  }

  /** Sends, and watches the time until it answers. */
  #send(message: ToThread, transfer: ArrayBuffer[] = []): void {
    if (!this.isAlive) return
    const begin = this.#clock.now()
    const cancel = this.#clock.after(this.#msLeft, () => {
      void this.end(new AnalysisFailure('time', 'the analysis took longer than it may'))
    })
    this.#stopWatch = () => {
      cancel()
      this.#msLeft -= this.#clock.now() - begin
      this.#stopWatch = () => {}
    }
    this.#worker.postMessage(message, transfer)
  }
}
