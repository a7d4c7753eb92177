/** A few rounds of `npm run chaos` on each database. */
import { afterAll, expect, test } from 'vitest'
import { BuiltProgram } from '../cli/built-program.ts'
import { postgresUrl } from '../support/databases.ts'
import { hasSqlite } from '../support/has-sqlite.ts'
import { runChaos } from './chaos/run-chaos.ts'
import type { Adapter, StartApp } from './chaos/world.ts'

const program = new BuiltProgram()
afterAll(() => program.remove())

const startApp: StartApp = (variables) => program.startScript('test/processes/hasty-app.js', [], '.', variables)
const rounds = 2

async function survive(adapter: Adapter): Promise<void> {
  const told: string[] = []
  const toll = await runChaos({ adapter, rounds, seed: 'suite', startApp, tell: (line) => told.push(line) })
  expect(toll, told.join('\n')).toMatchObject({ rounds, lost: 0, doubled: 0, leaked: 0 })
  expect(toll.kills).toBeGreaterThanOrEqual(rounds)
}

test.skipIf(!hasSqlite)(
  'SQLite loses nothing and says nothing twice, whenever its process dies',
  async () => {
    await survive('sqlite')
  },
  300_000,
)

test.skipIf(!postgresUrl)(
  'PostgreSQL loses nothing and says nothing twice, whenever one of three processes dies',
  async () => {
    await survive('postgres')
  },
  300_000,
)
