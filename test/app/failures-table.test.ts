/** Holds the table of failures to the tests that there are. */
import { expect, test } from 'vitest'
import { testRowsOf } from '../support/table-of-tests.ts'

const rows = testRowsOf(new URL('failures.md', import.meta.url))

test('names every failure once', () => {
  const numbers = rows.flatMap(({ line }) => /^\| (\d+) \|/.exec(line)?.[1] ?? []).map(Number)
  expect(numbers).toEqual(Array.from({ length: 34 }, (_, index) => index + 1))
})

test.each(rows)('$line', ({ isThere }) => expect(isThere).toBe(true))
