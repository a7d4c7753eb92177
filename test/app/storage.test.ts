import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createMetrics } from '../../src/app/metrics.ts'
import { openStorage } from '../../src/app/storage.ts'
import { keepPlace, readPlace, takeTurn } from '../../src/database/chores.ts'
import { forgetOld, readQueueState } from '../../src/queue/queue-records.ts'
import { unknownPull } from '../../src/store/review-store.ts'
import { FakeClock } from '../queue/fake-clock.ts'
import { hasSqlite } from '../support/has-sqlite.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'celery-review-data-'))
afterAll(() => rm(dataDir, { recursive: true }))

const log = { error() {} } as unknown as Parameters<Awaited<ReturnType<typeof openStorage>>['makeQueue']>[0]

const job = (installationId: number) => ({
  delivery: 'd',
  installationId,
  repository: { id: installationId, owner: 'acme', name: 'shop' },
  subject: { kind: 'pull-request', number: 1 } as const,
  review: true,
  commands: [],
})

test.skipIf(!hasSqlite)('keeps, counts and forgets', async () => {
  const storage = await openStorage({ dataDir })
  const { database } = storage
  const clock = new FakeClock()
  const metrics = createMetrics(database, () => clock.now() + 5_000)
  const queue = metrics.count(storage.makeQueue(log, clock))
  const store = storage.makeStore(log, clock)
  for (const id of [1, 2]) {
    await queue.accept({ id: `delivery-${id}` }, job(id))
    await store.change({ installationId: id, repositoryId: id, number: 1 }, (state) => ({ ...state, said: ['a'] }))
  }
  expect(await metrics.read()).toContain('celery_review_jobs{state="waiting"} 2')
  expect(await metrics.read()).toContain('celery_review_oldest_job_seconds 5')
  expect(await metrics.read()).toContain('celery_review_deliveries_total{answer="accepted"} 2')

  await storage.forgetInstallation(1)
  expect(await readQueueState(database)).toMatchObject({ waiting: 1, running: 0, dead: 0 })
  expect(await store.read({ installationId: 1, repositoryId: 1, number: 1 })).toEqual(unknownPull)
  expect((await store.read({ installationId: 2, repositoryId: 2, number: 1 })).said).toEqual(['a'])

  // What is old goes; what waits stays, however old it is.
  expect(await queue.accept({ id: 'delivery-2' }, job(2))).toBe('repeated')
  await forgetOld(database, { deliveries: clock.now() + 1, jobs: clock.now() + 1 })
  expect(await queue.accept({ id: 'delivery-2' }, job(2))).toBe('accepted')
  expect(await readQueueState(database)).toMatchObject({ waiting: 1 })
  await storage.close()
})

test.skipIf(!hasSqlite)('lets one of several processes do a chore, when it is time', async () => {
  const storage = await openStorage({ dataDir })
  const turn = (now: number) => takeTurn(storage.database, 'upkeep', now, 100)
  expect(await turn(1_000)).toBe(0)
  expect(await turn(1_099)).toBeUndefined()
  expect(await turn(1_100)).toBe(1_000)
  await storage.close()
})

test.skipIf(!hasSqlite)('keeps where a chore goes on for the process that does it next', async () => {
  const first = await openStorage({ dataDir })
  expect(await readPlace(first.database, 'tour')).toBeUndefined()
  await takeTurn(first.database, 'tour', 1_000, 100)
  await keepPlace(first.database, 'tour', { installation: 7 })
  await first.close()
  const second = await openStorage({ dataDir })
  await takeTurn(second.database, 'tour', 2_000, 100)
  expect(await readPlace(second.database, 'tour')).toEqual({ installation: 7 })
  await second.close()
})
