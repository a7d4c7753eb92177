/** Every rule against its annotated fixture, and every fix against the laws of fixes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyseFixture, type Fixture, type Marker, parseFixture, withFix } from './support/fixture.ts'
import { fixless, rules } from './support/rules.ts'

const place = ({ path, line }: { path: string; line: number }) => `${path}:${line}`

/** `<rule>.py`, and `<rule>.<case>.py` for what needs a project of its own, such as other settings. */
const fixturesOf = (directory: URL, name: string) =>
  existsSync(directory)
    ? readdirSync(directory)
        .filter((file) => file === `${name}.py` || (file.startsWith(`${name}.`) && file.endsWith('.py')))
        .map((file) => ({ file, fixture: parseFixture(readFileSync(new URL(file, directory), 'utf8')) }))
    : []

const markedIn = (fixture: Fixture, kind: Marker['kind'], name: string) =>
  fixture.markers.filter((marker) => marker.kind === kind && marker.rule === name)

describe.each(rules.map((rule) => ({ name: rule.meta.name, rule })))('$name', ({ name, rule }) => {
  const directory = `rules/${rule.meta.reference.replace(/\.md#.*$/, '')}/`
  const fixtures = fixturesOf(new URL(directory, import.meta.url), name)

  it('has a fixture with something to find and something to leave alone', () => {
    expect(
      fixtures.map(({ file }) => file),
      `test/${directory}`,
    ).toContain(`${name}.py`)
    const count = (kind: Marker['kind']) => fixtures.flatMap(({ fixture }) => markedIn(fixture, kind, name)).length
    expect(count('expect')).toBeGreaterThan(0)
    expect(count('ok')).toBeGreaterThan(0)
  })

  it.each(fixtures)('finds what is marked in $file and nothing else', async ({ fixture }) => {
    const { findings, crashes, skipped } = await analyseFixture(fixture, rules)
    expect(crashes).toEqual([])
    expect(skipped).toEqual([])
    const marked = (kind: Marker['kind']) => markedIn(fixture, kind, name).map(place)
    const found = findings.filter((finding) => finding.rule === name).map(place)
    expect({ found: found.sort() }).toEqual({ found: marked('expect').sort() })
    expect(marked('ok').filter((spot) => found.includes(spot))).toEqual([])
    expect(
      marked('todo-expect').filter((spot) => found.includes(spot)),
      'now found: make it an expect',
    ).toEqual([])
  })

  it.each(fixtures)('fills every placeholder in $file, and says nothing but plain data', async ({ fixture }) => {
    const { findings } = await analyseFixture(fixture, rules)
    expect(structuredClone(findings)).toEqual(findings)
    expect(JSON.stringify(findings)).not.toContain('"kind"')
    for (const finding of findings.filter((one) => one.rule === name)) {
      expect(finding.message).not.toMatch(/\{\w+\}/)
      for (const related of finding.related) expect(related.message).not.toMatch(/\{\w+\}/)
    }
  })

  it.each(fixtures)(
    'proves the fixes that are marked in $file, and their results obey the laws',
    async ({ fixture }) => {
      const { findings } = await analyseFixture(fixture, rules)
      const own = findings.filter((finding) => finding.rule === name)
      const fixes: Record<string, readonly string[]> = {}
      for (const finding of own) {
        if (!finding.suggestion) continue
        fixes[place(finding)] = finding.suggestion.replacement.split('\n').map((line) => line.trim())
        const fixed = await analyseFixture(withFix(fixture, finding), fixless)
        const left = fixed.findings.filter((other) => other.rule === name && other.message === finding.message).length
        expect(left).toBe(own.filter((other) => other.message === finding.message).length - 1)
        expect(fixed.findings.length).toBeLessThan(findings.length)
      }
      const wanted = Object.fromEntries(
        markedIn(fixture, 'expect', name)
          .filter((marker) => marker.fix)
          .map((marker) => [place(marker), marker.fix!.map((line) => line.trim())]),
      )
      expect(fixes).toEqual(wanted)
    },
  )

  it('has fixes as often as it says', () => {
    const expected = fixtures.flatMap(({ fixture }) => markedIn(fixture, 'expect', name))
    const fixed = expected.filter(({ fix }) => fix).length
    if (rule.meta.fix === 'always') expect(fixed).toBe(expected.length)
    if (rule.meta.fix === 'never') expect(fixed).toBe(0)
    if (rule.meta.fix === 'sometimes') expect(fixed).toBeGreaterThan(0)
  })
})
