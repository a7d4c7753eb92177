import { expect, test } from 'vitest'
import { code, settings, startSetting } from './setting.ts'

const base = { 'settings.py': settings, 'shop/tasks.py': code(40) }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const opened = { action: 'opened', number: 1 } as const

test('"Re-run" on the check reviews again, and says nothing twice', async () => {
  const { github, send, idle, comments } = await startSetting({ base, head })
  await send('pull_request', opened)
  await idle()
  await send('check_run', { action: 'rerequested', id: github.state.checkRuns[0]!.id })
  await idle()
  expect(github.state.checkRuns).toHaveLength(2)
  expect(comments()).toHaveLength(1)
})

test('"Re-run all checks" reviews the pull requests of the commit, also one from a fork', async () => {
  const { github, send, idle, comments } = await startSetting({ base, head, pull: { fromFork: 'mallory' } })
  await send('check_suite', { action: 'rerequested', head_sha: github.state.pulls[0]!.head.sha })
  await idle()
  expect(comments()).toHaveLength(1)
})

test('a merge queue gets its check at once, and no comment', async () => {
  const { repository, send, idle, comments, check, asked } = await startSetting({ base, head })
  const sha = await repository.commit('Merge', head, { branch: 'gh-readonly-queue/main/pr-1' })
  await send('merge_group', { action: 'checks_requested', head_sha: sha })
  await idle()
  expect(check(sha)).toMatchObject({ status: 'completed', conclusion: 'neutral' })
  expect(comments()).toEqual([])
  expect(asked()).toEqual(['POST /check-runs'])
})
