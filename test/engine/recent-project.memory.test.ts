/** What stays in memory of the states that were analysed before the last one: nothing. */
import { queryObjects, setFlagsFromString } from 'node:v8'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Modules } from '../../src/celery/modules.ts'
import { Names } from '../../src/celery/names.ts'
import { ProjectFile } from '../../src/celery/project-file.ts'
import { compareProjects, type RecentProject } from '../../src/engine/analyse.ts'
import { MemoryFactsCache } from '../../src/engine/facts-cache.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { changesOf, type Files, memorySnapshot } from '../support/memory-snapshot.ts'
import { present, state } from '../support/shop-states.ts'

// What is being compiled can keep alive what it was called with.
setFlagsFromString('--no-opt')

/** What is kept after pull requests, each from one state to another. */
async function analyseOneAfterTheOther(pulls: readonly [from: Files, to: Files][]): Promise<RecentProject> {
  const rules = await loadRules()
  const recent: RecentProject = {}
  const cache = new MemoryFactsCache()
  for (const [from, to] of pulls) {
    const comparison = { before: memorySnapshot(from), after: memorySnapshot(to), changes: changesOf(from, to) }
    await compareProjects(comparison, { rules, settings: { preview: true }, cache, recent })
  }
  return recent
}

it('keeps no file of another state in memory, also when a later pull request begins there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(state, state, state, state), async (states) => {
      const [a, b, c, d] = states.map(present) as [Files, Files, Files, Files]
      const { project } = await analyseOneAfterTheOther([
        [a, b],
        [a, c],
        [b, a],
        [c, d],
      ])
      expect(queryObjects(ProjectFile)).toBe(project!.files.size)
      expect(queryObjects(Names)).toBe(1)
      expect(queryObjects(Modules)).toBe(1)
    }),
    { numRuns: Number(process.env.RUNS ?? 5) },
  )
})
