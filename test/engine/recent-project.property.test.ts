/** Deriving a state from the one that was analysed last: the report is the one of an analysis from nothing. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareProjects, type RecentProject } from '../../src/engine/analyse.ts'
import { MemoryFactsCache } from '../../src/engine/facts-cache.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { changesOf, memorySnapshot } from '../support/memory-snapshot.ts'
import { present, state, variants } from '../support/shop-states.ts'

/** What a push changes: often a single file, so that everything else has to be told from what it leads to. */
const push = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...Object.entries(variants))
      .chain(([path, texts]) => fc.record({ [path]: fc.constantFrom(...texts) })),
  },
  { weight: 1, arbitrary: state },
)

it('says what an analysis from nothing says', async () => {
  const rules = await loadRules()
  const settings = { preview: true }
  let findings = 0
  await fc.assert(
    fc.asyncProperty(state, fc.array(push, { minLength: 3, maxLength: 6 }), async (first, pushes) => {
      const cache = new MemoryFactsCache()
      const recent: RecentProject = {}
      let last = first
      for (const pushed of pushes) {
        const next = { ...last, ...pushed }
        const [from, to] = [present(last), present(next)]
        last = next
        const comparison = { before: memorySnapshot(from), after: memorySnapshot(to), changes: changesOf(from, to) }
        const { stats, ...report } = await compareProjects(comparison, { rules, settings, cache, recent })
        const { stats: _, ...expected } = await compareProjects(comparison, { rules, settings, cache })
        expect(report).toEqual(expected)
        findings += expected.findings.length + expected.standing.length
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 60) },
  )
  // Where nothing is found, nothing is compared.
  expect(findings).toBeGreaterThan(100)
})

it('follows an object into what its class has become, also when the class has not moved', async () => {
  const files = {
    'shop/tasks.py': 'from celery import shared_task\n\n@shared_task\ndef ship(pk): ...',
    'shop/senders.py': 'from shop.tasks import ship\n\nclass Sender:\n    def go(self, pk):\n        ship.delay(pk)',
    // By this name alone, the calls below are worth following.
    'shop/others.py': 'from shop.tasks import ship\n\nclass Other:\n    def go(self, pk):\n        ship.delay(pk)',
    'shop/runs.py': 'from shop.steps import step\n\ndef run(sender, pk):\n    step(sender, pk)',
    'shop/steps.py': 'from shop.tasks import ship\n\ndef step(sender, pk):\n    sender.go(pk)',
    'shop/views.py':
      'from django.db import transaction\nfrom shop.runs import run\nfrom shop.senders import Sender\n\ndef post(order):\n    with transaction.atomic():\n        order.save()\n        run(Sender(), order.pk)',
  }
  const edited = { ...files, 'shop/senders.py': files['shop/senders.py'].replace('ship.delay(pk)', 'print(pk, ship)') }
  const rules = await loadRules()
  const recent: RecentProject = {}
  const compare = async (from: Record<string, string>, to: Record<string, string>) => {
    const comparison = { before: memorySnapshot(from), after: memorySnapshot(to), changes: changesOf(from, to) }
    return compareProjects(comparison, { rules, settings: {}, recent, cache })
  }
  const cache = new MemoryFactsCache()
  const rulesOf = (findings: readonly { readonly rule: string }[]) => findings.map(({ rule }) => rule)
  expect(rulesOf((await compare({}, edited)).findings)).toEqual([])
  expect(rulesOf((await compare(edited, files)).findings)).toEqual(['dispatch-in-atomic'])
})
