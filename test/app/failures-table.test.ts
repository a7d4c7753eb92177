/** Holds the table of failures to the tests that there are. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const table = new URL('failures.md', import.meta.url)
const rows = readFileSync(table, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (---|#|Failure) /.test(line))
  .map((line) => {
    const [, file = '', name = ''] = /\[[^\]]+\]\(([^)]+)\): (.+) \|$/.exec(line) ?? []
    return { line, file, name }
  })

test('names every failure once', () => {
  const numbers = rows.flatMap(({ line }) => /^\| (\d+) \|/.exec(line)?.[1] ?? []).map(Number)
  // A network file system (26) and an outage (28) are the queue's.
  const all = Array.from({ length: 34 }, (_, index) => index + 1).filter((number) => number !== 26 && number !== 28)
  expect(numbers).toEqual(all)
})

test.each(rows)('$line', ({ file, name }) => {
  const lines = readFileSync(new URL(file, table), 'utf8')
    .split('\n')
    .map((one) => one.trim())
  const titled = (start: string) => lines.some((one) => one.startsWith(start) && one.includes(`('${name}',`))
  // The title of a test that may be skipped stands on a line of its own, when it is long.
  expect(['test', 'it', '])('].some(titled) || lines.includes(`'${name}',`)).toBe(true)
})
