/** What a rule found out about a secret stays with it: nothing that leaves the engine repeats it. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { loadRules } from '../../src/rule/registry.ts'
import { analyseFixture, parseFixture } from '../support/fixture.ts'

const fixture = new URL('../rules/production-deployment/hardcoded-broker-credentials.py', import.meta.url)

it('no finding repeats a password, nor changes with it', async () => {
  const text = readFileSync(fixture, 'utf8')
  const rules = await loadRules()
  const { findings } = await analyseFixture(parseFixture(text), rules)
  expect(findings.length).toBeGreaterThan(0)
  expect(JSON.stringify(findings)).not.toMatch(/hunter|wJalrXUtnFEMI/)
  const changed = await analyseFixture(parseFixture(text.replaceAll('hunter2', 'correct-horse')), rules)
  const identities = (list: typeof findings) => list.map(({ fingerprint, message }) => [fingerprint, message])
  expect(identities(changed.findings)).toEqual(identities(findings))
})
