import { describe, expect, test } from 'vitest'
import { reasonToSkip } from '../../src/app/policy.ts'
import { defaultConfiguration } from '../../src/config/configuration.ts'
import { unknownPull } from '../../src/store/review-store.ts'
import { code, settings, startSetting } from './setting.ts'

const pull = { isDraft: false, isByBot: false, author: 'alice', labels: ['bug'], baseBranch: 'release/2.x' }
const titleOf = (some: object, configuration: object = {}, state: object = {}) =>
  reasonToSkip({ ...pull, ...some }, { ...defaultConfiguration, ...configuration }, { ...unknownPull, ...state })?.title

describe('a pull request is left alone', () => {
  test.each([
    ['as a draft', { isDraft: true }, {}, {}, 'this is a draft'],
    ['when it is paused', {}, {}, { pause: { by: 'bob', at: 1 } }, 'paused'],
    ['when a bot opened it', { isByBot: true }, { bots: false }, {}, 'opened by a bot'],
    ['by its author', {}, { authors: { ignore: ['ALICE'] } }, {}, 'its author is left out'],
    ['by a label', {}, { labels: { ignore: ['wip', 'Bug'] } }, {}, 'one of its labels'],
    ['by its base branch', {}, { baseBranches: ['main', 'stable-*'] }, {}, 'its base branch'],
  ])('%s', (_, some, configuration, state, title) => {
    expect(titleOf(some, configuration, state)).toBe(`Not reviewed: ${title}`)
  })
})

test.each([
  ['that nothing speaks against', {}, {}],
  ['that is a draft, where drafts are wanted', { isDraft: true }, { drafts: true }],
  ['by a bot', { isByBot: true }, {}],
  ['to a branch that is named', {}, { baseBranches: ['main', 'release/*'] }],
  ['by somebody whose account is gone', { author: undefined }, { authors: { ignore: ['alice'] } }],
])('a pull request %s is reviewed', (_, some, configuration) => {
  expect(titleOf(some, configuration)).toBeUndefined()
})

const base = { 'settings.py': settings, 'shop/tasks.py': code(40) }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const file = '.github/celery-review.yml'

test('what GitHub says of a pull request is what the configuration is asked about', async () => {
  const { github, send, idle, check, comments } = await startSetting({
    base: { ...base, [file]: 'bots: false\nlabels: { ignore: [wip] }\n' },
    head,
    pull: { author: 'renovate[bot]', labels: ['wip'] },
  })
  const { sha } = github.state.pulls[0]!.head
  await send('pull_request', { action: 'opened', number: 1 })
  await idle()
  expect(check(sha)).toMatchObject({ conclusion: 'neutral', title: 'Not reviewed: opened by a bot' })
  await send('check_run', { action: 'rerequested', id: github.state.checkRuns[0]!.id })
  await idle()
  expect(comments()).toHaveLength(1)
})

test('a label that is taken away makes room for the review', async () => {
  const { github, send, idle, check, comments } = await startSetting({
    base: { ...base, [file]: 'labels: { ignore: [wip] }\n' },
    head,
    pull: { labels: ['wip'] },
  })
  await send('pull_request', { action: 'opened', number: 1 })
  await idle()
  expect(check(github.state.pulls[0]!.head.sha).title).toBe('Not reviewed: one of its labels')
  await github.editPull(1, { labels: [] })
  await send('pull_request', { action: 'unlabeled', number: 1, label: 'wip' })
  await idle()
  expect(comments()).toHaveLength(1)
})

describe('a pull request that changes the configuration', () => {
  test('has it checked, with each problem on its line, and does not have it applied', async () => {
    const { github, send, idle, check, comments } = await startSetting({
      base,
      head: { ...head, [file]: 'comments: 0\npreveiw: true\nextends: https://evil.example/\n' },
      pull: { fromFork: 'mallory' },
    })
    await send('pull_request', { action: 'opened', number: 1 })
    await idle()
    expect(comments()).toHaveLength(1)
    const { conclusion, title, summary } = check(github.state.pulls[0]!.head.sha)
    expect([conclusion, title]).toEqual(['neutral', '1 error; 2 problems in the configuration'])
    expect(summary).toContain('line 2: unknown key `preveiw`; did you mean `preview`?')
    expect(summary).toContain('and not to this one')
    expect(github.state.checkRuns.at(-1)!.annotations).toMatchObject([
      { path: file, start_line: 2, annotation_level: 'warning' },
      { path: file, start_line: 3 },
    ])
    expect(github.requests.map(({ path }) => path).join()).not.toContain('evil')
  })

  test('has it checked also when it changes nothing else', async () => {
    const { github, send, idle, check } = await startSetting({ base, head: { [file]: 'fail_on: never\n' } })
    await send('pull_request', { action: 'opened', number: 1 })
    await idle()
    const { conclusion, title, summary } = check(github.state.pulls[0]!.head.sha)
    expect([conclusion, title]).toEqual(['success', 'No Python file changed'])
    expect(summary).toContain('This pull request changes')
  })
})

test('a pull request that no longer changes Python loses the comments on it', async () => {
  const { repository, github, send, idle, check, comments } = await startSetting({ base, head })
  await send('pull_request', { action: 'opened', number: 1 })
  await idle()
  const sha = await repository.commit('Undo', { ...base, 'README.md': 'x\n' }, { branch: 'feature' })
  await github.pushTo(1, sha)
  await send('pull_request', { action: 'synchronize', number: 1 })
  await idle()
  expect(comments()).toEqual([])
  expect(check(sha)).toMatchObject({ conclusion: 'success', title: 'No Python file changed' })
})
