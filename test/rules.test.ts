/** Every rule against its annotated fixture, and every fix against the laws of fixes. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyseFixture, type Marker, parseFixture, withFix } from './support/fixture.ts'
import { fixless, rules } from './support/rules.ts'

const place = ({ path, line }: { path: string; line: number }) => `${path}:${line}`

describe.each(rules.map((rule) => ({ name: rule.meta.name, rule })))('$name', ({ name, rule }) => {
  const directory = rule.meta.reference.replace(/\.md#.*$/, '')
  const file = new URL(`rules/${directory}/${name}.py`, import.meta.url)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const fixture = parseFixture(text)
  const marked = (kind: Marker['kind']) =>
    fixture.markers.filter((marker) => marker.kind === kind && marker.rule === name)

  it('has a fixture with something to find and something to leave alone', () => {
    expect(text, `test/rules/${directory}/${name}.py`).not.toBe('')
    expect(marked('expect').length).toBeGreaterThan(0)
    expect(marked('ok').length).toBeGreaterThan(0)
  })

  it('finds what is marked and nothing else', async () => {
    const { findings, crashes, skipped } = await analyseFixture(fixture, rules)
    expect(crashes).toEqual([])
    expect(skipped).toEqual([])
    const found = findings.filter((finding) => finding.rule === name).map(place)
    expect({ found: found.sort() }).toEqual({ found: marked('expect').map(place).sort() })
    expect(
      marked('ok')
        .map(place)
        .filter((spot) => found.includes(spot)),
    ).toEqual([])
    expect(
      marked('todo-expect')
        .map(place)
        .filter((spot) => found.includes(spot)),
      'now found: make it an expect',
    ).toEqual([])
  })

  it('fills every placeholder of its messages, and says nothing but plain data', async () => {
    const { findings } = await analyseFixture(fixture, rules)
    expect(structuredClone(findings)).toEqual(findings)
    expect(JSON.stringify(findings)).not.toContain('"kind"')
    for (const finding of findings.filter((one) => one.rule === name)) {
      expect(finding.message).not.toMatch(/\{\w+\}/)
      for (const related of finding.related) expect(related.message).not.toMatch(/\{\w+\}/)
    }
  })

  it('proves the fixes that are marked, and their results obey the laws', async () => {
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
      marked('expect')
        .filter((marker) => marker.fix)
        .map((marker) => [place(marker), marker.fix!.map((line) => line.trim())]),
    )
    expect(fixes).toEqual(wanted)
    if (rule.meta.fix === 'always') expect(Object.keys(fixes)).toHaveLength(marked('expect').length)
    if (rule.meta.fix === 'never') expect(fixes).toEqual({})
    if (rule.meta.fix === 'sometimes') expect(Object.keys(fixes).length).toBeGreaterThan(0)
  })
})
