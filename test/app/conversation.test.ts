import { describe, expect, test } from 'vitest'
import { parseMarker } from '../../src/review/marker.ts'
import { code, type Setting, settings, startSetting } from './setting.ts'

const base = { 'settings.py': settings, 'shop/tasks.py': code(40) }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const opened = { action: 'opened', number: 1 } as const
const writing = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  checks: 'write',
  issues: 'write',
} as const

/** Pushes another state of the file, and waits until it is reviewed. */
async function push({ repository, github, send, idle }: Setting, changed: Record<number, string>, more = {}) {
  const files = { 'shop/tasks.py': code(40, changed), ...more }
  const sha = await repository.commit('Push', files, { branch: 'feature' })
  await github.pushTo(1, sha)
  await send('pull_request', { action: 'synchronize', number: 1 })
  await idle()
  return sha
}

async function startReviewed(simulator = {}): Promise<Setting> {
  const setting = await startSetting({ base, head, simulator })
  await setting.send('pull_request', opened)
  await setting.idle()
  return setting
}

describe('a finding that is fixed', () => {
  test('takes its comment with it when nobody answered, in one request', async () => {
    const setting = await startReviewed()
    const before = setting.asked().length
    const sha = await push(setting, { 20: 'fixed = 1' })
    expect(setting.comments()).toEqual([])
    expect(setting.check(sha)).toMatchObject({ conclusion: 'success', title: 'No findings' })
    expect(setting.github.refused).toEqual([])
    const asked = setting.asked().slice(before)
    expect(asked.filter((one) => one === 'POST /graphql')).toHaveLength(3)
    expect(asked.length).toBeLessThanOrEqual(8)
  })

  test('is hidden and marked when a person answered', async () => {
    const setting = await startReviewed()
    const { github } = setting
    github.reply(github.state.reviewComments[0]!.id, { author: 'alice', body: 'You are right.' })
    const sha = await push(setting, { 20: 'fixed = 1' })
    expect(github.state.reviewComments).toMatchObject([{ minimized: 'resolved' }, { body: 'You are right.' }])
    expect(parseMarker(github.state.reviewComments[0]!.body)).toMatchObject({ gone: sha })
    await push(setting, { 21: 'more = 1' })
    expect(github.state.reviewComments).toHaveLength(2)
  })

  test('has its thread resolved where the App may do that', async () => {
    const setting = await startReviewed({ permissions: writing })
    const { github } = setting
    await push(setting, { 20: 'fixed = 1' })
    expect(github.state.reviewComments).toMatchObject([{ thread: { resolved_by: 'celery-review[bot]' } }])
    await push(setting, { 20: 'mistake_one' })
    expect(github.state.reviewComments).toHaveLength(2)
  })

  test('is deleted where GitHub promised that its thread may be resolved, and then refuses', async () => {
    const setting = await startReviewed({ permissions: writing })
    const refusal = { data: { m0: null, m1: null }, errors: [{ type: 'FORBIDDEN', path: ['m1'], message: 'no' }] }
    const fault = { method: 'POST', path: /\/graphql$/, status: 200, body: refusal }
    // The mutation is the third question of this run, after the pull request and the blobs.
    setting.github.before({ method: 'POST', path: /\/check-runs$/ }, () => setting.github.failNext(fault))
    await push(setting, { 20: 'fixed = 1' })
    expect(setting.comments()).toEqual([])
  })

  test('is said again when it comes back, also on a head that was there before', async () => {
    const setting = await startReviewed()
    const { github, send, idle } = setting
    const first = github.state.pulls[0]!.head.sha
    await push(setting, { 20: 'fixed = 1' })
    expect(setting.comments()).toEqual([])
    await github.pushTo(1, first, { force: true })
    await send('pull_request', { action: 'synchronize', number: 1 })
    await idle()
    expect(setting.comments()).toHaveLength(1)
    expect(github.state.reviews).toHaveLength(2)
  })
})

describe('what a person did to a comment holds', () => {
  test('when they deleted it', async () => {
    const setting = await startReviewed()
    const { github } = setting
    await fetch(`${github.url}/repos/acme/shop/pulls/comments/${github.state.reviewComments[0]!.id}`, {
      method: 'DELETE',
      headers: { authorization: `token ${github.userToken('acme')}` },
    })
    const sha = await push(setting, { 20: 'mistake_one', 30: 'x = 30' })
    expect(setting.comments()).toEqual([])
    expect(setting.check(sha).summary).toContain('muted: its comment was deleted')
  })

  test('when they answered that it will not be fixed', async () => {
    const setting = await startReviewed()
    const { github } = setting
    github.reply(github.state.reviewComments[0]!.id, { author: 'alice', body: "Won't fix." })
    const sha = await push(setting, { 20: 'mistake_one', 30: 'x = 30' })
    expect(github.state.reviewComments).toHaveLength(2)
    expect(setting.check(sha).summary).toContain('commented before, answered')
  })
})

test('a pull request that is reopened, or made to another base, is reviewed afresh and told nothing twice', async () => {
  const setting = await startReviewed()
  const { github, repository, send, idle } = setting
  await github.editPull(1, { state: 'closed' })
  await send('pull_request', { action: 'closed', number: 1 })
  await github.editPull(1, { state: 'open' })
  await send('pull_request', { action: 'reopened', number: 1 })
  await idle()
  expect(github.state.checkRuns).toHaveLength(2)
  expect(setting.comments()).toHaveLength(1)

  // The new base has the mistake already, so that it is none of this pull request's.
  await repository.commit('Release', head, { branch: 'release', from: github.state.pulls[0]!.head.sha })
  await github.editPull(1, { base: 'release' })
  await send('pull_request', { action: 'edited', number: 1, changes: { base: { ref: { from: 'main' } } } })
  await idle()
  expect(setting.comments()).toEqual([])
})

test('nothing is written where the conversation is locked, and the check run says why', async () => {
  const { github, send, idle, check, asked } = await startSetting({ base, head })
  await github.editPull(1, { locked: true })
  await send('pull_request', opened)
  await idle()
  expect(asked().filter((one) => /reviews$/.test(one))).toEqual([])
  expect(check(github.state.pulls[0]!.head.sha).summary).toContain('the conversation is locked')
  expect(github.state.checkRuns.at(-1)!.annotations).toHaveLength(1)
  expect(github.refused).toEqual([])
})
