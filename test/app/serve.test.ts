import { EventEmitter } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { serve } from '../../src/app/serve.ts'
import { UserError } from '../../src/core/errors.ts'
import { generatePrivateKey } from '../../src/simulator/access.ts'
import { hasSqlite } from '../support/has-sqlite.ts'
import { findMistakes } from './setting.ts'

const key = await generatePrivateKey()
const dataDir = await mkdtemp(join(tmpdir(), 'celery-review-data-'))
afterAll(() => rm(dataDir, { recursive: true }))
const env = {
  DATA_DIR: dataDir,
  APP_ID: '1',
  PRIVATE_KEY: key,
  WEBHOOK_SECRET: 'f00d',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'fatal',
}
const parts = { version: '1', analyse: findMistakes, rules: [], referencesUrl: 'https://example.com', isPatient: false }

const taken = createServer()
await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
const { port } = taken.address() as { port: number }
afterAll(() => taken.close())

const signals = () => new EventEmitter() as EventEmitter & Pick<NodeJS.Process, 'once'>

test.skipIf(!hasSqlite).each(['SIGTERM', 'SIGINT'])('ends at %s', async (signal) => {
  const source = signals()
  const served = serve({ ...parts, env: { ...env, PORT: '0' }, signals: source })
  while (source.listenerCount(signal) === 0) await new Promise((resolve) => setImmediate(resolve))
  source.emit(signal)
  await served
})

test.skipIf(!hasSqlite)('refuses to start without a secret, or on an address that is taken, in one line', async () => {
  const start = (change: object) => serve({ ...parts, env: { ...env, ...change }, signals: signals() })
  await expect(start({ WEBHOOK_SECRET: undefined })).rejects.toThrow(UserError)
  await expect(start({ WEBHOOK_SECRET: undefined })).rejects.toThrow(/^WEBHOOK_SECRET: set it.*$/)
  await expect(start({ WEBHOOK_SECRET: 'development' })).rejects.toThrow(/^WEBHOOK_SECRET: .*no secret.*$/)
  await expect(start({ PORT: String(port) })).rejects.toThrow(/^PORT, HOST: cannot listen on .*EADDRINUSE.$/)
})
