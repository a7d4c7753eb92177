/** Analyses in threads of their own: the same report as in this one, and what a thread that fails costs. */
import { afterAll, afterEach, expect, test } from 'vitest'
import { type AnalysisInput, analyseWith } from '../../src/app/analysis/analyse.ts'
import { AnalysisFailure } from '../../src/app/analysis/failure.ts'
import { AnalysisPool, type PoolOptions } from '../../src/app/analysis/pool.ts'
import { defaultConfiguration } from '../../src/config/configuration.ts'
import type { Snapshot } from '../../src/core/snapshot.ts'
import { loadRules } from '../../src/rule/registry.ts'
import type { FactsStore } from '../../src/store/durable-facts-store.ts'
import { BuiltProgram } from '../cli/built-program.ts'
import { FakeClock } from '../queue/fake-clock.ts'
import { changesOf, memorySnapshot } from '../support/memory-snapshot.ts'

const program = new BuiltProgram()
afterAll(() => program.remove())

const pools: AnalysisPool[] = []
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close()
})

function startPool(options: Partial<PoolOptions> = {}): AnalysisPool {
  const script = program.urlOf('src/app/analysis/thread.js')
  const pool = new AnalysisPool({ facts: new MemoryFactsStore(), version: '1', size: 1, script, ...options })
  pools.push(pool)
  return pool
}

class MemoryFactsStore implements FactsStore {
  readonly records = new Map<string, Uint8Array>()

  async read(installationId: number, keys: readonly string[]) {
    const known = keys.map((key) => [key, this.records.get(`${installationId} ${key}`)] as const)
    return new Map(known.filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined))
  }

  async write(installationId: number, records: ReadonlyMap<string, Uint8Array>) {
    for (const [key, bytes] of records) this.records.set(`${installationId} ${key}`, bytes)
  }
}

const logged: string[] = []
const log = { error: (_: unknown, text: string) => logged.push(text) } as unknown as AnalysisInput['log']

const tasks = 'from celery import shared_task\n\n\n@shared_task\ndef ship(order): ...\n'
const views = (body: string) =>
  `from django.db import transaction\n\nfrom shop.tasks import ship\n\n\ndef post(order):\n    with transaction.atomic():\n        order.save()\n        ${body}\n`
const before = { 'shop/tasks.py': tasks, 'shop/views.py': views('pass'), 'README.md': '# Shop' }
const after = { ...before, 'shop/views.py': views('ship.delay(order.pk)  # ünïcode') }

const input: AnalysisInput = {
  installationId: 1,
  repositoryId: 1,
  before: memorySnapshot(before),
  after: memorySnapshot(after),
  changes: changesOf(before, after),
  configuration: defaultConfiguration,
  log,
}

/** A snapshot that notes which files were read. */
function watched(snapshot: Snapshot, read: string[]): Snapshot {
  return {
    files: snapshot.files,
    read(files) {
      read.push(...files.map(({ path }) => path))
      return snapshot.read(files)
    },
  }
}

test('says what the engine says in this thread', async () => {
  const expected = await analyseWith(await loadRules())(input)
  expect(expected.findings).toHaveLength(1)
  expect(expected.findings[0]!.suggestion).toBeDefined()
  const pool = startPool({ size: 2 })
  const reports = await Promise.all(Array.from({ length: 5 }, () => pool.analyse(input)))
  for (const { stats, ...report } of reports) {
    const { stats: _, ...rest } = expected
    expect(report).toEqual(rest)
    expect(stats.parsed + stats.cached).toBe(2)
  }
})

test('says the same push after push, also when another repository or configuration comes between', async () => {
  const pool = startPool()
  const analyse = analyseWith(await loadRules())
  const worse = { ...after, 'shop/tasks.py': tasks.replace('order', 'order, note') }
  const push = (from: Record<string, string>, to: Record<string, string>): AnalysisInput => {
    const [old, current] = [memorySnapshot(from), memorySnapshot(to)]
    return { ...input, before: old, after: current, changes: changesOf(from, to) }
  }
  const pushes = [
    input,
    push(before, worse),
    { ...push(worse, before), repositoryId: 2 },
    { ...push(before, worse), configuration: { ...defaultConfiguration, preview: true } },
    push(after, worse),
    input,
  ]
  for (const one of pushes) expect((await pool.analyse(one)).findings).toEqual((await analyse(one)).findings)
})

test('reads what another process has read from the stored facts, those of another installation or version not', async () => {
  const facts = new MemoryFactsStore()
  const readBy = async (options: Partial<PoolOptions>, given: Partial<AnalysisInput> = {}) => {
    const read: string[] = []
    const states = { before: watched(input.before, read), after: watched(input.after, read) }
    const { findings } = await startPool({ facts, ...options }).analyse({ ...input, ...states, ...given })
    expect(findings).toHaveLength(1)
    return read.sort()
  }
  const all = ['shop/tasks.py', 'shop/views.py', 'shop/views.py']
  expect(await readBy({})).toEqual(all)
  expect(await readBy({})).toEqual([])
  expect(await readBy({}, { installationId: 2 })).toEqual(all)
  expect(await readBy({ version: '2' })).toEqual(all)
  for (const [key, bytes] of facts.records) facts.records.set(key, bytes.subarray(0, bytes.length >> 1))
  expect(await readBy({})).toEqual(all)
})

test('does without facts that can be neither read nor stored', async () => {
  const broken = () => Promise.reject(new Error('the disk is full'))
  const { findings } = await startPool({ facts: { read: broken, write: broken } }).analyse(input)
  expect(findings).toHaveLength(1)
  expect(new Set(logged.splice(0))).toEqual(new Set(['facts could not be read', 'facts could not be stored']))
})

test('fails with what reading failed with, and goes on with the next analysis', async () => {
  const pool = startPool()
  const failure = new Error('GitHub wants quiet')
  const unreadable = { ...input.after, read: () => Promise.reject(failure) }
  const [first, second] = await Promise.allSettled([pool.analyse({ ...input, after: unreadable }), pool.analyse(input)])
  expect(first).toEqual({ status: 'rejected', reason: failure })
  expect(second).toMatchObject({ status: 'fulfilled', value: { findings: [{ rule: 'dispatch-in-atomic' }] } })
})

/** Does what the first file's name says. */
const actor = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    const acts = {
      answer: () => parentPort.postMessage({ kind: 'report', report: 'fine' }),
      throw: () => { throw new Error('oops') },
      exit: () => process.exit(0),
      loop: () => { for (;;); },
      hoard: () => { for (const all = []; ; ) all.push(Array.from({ length: 1000 }, () => ({}))) },
      read: () => parentPort.postMessage({ kind: 'files', state: 'after', files: [] }),
    }
    parentPort.on('message', ({ kind, after }) => kind === 'answer' ? acts.answer() : acts[after[0].path]())
  `)}`,
)
const act = (path: string, read: Snapshot['read'] = async () => new Map()): AnalysisInput => ({
  ...input,
  after: { files: [{ path, sha: '' }], read },
})
const reasonOf = (analysis: Promise<unknown>) =>
  analysis.then(
    () => 'none',
    (error) => (error as AnalysisFailure).reason,
  )

test('a thread that dies costs its own analysis', async () => {
  const pool = startPool({ script: actor, limits: { megabytes: 16 } })
  const acts = ['throw', 'answer', 'exit', 'hoard', 'answer', 'answer']
  expect(await Promise.all(acts.map((path) => reasonOf(pool.analyse(act(path)))))).toEqual([
    'crash',
    'none',
    'crash',
    'memory',
    'none',
    'none',
  ])
})

test('a thread that takes too long is ended; waiting for what it reads does not count', async () => {
  const clock = new FakeClock()
  const pool = startPool({ script: actor, clock, limits: { ms: 1_000 } })
  let answer = (_: Map<string, Uint8Array>) => {}
  const reading = new Promise<void>((isReading) => {
    const held = () => {
      isReading()
      return new Promise<Map<string, Uint8Array>>((resolve) => {
        answer = resolve
      })
    }
    void pool.analyse(act('read', held)).then(() => logged.push('read'))
  })
  await reading
  clock.advance(60_000)
  const looped = reasonOf(pool.analyse(act('loop')))
  answer(new Map())
  while (logged.length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(logged.splice(0)).toEqual(['read'])
  expect(clock.untilNext).toBe(1_000)
  clock.advance(1_000)
  expect(await looped).toBe('time')
  expect(await reasonOf(pool.analyse(act('answer')))).toBe('none')
})

test('ends with what is under way and what waits', async () => {
  const pool = startPool({ script: actor })
  const analyses = ['loop', 'answer'].map((path) => pool.analyse(act(path)))
  const settled = Promise.allSettled(analyses)
  await pool.close()
  for (const result of await settled) {
    expect(result.status).toBe('rejected')
    expect((result as PromiseRejectedResult).reason).not.toBeInstanceOf(AnalysisFailure)
  }
})
