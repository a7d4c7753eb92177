/** Owns the proof of what is true of a queue that several processes share, and that outlives each of them. */
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import { DurableQueue } from '../../src/queue/durable-queue.ts'
import type { ReviewJob } from '../../src/queue/review-job.ts'
import type { ReviewRun, RunOutcome } from '../../src/queue/review-queue.ts'
import { BuiltProgram } from '../cli/built-program.ts'
import type { Place } from '../support/databases.ts'
import { FakeClock } from './fake-clock.ts'

const lease = 1_000
const program = new BuiltProgram()
afterAll(() => program.remove())

const job = (number: number, installationId = 1): ReviewJob => ({
  delivery: 'd',
  installationId,
  repository: { id: 7, owner: 'shop', name: 'shop' },
  subject: { kind: 'pull-request', number },
  review: true,
  commands: [],
})

interface Limits {
  readonly attempts?: number
  readonly concurrency?: number
}

/** One that hangs in a run has no room for another: it cannot take again what was taken from it. */
const hanging: Limits = { concurrency: 1 }

interface Started extends ReviewRun {
  readonly job: ReviewJob
  end(outcome?: RunOutcome): void
}

/** One process of several, whose clocks stand still until they are moved. */
class Process {
  readonly clock = new FakeClock()
  readonly steady = new FakeClock()
  readonly runs: Started[] = []
  readonly queue: DurableQueue
  readonly buried: ReviewJob[] = []

  constructor(parts: Awaited<ReturnType<Place['open']>>, { attempts = 6, concurrency }: Limits = {}) {
    const retry = { attempts, first: 1_000, longest: 60_000 }
    const clocks = { clock: this.clock, steady: this.steady, random: () => 1 }
    this.queue = new DurableQueue({ ...parts, ...clocks, lease, retry, concurrency })
  }

  start(): this {
    this.queue.start(
      (given, run) =>
        new Promise((resolve) =>
          this.runs.push({ ...run, job: given, end: (outcome) => resolve(outcome ?? { kind: 'done' }) }),
        ),
      async (given) => {
        this.buried.push(given)
        return { kind: 'done' }
      },
    )
    return this
  }

  /** The nth run, as soon as it starts; the process lives on meanwhile. */
  async run(nth: number): Promise<Started> {
    await until(
      () => this.runs.length >= nth,
      () => this.live(),
    )
    return this.runs[nth - 1]!
  }

  /** Lets a little time pass in which the process does what it does regularly. */
  live(): void {
    this.steady.advance(lease / 8)
  }
}

/** Goes round the event loop until something holds that is bound to; the test's own time is the limit. */
async function until(holds: () => boolean, meanwhile: () => void = () => {}): Promise<void> {
  while (!holds()) {
    meanwhile()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** How many jobs compete; `npm run compete` takes more than there is time for in the suite. */
const jobs = Number(process.env.COMPETING_JOBS ?? 1_000)

export function describeDurableQueue(
  name: string,
  makePlace: () => Promise<Place>,
  argumentsOf: (place: Place) => { where: string; env: NodeJS.ProcessEnv },
): void {
  describe(name, () => {
    let place: Place
    const stops: (() => Promise<unknown>)[] = []
    const open = async (limits?: Limits): Promise<Process> => {
      const process = new Process(await place.open(), limits)
      stops.push(() => {
        const stopped = process.queue.stop({ deadline: 0 })
        process.clock.advance(0)
        return stopped
      })
      return process
    }
    const setUp = async (limits?: Limits) => {
      place = await makePlace()
      return open(limits)
    }
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop()
      await place.remove()
    })

    test('begins nothing while webhooks wait for their answer, and all of it afterwards', async () => {
      place = await makePlace()
      const parts = await place.open()
      const transactions: ('webhook' | 'claim')[] = []
      let letIn = () => {}
      const database: Database = {
        dialect: parts.database.dialect,
        query: (text, values) => parts.database.query(text, values),
        close: () => parts.database.close(),
        async transaction(work, isPromise) {
          if (transactions.push(isPromise ? 'webhook' : 'claim') === 2) {
            await new Promise<void>((resolve) => {
              letIn = resolve
            })
          }
          return parts.database.transaction(work, isPromise)
        },
      }
      const process = new Process({ ...parts, database })
      stops.push(() => process.queue.stop({ deadline: 0 }))
      process.start()
      await until(() => transactions.length > 0)
      transactions.length = 0
      const first = process.queue.accept({ id: 'one' }, job(1))
      const second = process.queue.accept({ id: 'two' }, job(2))
      await first
      expect(transactions).toEqual(['webhook', 'webhook'])
      letIn()
      await second
      expect([(await process.run(1)).job.subject, (await process.run(2)).job.subject]).toEqual([
        job(1).subject,
        job(2).subject,
      ])
    })

    test('keeps jobs, deliveries and pauses for the process that comes after', async () => {
      const first = await setUp()
      await first.queue.accept({ id: 'one' }, job(1))
      await first.queue.accept({ id: 'two' }, job(2, 2))
      first.start()
      await until(() => first.runs.length === 2)
      const paused = first.runs.find(({ job: { installationId } }) => installationId === 1)!
      paused.end({ kind: 'paused', until: first.clock.now() + 60_000 })
      first.runs.find((run) => run !== paused)!.end()
      await first.queue.stop({ deadline: 1_000 })

      const second = (await open()).start()
      expect(await second.queue.accept({ id: 'one' }, job(1))).toBe('repeated')
      await second.queue.accept({ id: 'three' }, job(3, 2))
      expect((await second.run(1)).job).toEqual(job(3, 2))
      second.clock.advance(60_000)
      expect((await second.run(2)).job).toEqual(job(1))
      expect(second.runs).toHaveLength(2)
    })

    test('gives the jobs of a dead process to others, as soon as it is known to be dead and no sooner', async () => {
      const dead = (await setUp(hanging)).start()
      const alive = (await open(hanging)).start()
      await dead.queue.accept({ id: 'one' }, job(1))
      await until(() => dead.runs.length + alive.runs.length === 1)
      const [holder, other] = dead.runs.length ? [dead, alive] : [alive, dead]
      // As long as the holder shows life, nobody takes its job, however long the run lasts.
      for (let time = 0; time < 40; time++) {
        holder.live()
        await new Promise((resolve) => setTimeout(resolve, 2))
        other.live()
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      expect(other.runs).toHaveLength(0)
      const taken = await other.run(1)
      expect(taken).toMatchObject({ job: job(1), attempt: 2 })
      expect(await taken.isCurrent()).toBe(true)
      // The dead one was only slow: it must not write any more, nor end what is no longer its own.
      expect(await holder.runs[0]!.isCurrent()).toBe(false)
      await until(
        () => holder.runs[0]!.signal.aborted,
        () => holder.live(),
      )
      holder.runs[0]!.end()
      await other.queue.accept({ id: 'two' }, job(2))
      expect(await taken.isCurrent()).toBe(true)
    })

    test('leaves alone what a process broke off when it ended, until its lease is over', async () => {
      const ended = (await setUp()).start()
      await ended.queue.accept({ id: 'one' }, job(1))
      await ended.run(1)
      const stopped = ended.queue.stop({ deadline: 0 })
      ended.clock.advance(0)
      expect(await stopped).toEqual({ left: 1 })
      const next = (await open()).start()
      await next.queue.accept({ id: 'two' }, job(2))
      expect((await next.run(1)).job).toEqual(job(2))
      expect(next.runs).toHaveLength(1)
      expect(await next.run(2)).toMatchObject({ job: job(1), attempt: 2 })
    })

    test('compares nobody’s clock with anybody else’s', async () => {
      const late = (await setUp()).start()
      const early = await open()
      early.clock.advance(24 * 60 * 60_000)
      early.start()
      for (const [index, process] of [late, early, late, early].entries()) {
        await process.queue.accept({ id: `${index}` }, job(index))
      }
      await until(
        () => late.runs.length + early.runs.length === 4,
        () => [late, early].map((one) => one.live()),
      )
      for (let time = 0; time < 40; time++) {
        for (const one of [late, early]) one.live()
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      const all = [...late.runs, ...early.runs]
      expect(all).toHaveLength(4)
      expect(await Promise.all(all.map((run) => run.isCurrent()))).toEqual([true, true, true, true])
    })

    test('is not held up by what a clock far in the future wrote', async () => {
      const wrong = await setUp()
      wrong.clock.advance(365 * 24 * 60 * 60_000)
      await wrong.queue.accept({ id: 'one' }, job(1))
      const right = (await open()).start()
      expect((await right.run(1)).job).toEqual(job(1))
    })

    test('lets a run know of a newer job that another process accepted', async () => {
      const worker = (await setUp()).start()
      const web = await open()
      await worker.queue.accept({ id: 'one' }, job(1))
      const run = await worker.run(1)
      await web.queue.accept({ id: 'two' }, { ...job(1), delivery: 'newer' })
      expect(await run.isCurrent()).toBe(false)
      await until(
        () => run.signal.aborted,
        () => worker.live(),
      )
      run.end()
      expect((await worker.run(2)).job.delivery).toBe('newer')
    })

    test('gives up a job that every process dies of', async () => {
      const mortal = { ...hanging, attempts: 2 }
      let process = (await setUp(mortal)).start()
      await process.queue.accept({ id: 'one' }, job(1))
      for (const attempt of [1, 2]) {
        expect((await process.run(1)).attempt).toBe(attempt)
        process = (await open(mortal)).start()
      }
      const last = process
      await until(
        () => last.buried.length === 1,
        () => last.live(),
      )
      expect(last.buried).toEqual([job(1)])
      expect(last.runs).toHaveLength(0)
    })

    test(`loses none of ${jobs} jobs among four processes, and runs none twice`, async () => {
      place = await makePlace()
      await (await place.open()).database.query('SELECT 1')
      const { where, env } = argumentsOf(place)
      const runs = new Map<string, [begin: bigint, end: bigint][]>()
      let count = 0
      const processes = [0, 1, 2, 3].map((index) => {
        const range = [(index * jobs) / 4, ((index + 1) * jobs) / 4].map(String)
        const child = program.startScript('test/processes/compete.js', [where, ...range], '.', env)
        let rest = ''
        let trouble = ''
        child.stderr!.on('data', (chunk) => (trouble += chunk))
        child.stdout!.on('data', (chunk) => {
          const lines = (rest + chunk).split('\n')
          rest = lines.pop()!
          for (const line of lines) {
            const [key, begin, end] = line.split(' ') as [string, string, string]
            runs.set(key, [...(runs.get(key) ?? []), [BigInt(begin), BigInt(end)]])
            count++
          }
        })
        return { child, ended: new Promise<string>((resolve) => child.on('close', () => resolve(trouble))) }
      })
      while (count < jobs && processes.every(({ child }) => child.exitCode === null)) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      for (const { child } of processes) child.kill('SIGTERM')
      expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual(['', '', '', ''])
      expect(runs.size).toBe(jobs)
      expect(count).toBe(jobs)
    }, 600_000)
  })
}
