import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { diagnoseStore } from '../../../src/app/doctor/diagnose-store.ts'
import { openStorage } from '../../../src/app/storage.ts'
import { inspectPostgres } from '../../../src/database/inspect.ts'
import { latestStep } from '../../../src/database/migrations.ts'
import { postgresPlace, postgresUrl } from '../../support/databases.ts'
import { hasSqlite } from '../../support/has-sqlite.ts'

const directory = await mkdtemp(join(tmpdir(), 'celery-review-doctor-'))
afterAll(() => rm(directory, { recursive: true }))
const disk = () => 0xef53
const nfs = () => 0x6969
const diagnose = (dataDir: string, readType = disk) => diagnoseStore({ dataDir }, Date.now, readType)
const one = (state: string, message: string | RegExp) => [
  { subject: 'store', state, message: typeof message === 'string' ? message : expect.stringMatching(message) },
]

test('finds nothing wrong with a directory that the first start will make, and does not make it', async () => {
  const dataDir = join(directory, 'new', 'data')
  const path = join(dataDir, 'celery-review.db')
  const found = one('fine', `${path} has no tables yet: the first start makes them`)
  expect(await diagnose(dataDir)).toEqual(found)
  expect(await diagnose(dataDir)).toEqual(found)
})

test.skipIf(!hasSqlite)('tells the version of what is there, and leaves it as it is', async () => {
  const dataDir = join(directory, 'used')
  const storage = await openStorage({ dataDir })
  expect(await diagnose(dataDir)).toEqual(one('fine', new RegExp(`is of version ${latestStep}, as it should be$`)))
  await storage.database.query('INSERT INTO migration (step) VALUES ($1)', [latestStep + 1])
  expect(await diagnose(dataDir)).toEqual(one('fault', /is that of a later version .*: run that version$/))
  await storage.database.query('DELETE FROM migration')
  expect(await diagnose(dataDir)).toEqual(one('fine', /has no tables yet/))
  await storage.close()
})

test.skipIf(!hasSqlite)('names what cannot be read as a database', async () => {
  await writeFile(join(directory, 'celery-review.db'), 'no database '.repeat(100))
  expect(await diagnose(directory)).toEqual(one('fault', /cannot be read \(SQLITE_NOTADB\): move it away/))
})

test.skipIf(process.getuid?.() === 0)('names a directory that cannot be written to', async () => {
  const dataDir = await mkdtemp(join(directory, 'locked-'))
  await chmod(dataDir, 0o500)
  expect(await diagnose(dataDir)).toEqual(one('fault', /cannot be written to \(EACCES\)/))
})

test('doubts a disk that is none', async () => {
  const [doubt] = await diagnose(join(directory, 'memory'), () => 0x01021994)
  expect(doubt).toMatchObject({
    state: 'doubt',
    message: expect.stringMatching(/is in memory, .*: mount a disk there$/),
  })
})

test('refuses a network file system, in the doctor and when the app starts', async () => {
  const dataDir = join(directory, 'shared')
  const message = /^DATA_DIR: .* is on a network file system, where SQLite loses data: set it to a disk of this machine/
  expect(await diagnose(dataDir, nfs)).toEqual(one('fault', message))
  // SMB 2, whose number is negative where it is signed.
  await expect(openStorage({ dataDir }, { readType: () => 0xfe534d42 | 0 })).rejects.toThrow(message)
})

test('names a server that cannot be reached, without its password', async () => {
  const databaseUrl = 'postgres://app:secret@127.0.0.1:1/reviews'
  const found = await diagnoseStore({ dataDir: directory, databaseUrl }, Date.now)
  expect(found).toEqual(one('fault', /^DATABASE_URL: PostgreSQL cannot be used \(ECONNREFUSED\): check DATABASE_URL/))
  expect(JSON.stringify(found)).not.toContain('secret')
})

test.skipIf(!postgresUrl)('tells the version of what is there on a server, and whose clock is off', async () => {
  const place = await postgresPlace(postgresUrl!)
  const { schema } = place
  expect(await inspectPostgres(postgresUrl!, schema)).toMatchObject({ step: 0 })
  await place.open()
  expect(await inspectPostgres(postgresUrl!, schema)).toMatchObject({ step: latestStep })
  await place.remove()
  const environment = { dataDir: directory, databaseUrl: postgresUrl! }
  expect((await diagnoseStore(environment, Date.now)).map(({ state }) => state)).toEqual(['fine'])
  expect((await diagnoseStore(environment, () => Date.now() + 90_000))[1]).toMatchObject({
    state: 'doubt',
    message: expect.stringMatching(/^PostgreSQL's clock is (89|90|91) s behind this machine's: set both by NTP$/),
  })
})
