/**
 * One of several processes that compete for the jobs of one queue. Stores its share of the jobs while it works, and prints
 * when each of its runs began and ended, in nanoseconds of the machine's monotonic clock.
 */
import { openPostgres } from '../../src/database/postgres.ts'
import { openSqlite } from '../../src/database/sqlite.ts'
import { systemClock } from '../../src/queue/clock.ts'
import { DurableQueue } from '../../src/queue/durable-queue.ts'
import { openGraphileBell } from '../../src/queue/graphile-bell.ts'
import { jobKey } from '../../src/queue/review-job.ts'

const [where, from, to] = process.argv.slice(2) as [string, string, string]
const postgres = where.startsWith('postgres:') ? await openPostgres(where, process.env.SCHEMA) : undefined
const database = postgres ?? (await openSqlite(where))
const queue = new DurableQueue({
  database,
  bell: postgres && (await openGraphileBell(postgres)),
  clock: systemClock,
  random: Math.random,
  concurrency: 4,
  poll: 50,
})

queue.start(async (job) => {
  const begin = process.hrtime.bigint()
  await new Promise((resolve) => setImmediate(resolve))
  process.stdout.write(`${jobKey(job)} ${begin} ${process.hrtime.bigint()}\n`)
  return { kind: 'done' }
})
for (let number = Number(from); number < Number(to); number++) {
  await queue.accept(
    { id: `delivery-${number}` },
    {
      delivery: `delivery-${number}`,
      installationId: number % 20,
      repository: { id: number % 50, owner: 'acme', name: 'shop' },
      subject: { kind: 'pull-request', number },
      review: true,
      commands: [],
    },
  )
}
process.on('SIGTERM', async () => {
  await queue.stop({ deadline: 10_000 })
  await database.close()
})
