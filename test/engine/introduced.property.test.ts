/** A change of the code that changes nothing of what it does introduces no finding, and hides none. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { compareProjects } from '../../src/engine/analyse.ts'
import { loadGrammar } from '../../src/python/parse.ts'
import { parseFixture } from '../support/fixture.ts'
import { changesOf, type Files, memorySnapshot } from '../support/memory-snapshot.ts'
import { fixless as rules } from '../support/rules.ts'
import { type Transformation, transformations } from '../support/transformations.ts'

beforeAll(loadGrammar)

const directory = new URL('../rules/', import.meta.url)
const fixtures = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.py'))
  .map((name) => ({ name, ...parseFixture(readFileSync(new URL(name, directory), 'utf8')) }))

async function introduced(before: Files, after: Files): Promise<string[]> {
  const { findings } = await compareProjects(
    { before: memorySnapshot(before), after: memorySnapshot(after), changes: changesOf(before, after) },
    { rules, settings: { preview: true } },
  )
  return findings.map(({ rule, message }) => `${rule}: ${message}`).sort()
}

/** A file of a fixture, transformed. */
const changed = (transform: Transformation) =>
  fc.constantFrom(...fixtures).chain((fixture) =>
    fc
      .record({
        fixture: fc.constant(fixture),
        path: fc.constantFrom(...Object.keys(fixture.after)),
        chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      })
      .map(({ path, chance }) => ({
        name: fixture.name,
        path,
        before: fixture.before,
        after: fixture.after,
        transformed: transform(fixture.after, path, (count) => Math.floor(chance * count)),
      })),
  )

describe.each(Object.entries(transformations))('%s', (_, transform) => {
  it('changes no findings', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(changed(transform), async ({ name, before, after, transformed }) => {
        fc.pre(transformed !== undefined)
        seen.add(name)
        const expected = before ? await introduced(before, after) : []
        expect(await introduced(before ?? after, transformed)).toEqual(expected)
      }),
      { numRuns: 25 },
    )
    expect(seen.size).toBeGreaterThan(5)
  })
})
