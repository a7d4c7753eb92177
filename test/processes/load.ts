/** `npm run load`: 1,000 pull requests at once, and whether the app bears it. Prints a table; exits with 1 when a budget is missed. */
import { parseArgs } from 'node:util'
import { type LoadResult, runLoad } from './load-run.ts'

const localPostgres = 'postgres://root@127.0.0.1:5432/test'

const { values } = parseArgs({
  options: {
    adapter: { type: 'string', default: 'sqlite' },
    pulls: { type: 'string', default: '1000' },
    installations: { type: 'string', default: '20' },
    rate: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
})

const result = await runLoad({
  pulls: Number(values.pulls),
  installations: Number(values.installations),
  rate: Number(values.rate),
  seed: Number(values.seed),
  bursts: 8,
  modules: 40,
  postgresUrl: values.adapter === 'postgres' ? (process.env.TEST_DATABASE_URL ?? localPostgres) : undefined,
  urlOf: (path) => new URL(`../../${path}`, import.meta.url),
  patience: 30 * 60_000,
  onProgress: (line) => process.stderr.write(`${line}\n`),
})

/** What is measured, what it may be, and whether it is. */
function* judge({
  answers,
  memory,
  reviewed,
  ms,
  rejected,
  requests,
}: LoadResult): Generator<[string, string, boolean]> {
  const total = Number(values.pulls)
  const busy = answers.filter(({ isBusy }) => isBusy)
  const refused = answers.filter(({ status }) => status < 200 || status > 299).length
  yield ['reviewed exactly once', `${reviewed} of ${total}`, reviewed === total]
  yield ['webhooks refused', `${refused} of ${answers.length}`, refused === 0]
  for (const [name, some] of Object.entries({ all: answers, 'while reviews run': busy })) {
    const at = (part: number) =>
      percentile(
        some.map(({ ms }) => ms),
        part,
      )
    const shown = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`
    yield [`answered, ${name} (${some.length})`, shown, at(0.99) < 100]
  }
  const megabytes = memory.map((bytes) => Math.round(bytes / 1e6))
  const isFlat = memory[4]! <= 1.2 * memory[1]!
  yield ['resident memory, start and quarters', `${megabytes.join(', ')} MB`, isFlat]
  yield ['requests that GitHub would refuse', `${rejected} of ${requests}`, rejected === 0]
  yield ['from the first webhook to the last review', `${(ms / 1000).toFixed(0)} s`, true]
}

function percentile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.ceil(part * sorted.length) - 1] ?? 0)
}

const rows = [...judge(result)]
for (const [name, value, isGood] of rows) process.stdout.write(`${isGood ? ' ' : '✗'} ${name.padEnd(44)} ${value}\n`)
if (!rows.every(([, , isGood]) => isGood)) process.exitCode = 1
