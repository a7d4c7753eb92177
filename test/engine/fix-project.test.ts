/** Fixing whole projects: the laws of fixes hold for any choice of them, in every layout and encoding. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extractFacts } from '../../src/celery/facts.ts'
import type { Finding } from '../../src/core/finding.ts'
import { checkProject } from '../../src/engine/analyse.ts'
import { fixProject } from '../../src/engine/fix-project.ts'
import { newsIn } from '../../src/engine/prove-fixes.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { parseFixture } from '../support/fixture.ts'
import { type Files, memorySnapshot } from '../support/memory-snapshot.ts'

const rules = await loadRules()
const options = { rules, settings: { preview: true } }
const directory = new URL('../rules/', import.meta.url)
const fixtures = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.py'))
  .sort()
  .map((path) => [path, parseFixture(readFileSync(new URL(path, directory), 'utf8')).after] as const)

const commentsOf = (text: string) => extractFacts(text).comments.map((comment) => comment.text)
const anyFix = () => true

async function expectLaws(files: Files, isWanted: (finding: Finding) => boolean) {
  const original = await checkProject(memorySnapshot(files), options)
  const result = await fixProject(memorySnapshot(files), options, isWanted)
  const fixable = original.findings.filter(({ suggestion }) => suggestion)
  expect(newsIn(result.report.findings, original.findings, fixable)).toEqual([])
  expect(original.findings.length - result.report.findings.length).toBeGreaterThanOrEqual(result.fixed)
  for (const [path, { before, after }] of result.files) {
    expect(before).toBe(files[path])
    expect(extractFacts(after).errors.length).toBeLessThanOrEqual(extractFacts(before).errors.length)
    expect(commentsOf(after)).toEqual(commentsOf(before))
  }
  const fixed = { ...files, ...Object.fromEntries([...result.files].map(([path, { after }]) => [path, after])) }
  expect((await checkProject(memorySnapshot(fixed), options)).findings).toEqual(result.report.findings)
  const again = await fixProject(memorySnapshot(fixed), options, isWanted)
  expect(again.files.size).toBe(0)
  return { original, result }
}

it.each(fixtures)('all the fixes of %s obey the laws together', async (_, files) => {
  const { original, result } = await expectLaws(files, anyFix)
  const offered = original.findings.some(({ suggestion }) => suggestion)
  expect(result.fixed > 0).toBe(offered)
})

it('any choice of fixes obeys the laws, whatever the line endings', async () => {
  const fixable = fixtures.map(([, files]) => files).filter((files) => Object.keys(files).length > 0)
  const choice = fc.record({ files: fc.constantFrom(...fixable), crlf: fc.boolean(), salt: fc.nat(15) })
  await fc.assert(
    fc.asyncProperty(choice, async ({ files, crlf, salt }) => {
      const texts = Object.entries(files).map(([path, text]) => [path, crlf ? text.replaceAll('\n', '\r\n') : text])
      const isWanted = ({ message }: Finding) => (message.length + salt) % 3 > 0
      const { result } = await expectLaws(Object.fromEntries(texts), isWanted)
      for (const { after } of result.files.values()) if (crlf) expect(after).not.toMatch(/[^\r]\n/)
    }),
    { seed: 3, numRuns: 15 },
  )
})

describe('fixProject', () => {
  const early = 'from celery.schedules import crontab\nEARLY = crontab(hour=5)\nLATE = crontab(hour=22)\n'
  const fixedText = early.replace('hour=5', 'hour=5, minute=0').replace('hour=22', 'hour=22, minute=0')

  it('applies many fixes of many files, and says how many', async () => {
    const { files, fixed, report } = await fixProject(
      memorySnapshot({ 'a.py': early, 'b.py': early }),
      { rules },
      anyFix,
    )
    expect(fixed).toBe(4)
    expect([...files.values()].map(({ after }) => after)).toEqual([fixedText, fixedText])
    expect(report.findings).toEqual([])
  })

  it('leaves alone what is not wanted', async () => {
    const { files } = await fixProject(
      memorySnapshot({ 'a.py': early, 'b.py': early }),
      { rules },
      ({ path }) => path === 'b.py',
    )
    expect([...files.keys()]).toEqual(['b.py'])
  })

  it.each([
    ['a BOM', Buffer.from(`\ufeff${early}# é\n`)],
    ['latin-1', Buffer.from(`# coding: latin-1\n${early}# é\n`, 'latin1')],
    ['cp1251', Buffer.concat([Buffer.from(`# -*- coding: cp1251 -*-\n${early}# `), Buffer.from([0xe4, 10])])],
  ])('keeps %s', async (_, bytes) => {
    const snapshot = { files: [{ path: 'a.py', sha: 'a' }], read: async () => new Map([['a.py', bytes]]) }
    const { snapshot: after, fixed } = await fixProject(snapshot, { rules }, anyFix)
    expect(fixed).toBe(2)
    const [content] = (await after.read(after.files)).values()
    const expected = Buffer.from(bytes.toString('latin1').replace(/hour=\d+/g, '$&, minute=0'), 'latin1')
    expect(Buffer.from(content!).equals(expected)).toBe(true)
  })
})
