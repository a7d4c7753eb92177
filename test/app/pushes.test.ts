import { expect, test } from 'vitest'
import type { Analyse } from '../../src/app/analysis/analyse.ts'
import { formatMarker, reviewKey } from '../../src/review/marker.ts'
import { code, findMistakes, settings, startSetting } from './setting.ts'

const base = { 'settings.py': settings, 'shop/tasks.py': code(40) }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const opened = { action: 'opened', number: 1 } as const
const pushed = { action: 'synchronize', number: 1 } as const

test('a push that only shifts the lines posts nothing again', async () => {
  const { repository, github, send, idle, comments, check } = await startSetting({ base, head })
  await send('pull_request', opened)
  await idle()
  const shifted = `${'# a comment\n'.repeat(10)}${head['shop/tasks.py']}`
  const sha = await repository.commit('Shift', { 'shop/tasks.py': shifted }, { branch: 'feature' })
  await github.pushTo(1, sha)
  await send('pull_request', pushed)
  await idle()
  expect(comments()).toEqual([expect.objectContaining({ line: 30 })])
  expect(github.state.reviews).toHaveLength(1)
  expect(check(sha)).toMatchObject({ status: 'completed', title: '1 error' })
})

test('what a person resolved is not said again', async () => {
  const { github, repository, send, idle, comments } = await startSetting({ base, head })
  await send('pull_request', opened)
  await idle()
  github.resolveThread(github.state.reviewComments[0]!.id, 'bob')
  const two = code(40, { 20: 'mistake_one', 30: 'mistake_two' })
  await github.pushTo(1, await repository.commit('Two', { 'shop/tasks.py': two }, { branch: 'feature' }))
  await send('pull_request', pushed)
  await idle()
  expect(comments().map(({ line }) => line)).toEqual([20, 30])
})

test('a push by force during the analysis leaves no review on the old head and one on the new', async () => {
  let push = async (): Promise<unknown> => undefined
  const analyse: Analyse = async (input) => {
    await push()
    push = async () => undefined
    return findMistakes(input)
  }
  const { repository, github, send, idle, comments, check } = await startSetting({ base, head, app: { analyse } })
  const old = github.state.pulls[0]!.head.sha
  const other = { 'shop/tasks.py': code(40, { 10: 'mistake_two' }) }
  const sha = await repository.commit('Again', other, { branch: 'feature', from: github.state.pulls[0]!.base.sha })
  push = () => github.pushTo(1, sha, { force: true })
  await send('pull_request', opened)
  await idle()
  expect(github.state.reviews).toMatchObject([{ commit_id: sha }])
  expect(comments()).toEqual([expect.objectContaining({ line: 10 })])
  expect(github.refused).toEqual([])
  expect(check(old)).toMatchObject({ conclusion: 'neutral', title: 'Not reviewed: the pull request changed meanwhile' })
  expect(check(sha)).toMatchObject({ conclusion: 'neutral', title: '1 error' })
})

test('a head that moves during each review is left to a later attempt, and reviewed when it rests', async () => {
  let line = 10
  const analyse: Analyse = async (input) => {
    if (line < 15) {
      const text = code(40, { [++line]: `mistake_${line}` })
      await github.pushTo(1, await repository.commit('More', { 'shop/tasks.py': text }, { branch: 'feature' }))
    }
    return findMistakes(input)
  }
  const { repository, github, send, idle, clock, wait, comments, check } = await startSetting({
    base,
    head,
    app: { analyse },
  })
  await send('pull_request', opened)
  await idle()
  expect(line).toBe(13)
  expect(comments()).toEqual([])
  expect(clock.untilNext).toBe(5_000)
  wait()
  await idle()
  expect(comments()).toEqual([expect.objectContaining({ line: 15 })])
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({ status: 'completed', title: '1 error' })
  expect(github.state.checkRuns.every(({ status }) => status === 'completed')).toBe(true)
})

test('a push by force between the last look at the head and the review is no error either', async () => {
  const { repository, github, send, idle } = await startSetting({ base, head })
  const other = { 'shop/tasks.py': code(40, { 10: 'mistake_two' }) }
  const sha = await repository.commit('Again', other, { branch: 'feature', from: github.state.pulls[0]!.base.sha })
  github.before({ method: 'POST', path: /\/reviews$/ }, () => github.pushTo(1, sha, { force: true }))
  await send('pull_request', opened)
  await idle()
  expect(github.state.reviews).toMatchObject([{ commit_id: sha }])
  expect(github.refused).toMatchObject([{ status: 422 }])
  expect(github.state.checkRuns.every(({ status }) => status === 'completed')).toBe(true)
})

test('a head that GitHub both names and refuses is tried again later, not for ever', async () => {
  const { github, send, idle, clock, wait, comments } = await startSetting({ base, head })
  const body = { message: 'Unprocessable Entity', errors: ['The commitOID is not part of the pull request'] }
  github.failNext({ method: 'POST', path: /\/reviews$/, status: 422, body })
  await send('pull_request', opened)
  await idle()
  expect(comments()).toEqual([])
  expect(clock.untilNext).toBe(5_000)
  wait()
  await idle()
  expect(comments()).toHaveLength(1)
})

test('of five pushes in a row no two are reviewed at a time, and the last head is', async () => {
  let underWay = 0
  let most = 0
  const analyse: Analyse = async (input) => {
    most = Math.max(most, ++underWay)
    await new Promise((resolve) => setImmediate(resolve))
    underWay--
    return findMistakes(input)
  }
  const { repository, github, send, idle, comments } = await startSetting({ base, head, app: { analyse } })
  await send('pull_request', opened)
  let sha = ''
  for (const line of [11, 12, 13, 14, 15]) {
    const text = code(40, { [line]: `mistake_${line}` })
    sha = await repository.commit(`Push ${line}`, { 'shop/tasks.py': text }, { branch: 'feature' })
    await github.pushTo(1, sha)
    await send('pull_request', pushed)
  }
  await idle()
  expect(most).toBe(1)
  expect(comments().at(-1)).toMatchObject({ line: 15, body: expect.stringContaining('mistake_15') })
  expect(github.state.reviews.at(-1)).toMatchObject({ commit_id: sha })
  expect(github.state.checkRuns.every(({ status }) => status === 'completed')).toBe(true)
  expect(github.refused).toEqual([])
})

test('closing the pull request stops the review that is under way', async () => {
  let close = async (): Promise<unknown> => undefined
  const analyse: Analyse = async (input) => {
    await close()
    return findMistakes(input)
  }
  const { github, send, idle, check } = await startSetting({ base, head, app: { analyse } })
  close = async () => {
    await github.editPull(1, { state: 'closed' })
    await send('pull_request', { action: 'closed', number: 1 })
  }
  await send('pull_request', opened)
  await idle()
  expect(github.state.reviews).toEqual([])
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({ status: 'completed', conclusion: 'neutral' })
})

test('a review that a newer event replaces is not posted, even when the head is the same', async () => {
  let replace = async (): Promise<unknown> => undefined
  const analyse: Analyse = async (input) => {
    await replace()
    replace = async () => undefined
    return findMistakes(input)
  }
  const { github, send, idle } = await startSetting({ base, head, app: { analyse } })
  replace = () => send('pull_request', { action: 'reopened', number: 1 })
  await send('pull_request', opened)
  await idle()
  expect(github.state.checkRuns.map(({ output }) => output.title)).toEqual(['1 error'])
  expect(github.state.reviews).toHaveLength(1)
})

test('a marker that somebody else wrote silences nothing', async () => {
  const { github, send, idle, comments } = await startSetting({ base, head })
  const { sha } = github.state.pulls[0]!.head
  const forged = formatMarker({ fingerprints: ['shop/tasks.py mistake_one'], review: reviewKey(sha, [], 0) })
  for (const path of ['comments', 'reviews']) {
    const comment = {
      body: forged,
      commit_id: sha,
      ...(path === 'comments' ? { path: 'shop/tasks.py', line: 20 } : { event: 'COMMENT' }),
    }
    const { status } = await fetch(`${github.url}/repos/acme/shop/pulls/1/${path}`, {
      method: 'POST',
      headers: { authorization: `token ${github.userToken('mallory')}` },
      body: JSON.stringify(comment),
    })
    expect([200, 201]).toContain(status)
  }
  await send('pull_request', opened)
  await idle()
  expect(comments()).toHaveLength(2)
})

test('an edit is a reason to review only when it changes the base', async () => {
  const { send, idle, asked } = await startSetting({ base, head })
  await send('pull_request', { action: 'edited', number: 1, changes: { title: { from: 'Old' } } })
  await idle()
  expect(asked()).toEqual([])
  await send('pull_request', {
    action: 'edited',
    number: 1,
    changes: { base: { ref: { from: 'old' }, sha: { from: '0' } } },
  })
  await idle()
  expect(asked()).not.toEqual([])
})

test('an event that comes late does not bring back an old head', async () => {
  const { repository, github, app, idle, comments } = await startSetting({ base, head })
  const late = await github.webhook('pull_request', opened)
  const other = { 'shop/tasks.py': code(40, { 10: 'mistake_two' }) }
  const sha = await repository.commit('Again', other, { branch: 'feature', from: github.state.pulls[0]!.base.sha })
  await github.pushTo(1, sha, { force: true })
  for (const webhook of [await github.webhook('pull_request', pushed), late]) {
    await github.deliver(webhook, `${app.url}/api/github/webhooks`)
    await idle()
  }
  expect(github.state.reviews).toMatchObject([{ commit_id: sha }])
  expect(comments()).toEqual([expect.objectContaining({ line: 10 })])
})
