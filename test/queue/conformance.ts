/** Owns the proof that an adapter of the queue holds what `src/queue/review-queue.ts` promises. Every adapter runs it. */
import { describe, expect, test } from 'vitest'
import type { ReviewJob } from '../../src/queue/review-job.ts'
import {
  type Debounce,
  noDebounce,
  type QueueOptions,
  type RetryPolicy,
  type ReviewQueue,
  type ReviewRun,
  type RunJob,
  type RunOutcome,
} from '../../src/queue/review-queue.ts'
import { FakeClock } from './fake-clock.ts'

/** What the suite gives to the queue that it tests. */
export interface QueueParts extends Required<Omit<QueueOptions, 'clock'>> {
  readonly clock: FakeClock
}

/** One run that the queue started, held open until the test ends it. */
interface StartedRun extends ReviewRun {
  readonly job: ReviewJob
  end(outcome?: RunOutcome): void
  fail(error?: Error): void
}

const retry: RetryPolicy = { attempts: 3, first: 1_000, longest: 60_000 }

function job(number: number, more: Partial<ReviewJob> = {}): ReviewJob {
  return {
    delivery: 'd',
    installationId: 1,
    repository: { id: 7, owner: 'shop', name: 'shop' },
    subject: { kind: 'pull-request', number },
    review: true,
    commands: [],
    ...more,
  }
}

const command = (commentId: number) => ({ commentId, author: 'ada', body: '/celery-review' })
const pullOf = ({ subject }: ReviewJob) => (subject.kind === 'pull-request' ? subject.number : subject.sha)

/** A queue together with all the runs it started, in their order. */
async function setUp(
  make: (parts: QueueParts) => ReviewQueue | Promise<ReviewQueue>,
  concurrency = 2,
  debounce: Debounce = noDebounce,
) {
  const clock = new FakeClock()
  const failures: { attempt: number; isLast: boolean }[] = []
  const queue = await make({
    clock,
    concurrency,
    random: () => 1,
    retry,
    debounce,
    onFailure: (_, __, run) => failures.push(run),
  })
  const runs: StartedRun[] = []
  const waiters: { count: number; resolve: () => void }[] = []
  const underWay = new Map<number | string, number>()
  let overlaps = 0
  let deliveries = 0
  const start = (giveUp?: RunJob) =>
    queue.start((started, run) => {
      const pull = pullOf(started)
      if (underWay.get(pull)) overlaps++
      underWay.set(pull, (underWay.get(pull) ?? 0) + 1)
      return new Promise((resolve, reject) => {
        const done = () => underWay.set(pull, underWay.get(pull)! - 1)
        runs.push({
          ...run,
          job: started,
          end: (outcome = { kind: 'done' }) => {
            done()
            resolve(outcome)
          },
          fail: (error = new Error('no')) => {
            done()
            reject(error)
          },
        })
        for (const waiter of waiters) if (runs.length >= waiter.count) waiter.resolve()
      })
    }, giveUp)
  return {
    queue,
    clock,
    failures,
    runs,
    start,
    overlaps: () => overlaps,
    accept: (accepted: ReviewJob, id = `delivery-${++deliveries}`) => queue.accept({ id }, accepted),
    /** The nth run, as soon as it starts. */
    run: async (nth: number): Promise<StartedRun> => {
      if (runs.length < nth) await new Promise<void>((resolve) => waiters.push({ count: nth, resolve }))
      return runs[nth - 1]!
    },
    /** Resolves when the queue has set a timer for a later start. */
    timer: async (): Promise<number> => {
      while (clock.untilNext === undefined) await new Promise((resolve) => setImmediate(resolve))
      return clock.untilNext
    },
    /** Ends the queue and says how many runs it started in all. */
    total: async () => {
      const stopped = queue.stop({ deadline: 1_000 })
      for (const { end } of runs) end()
      await stopped
      return runs.length
    },
  }
}

export function describeReviewQueue(
  name: string,
  make: (parts: QueueParts) => ReviewQueue | Promise<ReviewQueue>,
): void {
  describe(name, () => {
    test('runs an accepted job, whether it was accepted before or after the start', async () => {
      const { accept, start, run, total } = await setUp(make)
      expect(await accept(job(1))).toBe('accepted')
      start()
      expect((await run(1)).job).toEqual(job(1))
      await accept(job(2))
      expect((await run(2)).job).toEqual(job(2))
      expect(await total()).toBe(2)
    })

    test('takes a delivery once, also after its job is done', async () => {
      const { accept, start, run, total } = await setUp(make)
      start()
      expect(await accept(job(1), 'same')).toBe('accepted')
      expect(await accept(job(1), 'same')).toBe('repeated')
      const first = await run(1)
      expect(first.signal.aborted).toBe(false)
      first.end()
      expect(await accept(job(1), 'same')).toBe('repeated')
      expect(await total()).toBe(1)
    })

    test('knows what waits and what is under way', async () => {
      const { queue, accept, start, run, total } = await setUp(make)
      const isBusy = () => Promise.all([1, 2].map((number) => queue.isBusyWith(job(number))))
      expect(await isBusy()).toEqual([false, false])
      await accept(job(1))
      expect(await isBusy()).toEqual([true, false])
      start()
      const first = await run(1)
      expect(await isBusy()).toEqual([true, false])
      first.end()
      await accept(job(2))
      await run(2)
      while ((await isBusy())[0]) await new Promise((resolve) => setImmediate(resolve))
      expect(await isBusy()).toEqual([false, true])
      expect(await total()).toBe(2)
    })

    test('makes one of the jobs that wait for the same pull request, and keeps all that they ask for', async () => {
      const { accept, start, run, total } = await setUp(make)
      await accept(job(1, { commands: [command(10)], delivery: 'a' }))
      await accept(job(1, { delivery: 'b' }))
      await accept(job(1, { review: false, commands: [command(11), command(10)], delivery: 'c' }))
      start()
      const { job: merged } = await run(1)
      expect(merged).toMatchObject({ delivery: 'c', review: true })
      expect(merged.commands.map(({ commentId }) => commentId).sort()).toEqual([10, 11])
      expect(await total()).toBe(1)
    })

    test('stores what comes at once as what comes one after the other', async () => {
      const { accept, start, run, total } = await setUp(make, 100)
      const asked = Array.from({ length: 60 }, (_, at) => at)
      const answers = await Promise.all(
        asked.flatMap((at) => {
          const delivery = `d-${at}`
          const wanted = job(at % 7, { delivery, installationId: 1 + (at % 7), commands: [command(at)] })
          return [accept(wanted, delivery), ...(at % 5 === 0 ? [accept(wanted, delivery)] : [])]
        }),
      )
      expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(60)
      expect(answers.filter((answer) => answer === 'repeated')).toHaveLength(12)
      start()
      await run(7)
      const runs = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(run))
      const found = runs.map(({ job: { subject, delivery, commands } }) => [subject, delivery, commands])
      const newest = (number: number) => Math.max(...asked.filter((at) => at % 7 === number))
      const wanted = [0, 1, 2, 3, 4, 5, 6].map((number) => [
        { kind: 'pull-request', number },
        `d-${newest(number)}`,
        asked.filter((at) => at % 7 === number).map(command),
      ])
      expect(found).toEqual(expect.arrayContaining(wanted))
      expect(await total()).toBe(7)
    })

    test('begins in the order of arrival what comes at once', async () => {
      const { accept, start, run, total } = await setUp(make, 1)
      const numbers = [9, 3, 12, 1, 30, 2]
      await Promise.all(numbers.map((number) => accept(job(number))))
      start()
      for (const [at, number] of numbers.entries()) {
        const begun = await run(at + 1)
        expect(begun.job.subject).toEqual({ kind: 'pull-request', number })
        begun.end()
      }
      expect(await total()).toBe(6)
    })

    test('runs once more after a run during which pushes came, and never two at a time', async () => {
      const { accept, start, run, overlaps, total } = await setUp(make, 4)
      start()
      await accept(job(1))
      const first = await run(1)
      for (let push = 0; push < 5; push++) await accept(job(1, { delivery: `push-${push}` }))
      expect(first.signal.aborted).toBe(true)
      expect(await first.isCurrent()).toBe(false)
      first.fail()
      const second = await run(2)
      expect(second.job.delivery).toBe('push-4')
      expect(await second.isCurrent()).toBe(true)
      second.end()
      expect(await total()).toBe(2)
      expect(overlaps()).toBe(0)
    })

    test('hands the commands of a replaced run to the run that follows, and those of a finished run to nobody', async () => {
      const { accept, start, run, total } = await setUp(make)
      start()
      await accept(job(1, { commands: [command(10)] }))
      const first = await run(1)
      await accept(job(1, { commands: [command(11)] }))
      first.fail()
      const second = await run(2)
      expect(second.job.commands.map(({ commentId }) => commentId)).toEqual([10, 11])
      await accept(job(1))
      second.end()
      expect((await run(3)).job.commands).toEqual([])
      expect(await total()).toBe(3)
    })

    test('runs other pull requests side by side, up to the concurrency', async () => {
      const { accept, start, run, runs, total } = await setUp(make, 2)
      for (const number of [1, 2, 3]) await accept(job(number))
      start()
      await run(2)
      expect(runs.map((started) => pullOf(started.job))).toEqual([1, 2])
      runs[0]!.end()
      expect(pullOf((await run(3)).job)).toBe(3)
      expect(await total()).toBe(3)
    })

    test('lets no busy pull request hold up the others', async () => {
      const { accept, start, run, total } = await setUp(make, 1)
      start()
      await accept(job(1))
      const first = await run(1)
      await accept(job(2))
      await accept(job(1))
      first.fail()
      const second = await run(2)
      expect(pullOf(second.job)).toBe(2)
      second.end()
      expect(pullOf((await run(3)).job)).toBe(1)
      expect(await total()).toBe(3)
    })

    test('repeats a failed run later and later, and gives up after the last attempt', async () => {
      const { accept, start, run, timer, clock, failures, total } = await setUp(make)
      start()
      await accept(job(1))
      ;(await run(1)).fail()
      expect(await timer()).toBe(1_000)
      clock.advance(1_000)
      const second = await run(2)
      expect(second.attempt).toBe(2)
      second.fail()
      expect(await timer()).toBe(2_000)
      clock.advance(2_000)
      ;(await run(3)).fail()
      expect(await total()).toBe(3)
      expect(failures).toEqual([
        { attempt: 1, isLast: false },
        { attempt: 2, isLast: false },
        { attempt: 3, isLast: true },
      ])
    })

    test('hands over a job that was given up, again when that fails, and then never more', async () => {
      const { accept, start, run, timer, clock, failures, total } = await setUp(make)
      const buried: { job: ReviewJob; attempt: number }[] = []
      let wake = () => {}
      start(async (given, { attempt }) => {
        buried.push({ job: given, attempt })
        wake()
        if (buried.length === 1) throw new Error('GitHub is away')
        return { kind: 'done' }
      })
      const burial = (nth: number) =>
        new Promise<void>((resolve) => {
          wake = resolve
          if (buried.length >= nth) resolve()
        })
      await accept(job(1, { commands: [command(10)] }))
      for (const [attempt, wait] of [1_000, 2_000].entries()) {
        ;(await run(attempt + 1)).fail()
        expect(await timer()).toBe(wait)
        clock.advance(wait)
      }
      const first = burial(1)
      ;(await run(3)).fail()
      await first
      expect(await timer()).toBe(1_000)
      const second = burial(2)
      clock.advance(1_000)
      await second
      expect(buried.map(({ attempt }) => attempt)).toEqual([4, 5])
      expect(buried[1]!.job.commands).toHaveLength(1)
      expect(failures.map(({ isLast }) => isLast)).toEqual([false, false, true, false])
      // It is not remembered for a push that comes later.
      await accept(job(1))
      expect(await run(4)).toMatchObject({ attempt: 1, job: { commands: [] } })
      expect(await total()).toBe(4)
    })

    test('lets installations take turns', async () => {
      const { accept, start, run, total } = await setUp(make, 1)
      for (const number of [1, 2, 3]) await accept(job(number))
      await accept(job(4, { installationId: 2 }))
      await accept(job(5, { installationId: 3 }))
      start()
      const order = []
      for (let nth = 1; nth <= 5; nth++) {
        const started = await run(nth)
        order.push(pullOf(started.job))
        started.end()
      }
      expect(order).toEqual([1, 4, 5, 2, 3])
      expect(await total()).toBe(5)
    })

    test('waits for the end of a burst, but not for ever, and not when somebody gives a command', async () => {
      const { accept, start, run, runs, timer, clock, total } = await setUp(make, 2, { quiet: 1_000, longest: 2_500 })
      start()
      await accept(job(1, { delivery: 'a' }))
      expect(await timer()).toBe(1_000)
      for (const delivery of ['b', 'c', 'd']) {
        clock.advance(800)
        await accept(job(1, { delivery }))
      }
      expect(runs).toHaveLength(0)
      clock.advance(100)
      expect((await run(1)).job.delivery).toBe('d')
      await accept(job(2))
      await accept(job(2, { commands: [command(10)] }))
      expect(pullOf((await run(2)).job)).toBe(2)
      expect(await total()).toBe(2)
    })

    test('starts afresh, and at once, when a push comes while a failed job waits', async () => {
      const { accept, start, run, timer, total } = await setUp(make)
      start()
      await accept(job(1, { commands: [command(10)] }))
      ;(await run(1)).fail()
      await timer()
      await accept(job(1))
      const second = await run(2)
      expect(second.attempt).toBe(1)
      expect(second.job.commands.map(({ commentId }) => commentId)).toEqual([10])
      expect(await total()).toBe(2)
    })

    test('keeps an installation quiet until the time GitHub named, and no other', async () => {
      const { accept, start, run, runs, timer, clock, total } = await setUp(make, 3)
      start()
      await accept(job(1))
      ;(await run(1)).end({ kind: 'paused', until: clock.now() + 60_000 })
      await timer()
      await accept(job(2))
      await accept(job(3, { installationId: 2 }))
      expect(pullOf((await run(2)).job)).toBe(3)
      clock.advance(59_999)
      expect(runs).toHaveLength(2)
      clock.advance(1)
      await run(4)
      expect(runs.map((started) => pullOf(started.job)).sort()).toEqual([1, 1, 2, 3])
      expect(await total()).toBe(4)
    })

    test('stops by ending what is under way, and accepts nothing more', async () => {
      const { accept, start, run, queue } = await setUp(make)
      start()
      await accept(job(1))
      const first = await run(1)
      const stopped = queue.stop({ deadline: 1_000 })
      await expect(accept(job(2))).rejects.toThrow()
      expect(first.signal.aborted).toBe(false)
      first.end()
      expect(await stopped).toEqual({ left: 0 })
    })

    test('aborts what is still under way at the deadline, and says that it is left', async () => {
      const { accept, start, run, queue, clock, runs } = await setUp(make)
      start()
      await accept(job(1))
      const first = await run(1)
      const stopped = queue.stop({ deadline: 1_000 })
      clock.advance(1_000)
      expect(await stopped).toEqual({ left: 1 })
      expect(first.signal.aborted).toBe(true)
      expect(await first.isCurrent()).toBe(false)
      first.fail()
      await new Promise((resolve) => setImmediate(resolve))
      expect(runs).toHaveLength(1)
    })
  })
}
