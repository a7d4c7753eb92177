/**
 * Kills the app again and again while GitHub and the network fail it, and counts what is lost or said twice in the end.
 *
 *     npm run chaos -- --adapter sqlite|postgres --rounds 200 --seed 1
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runChaos } from './chaos/run-chaos.ts'
import type { StartApp } from './chaos/world.ts'

const { values } = parseArgs({
  options: {
    adapter: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
})
const { adapter, seed } = values
const rounds = Number(values.rounds)
if ((adapter !== 'sqlite' && adapter !== 'postgres') || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write('usage: npm run chaos -- [--adapter sqlite|postgres] [--rounds NUMBER] [--seed TEXT]\n')
  process.exit(2)
}

const app = fileURLToPath(new URL('hasty-app.js', import.meta.url))
const startApp: StartApp = (variables) =>
  spawn(process.execPath, [app], { env: { PATH: process.env.PATH, ...variables }, stdio: 'pipe' })
const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const begin = performance.now()
const { lost, doubled, leaked, kills } = await runChaos({ adapter, rounds, seed, startApp, tell: print })
print(`${kills} kills, ${leaked} leaks, ${Math.round((performance.now() - begin) / 1000)} s`)
print(`rounds ${rounds}, lost ${lost}, doubled ${doubled}`)
process.exit(lost + doubled + leaked > 0 ? 1 : 0)
