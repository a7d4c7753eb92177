import { expect, test } from 'vitest'
import { readChanges } from '../../src/github/read-changes.ts'
import { readPullRequest } from '../../src/github/read-pull-request.ts'
import { name, startSetting } from './setting.ts'

const changed = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}.py`, `f${n} = 1\n`]))

async function read(count: number) {
  const { repository, github, octokit, asked } = await startSetting({ 'a.py': 'a = 1\n' })
  await repository.commit('Change', changed(count), {
    branch: 'feature',
    from: await repository.git('rev-parse', 'main'),
  })
  await github.openPull({ base: 'main', head: 'feature' })
  const pull = await readPullRequest(octokit, { ...name, id: github.repository.id }, 1)
  const changes = await readChanges(octokit, pull)
  return { changes, asked: asked().slice(1) }
}

test('takes one request for 299 files, with the hunks of each', async () => {
  const { changes, asked } = await read(299)
  expect([changes.files.length, changes.isComplete, asked.length]).toEqual([299, true, 1])
  expect(changes.files.every(({ status, hunks }) => status === 'added' && hunks?.length === 1)).toBe(true)
})

test('lists all of 310 files', async () => {
  const { changes, asked } = await read(310)
  expect([changes.files.length, changes.isComplete, asked.length]).toEqual([310, true, 5])
})

test('says when there are more than GitHub lists', async () => {
  const { changes } = await read(3_001)
  expect([changes.files.length, changes.isComplete]).toEqual([3_000, false])
})
