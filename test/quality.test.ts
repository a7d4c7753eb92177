/** The table of what the stable rules say of real projects, held to the rules. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { rules } from './support/rules.ts'

const text = readFileSync(new URL('quality.md', import.meta.url), 'utf8')
const rows = [...text.matchAll(/^\| ([\w-]+) \| (\d+) \| \d+ \| (\d+) \| (\d+) \|$/gm)].map(
  ([, rule, found, read, right]) => ({ rule: rule!, found: Number(found), read: Number(read), right: Number(right) }),
)
const silent = [...text.matchAll(/^- ([\w-]+)$/gm)].map(([, rule]) => rule!)

it('names every stable rule once', () => {
  const stable = rules.filter(({ meta }) => meta.status === 'stable').map(({ meta }) => meta.name)
  expect([...rows.map(({ rule }) => rule), ...silent].sort()).toEqual(stable.sort())
})

it('keeps no rule stable of whose findings more than one in ten was false', () => {
  expect(rows.filter(({ read, right }) => right < 0.9 * read).map(({ rule }) => rule)).toEqual([])
  expect(rows.filter(({ found, read, right }) => read > found || right > read || read === 0)).toEqual([])
})
