import { expect, test } from 'vitest'
import type { RunJob } from '../../src/queue/review-queue.ts'
import type { OpenCheckRun } from '../../src/store/review-store.ts'
import { code, findMistakes, settings, startSetting } from './setting.ts'

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

test('has buttons to review again, and to review all that is there', async () => {
  const old = { 'settings.py': settings, 'shop/tasks.py': code(40, { 18: 'mistake_old' }) }
  const both = { 'shop/tasks.py': code(40, { 18: 'mistake_old', 20: 'mistake_one' }) }
  const { github, send, idle, comments } = await startSetting({ base: old, head: both, pull: { fromFork: 'mallory' } })
  await send('pull_request', opened)
  await idle()
  const { id, actions } = github.state.checkRuns[0]!
  expect(actions.map(({ identifier }) => identifier)).toEqual(['review', 'full'])
  for (const identifier of ['review', 'nothing of ours']) {
    await send('check_run', { action: 'requested_action', id, identifier })
    await idle()
  }
  expect(comments()).toHaveLength(1)
  expect(github.state.checkRuns).toHaveLength(2)
  await send('check_run', { action: 'requested_action', id, identifier: 'full' })
  await idle()
  expect(comments()).toHaveLength(2)
})

test('one whose opening was not answered is gone on with', async () => {
  const { github, send, idle, wait } = await startSetting({ base, head })
  const post = { method: 'POST', path: /\/check-runs$/ }
  github.failNext({ ...post, status: 502, afterCommit: true })
  await send('pull_request', opened)
  await idle()
  expect(github.state.checkRuns).toMatchObject([{ status: 'completed' }])
  github.failNext({ ...post, status: 502, afterCommit: true })
  github.failNext({ method: 'GET', path: /\/check-runs\?/, status: 502 })
  await send('pull_request', opened)
  await idle()
  wait()
  await idle()
  expect(github.state.checkRuns.map(({ status }) => status)).toEqual(['completed', 'completed'])
})

test('one that a process left behind when it died is concluded by the next run', async () => {
  const setting = await startSetting({ base, head })
  const { github, send, idle, store, repository } = setting
  const { sha } = github.state.pulls[0]!.head
  const created = await fetch(`${github.url}/repos/acme/shop/check-runs`, {
    method: 'POST',
    headers: { authorization: `token ${github.installationToken()}` },
    body: JSON.stringify({ name: 'celery-review', head_sha: sha, status: 'in_progress', external_id: 'pull/1' }),
  })
  const { id } = (await created.json()) as { id: number }
  const ref = { installationId: 1, repositoryId: github.repository.id, number: 1 }
  await store.change(ref, (state) => ({ ...state, openChecks: [{ id, head: sha, at: 0 }] }))
  await github.pushTo(1, await repository.commit('More', { 'a.py': 'a = 1\n' }, { branch: 'feature' }))
  await send('pull_request', { action: 'synchronize', number: 1 })
  await idle()
  expect(github.state.checkRuns).toMatchObject([
    { id, status: 'completed', conclusion: 'neutral' },
    { status: 'completed' },
  ])
  expect(await store.read(ref)).toMatchObject({ openChecks: [], settledHead: github.state.pulls[0]!.head.sha })
})

test('one whose process died while it was opened is gone on with, also when a newer event came meanwhile', async () => {
  const { github, send, idle, store } = await startSetting({ base, head })
  const ref = { installationId: 1, repositoryId: github.repository.id, number: 1 }
  let before: readonly OpenCheckRun[] = []
  github.before({ method: 'POST', path: /\/check-runs$/ }, async () => {
    before = (await store.read(ref)).openChecks
  })
  await send('pull_request', opened)
  await idle()
  expect(before).toMatchObject([{ head: github.state.pulls[0]!.head.sha }])
  const [run] = github.state.checkRuns
  Object.assign(run!, { status: 'in_progress', conclusion: null })
  await store.change(ref, (state) => ({ ...state, openChecks: before }))
  await send('pull_request', { action: 'reopened', number: 1 })
  await idle()
  expect(github.state.checkRuns).toMatchObject([{ status: 'completed', output: { title: '1 error' } }])
  expect((await store.read(ref)).openChecks).toEqual([])
})

test('one whose process died while it was opened is concluded when the head has moved since', async () => {
  const { github, send, idle, store, repository } = await startSetting({ base, head })
  const ref = { installationId: 1, repositoryId: github.repository.id, number: 1 }
  await send('pull_request', opened)
  await idle()
  const [run] = github.state.checkRuns
  Object.assign(run!, { status: 'in_progress', conclusion: null })
  await store.change(ref, (state) => ({ ...state, openChecks: [{ head: run!.head_sha, at: 0 }] }))
  await github.pushTo(1, await repository.commit('More', { 'a.py': 'a = 1\n' }, { branch: 'feature' }))
  await send('pull_request', { action: 'synchronize', number: 1 })
  await idle()
  expect(github.state.checkRuns.map(({ status }) => status)).toEqual(['completed', 'completed'])
})

test.each([
  ['fails', () => Promise.reject(new Error('out of memory'))],
  ['finds that GitHub does not answer', findMistakes],
])('is left to whoever took the work over, when a run that was taken for dead %s', async (_, analyse) => {
  let isCurrent = true
  let runJob: RunJob | undefined
  const setting = await startSetting({
    base,
    head,
    app: {
      async analyse(input) {
        isCurrent = false
        return analyse(input)
      },
      makeQueue: () => ({
        start: (run: RunJob) => {
          runJob = run
        },
        accept: async (_delivery, job) => {
          const { signal } = new AbortController()
          await runJob?.(job, { attempt: 1, signal, isCurrent: async () => isCurrent }).catch(() => {})
          return 'accepted'
        },
        isBusyWith: async () => false,
        stop: async () => ({ left: 0 }),
      }),
    },
  })
  setting.github.failNext({ method: 'GET', path: /\/pulls\/1$/, status: 502 })
  await setting.send('pull_request', opened)
  expect(setting.github.state.checkRuns).toMatchObject([{ status: 'in_progress' }])
  expect(setting.github.state.reviews).toEqual([])
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

test('two pull requests of one commit have a check run each', async () => {
  const { github, send, idle } = await startSetting({ base, head })
  await github.openPull({ base: 'main', head: 'feature', author: 'alice' })
  for (const number of [1, 2]) await send('pull_request', { ...opened, number })
  await idle()
  const runs = github.state.checkRuns.map(({ external_id, status }) => `${external_id} ${status}`)
  expect(runs.sort()).toEqual(['pull/1 completed', 'pull/2 completed'])
  expect(github.state.reviews.map(({ pull_number }) => pull_number).sort()).toEqual([1, 2])
})
