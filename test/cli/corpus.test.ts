import { expect, it } from 'vitest'
import { examineRepository, formatCorpus, sampleOf } from '../../src/cli/maintenance/corpus-report.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { TemporaryRepository, temporaryDirectory, writeFile } from '../git/temporary-repository.ts'

const rules = await loadRules()
const schedule = 'from celery.schedules import crontab\nEARLY = crontab(hour=5)\nLATE = crontab(hour=22)\n'

it('reads bare repositories at their HEAD, checkouts as committed, and plain directories', async () => {
  const repository = new TemporaryRepository()
  repository.commit({ 'shop/settings.py': schedule })
  repository.write('shop/settings.py', '')
  const plain = temporaryDirectory()
  writeFile(plain, 'settings.py', schedule)
  for (const directory of [repository.gitDir, repository.root, plain]) {
    const { findings, files, crashes, ruleMs } = await examineRepository(directory, rules)
    expect([findings.length, files, crashes]).toEqual([2, 1, []])
    expect(Object.keys(ruleMs)).toContain('crontab-missing-minute')
  }
})

it('reads a repository at a commit that is named', async () => {
  const repository = new TemporaryRepository()
  const first = repository.commit({ 'shop/settings.py': schedule })
  repository.commit({ 'shop/settings.py': '' })
  const counts = [first, 'HEAD'].map(async (commit) => {
    const { findings } = await examineRepository(`${repository.gitDir}@${commit}`, rules)
    return findings.length
  })
  expect(await Promise.all(counts)).toEqual([2, 0])
})

it('counts findings by rule, names what was not looked at, and shows the sample with its code', async () => {
  const directory = temporaryDirectory()
  writeFile(directory, 'settings.py', schedule)
  writeFile(directory, 'broken.py', Buffer.from('# celery \xe9\n', 'latin1'))
  const examined = await examineRepository(directory, rules)
  const sample = await sampleOf([examined], 1, 'seed')
  const text = formatCorpus({ seed: 'seed', repositories: [{ ...examined, ruleMs: {} }], sample }, rules)
  expect(text).toContain('| crontab-missing-minute | stable | 2 | 1 | 2 | 0 |')
  expect(text).toContain(`- ${directory}: broken.py: is not valid UTF-8`)
  expect(text).toMatch(/> {5}[23] (EARLY|LATE) = crontab\(hour=\d+\)/)
  expect(text).toContain('## 1 of 2 findings, by the seed seed')
})

it('draws the same sample for the same seed, and another for another', async () => {
  const directory = temporaryDirectory()
  writeFile(directory, 'settings.py', schedule + schedule.replaceAll('hour', 'day_of_week').repeat(20))
  const examined = await examineRepository(directory, rules)
  const draw = async (seed: string) => (await sampleOf([examined], 5, seed)).map(({ finding }) => finding.fingerprint)
  expect(await draw('a')).toEqual(await draw('a'))
  expect(await draw('a')).not.toEqual(await draw('b'))
})
