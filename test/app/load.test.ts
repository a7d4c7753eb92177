/** The real process under a little load, on each database: what `npm run load` does, without its demands on time. */
import { afterAll, test } from 'vitest'
import { BuiltProgram } from '../cli/built-program.ts'
import { runLoad } from '../processes/load-run.ts'
import { postgresUrl } from '../support/databases.ts'
import { hasSqlite } from '../support/has-sqlite.ts'

const program = new BuiltProgram()
afterAll(() => program.remove())

test.skipIf(!hasSqlite).concurrent('every pull request is reviewed once, and counted', async ({ expect }) => {
  const { answers, reviewed, rejected, metrics } = await load()
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect([reviewed, rejected]).toEqual([2, 0])
  const countOf = (series: string) =>
    Number(
      metrics
        .split('\n')
        .find((line) => line.startsWith(`celery_review_${series} `))
        ?.split(' ')[1],
    )
  expect(countOf('deliveries_total{answer="accepted"}')).toBe(2)
  expect(countOf('webhook_seconds_count')).toBe(2)
  expect(countOf('analysis_seconds_count{end="done"}')).toBe(2)
  expect(countOf('findings_total{rule="dispatch-in-atomic"}')).toBe(2)
  expect(countOf('files_total{source="parsed"}')).toBeGreaterThan(0)
  expect(countOf('files_total{source="known"}')).toBeGreaterThan(0)
  expect(countOf('jobs{state="dead"}')).toBe(0)
  expect(countOf('oldest_job_seconds')).toBe(0)
  for (const installation of [1, 2]) {
    expect(countOf(`github_requests_total{installation="${installation}",answer="ok"}`)).toBeGreaterThan(5)
    expect(countOf(`github_remaining_requests{installation="${installation}",resource="core"}`)).toBe(4999)
  }
  expect(countOf('github_requests_total{installation="none",answer="ok"}')).toBeGreaterThan(1)
})

test.skipIf(!postgresUrl).concurrent('every pull request is reviewed once on PostgreSQL', async ({ expect }) => {
  const { answers, reviewed, rejected } = await load(postgresUrl)
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect([reviewed, rejected]).toEqual([2, 0])
})

const load = (url?: string) =>
  runLoad({
    pulls: 2,
    installations: 2,
    rate: 200,
    bursts: 1,
    seed: 1,
    modules: 2,
    postgresUrl: url,
    urlOf: (path) => program.urlOf(path),
    patience: 60_000,
  })
