import { describe, expect, test } from 'vitest'
import { AnalysisFailure } from '../../src/app/analysis/failure.ts'
import { code, findMistakes, settings, startSetting, textOf } from './setting.ts'

const base = { 'settings.py': settings, 'shop/tasks.py': code(40), 'README.md': '# Shop\n' }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const opened = { action: 'opened', number: 1 } as const

test('posts one review with the comment on its line, and a check run that says the same, in eight requests', async () => {
  const { github, send, idle, comments, check, asked } = await startSetting({ base, head })
  await send('pull_request', opened)
  await idle()
  const { sha } = github.state.pulls[0]!.head
  expect(comments()).toEqual([
    { path: 'shop/tasks.py', line: 20, body: expect.stringContaining('`mistake_one` waits') },
  ])
  expect(github.state.reviews).toMatchObject([{ state: 'COMMENTED', commit_id: sha }])
  expect(check(sha)).toMatchObject({ status: 'completed', conclusion: 'neutral', title: '1 error' })
  expect(github.refused).toEqual([])
  expect(asked()).toEqual([
    'POST /graphql',
    expect.stringMatching(/^GET \/compare\//),
    `GET /git/trees/${sha}?recursive=true`,
    'POST /graphql',
    'POST /check-runs',
    'GET /pulls/1',
    'POST /pulls/1/reviews',
    expect.stringMatching(/^PATCH \/check-runs\//),
  ])
})

test('posts nothing on a clean pull request, and says in the check run that all is well', async () => {
  const { github, send, idle, check } = await startSetting({ base, head: { 'shop/tasks.py': code(41) } })
  await send('pull_request', opened)
  await idle()
  expect(github.state.reviews).toEqual([])
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({ conclusion: 'success', title: 'No findings' })
})

test('spends three requests on a pull request without Python', async () => {
  const { github, send, idle, check, asked } = await startSetting({ base, head: { 'README.md': '# The shop\n' } })
  await send('pull_request', opened)
  await idle()
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({
    conclusion: 'success',
    title: 'No Python file changed',
  })
  expect(asked()).toHaveLength(3)
})

test('says in the check run that a repository does without Celery, and posts nothing', async () => {
  const { github, send, idle, check } = await startSetting({
    base: { 'shop/tasks.py': code(40) },
    head: { 'shop/tasks.py': code(41) },
  })
  await send('pull_request', opened)
  await idle()
  expect(github.state.reviews).toEqual([])
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({ conclusion: 'neutral', title: 'No Celery found' })
})

describe('a draft', () => {
  const pull = { draft: true }

  test('is not reviewed, and the check run says so', async () => {
    const { github, send, idle, check } = await startSetting({ base, head, pull })
    await send('pull_request', opened)
    await idle()
    expect(github.state.reviews).toEqual([])
    expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({
      status: 'completed',
      conclusion: 'neutral',
      title: 'Not reviewed: this is a draft',
    })
  })

  test('is reviewed when it is ready', async () => {
    const { github, send, idle, comments } = await startSetting({ base, head, pull })
    await send('pull_request', opened)
    await idle()
    await github.editPull(1, { draft: false })
    await send('pull_request', { action: 'ready_for_review', number: 1 })
    await idle()
    expect(comments()).toHaveLength(1)
  })

  test('is reviewed when the repository wants it', async () => {
    const wanting = { ...base, '.github/celery-review.yml': 'drafts: true\n' }
    const { send, idle, comments } = await startSetting({ base: wanting, head, pull })
    await send('pull_request', opened)
    await idle()
    expect(comments()).toHaveLength(1)
  })
})

describe('the configuration', () => {
  test('is that of the merge base, whatever the head makes of it', async () => {
    const { send, idle, comments, repository, github } = await startSetting({
      base: { ...base, '.github/celery-review.yml': 'comments: 1\nfail_on: error\n' },
      head: {
        'shop/tasks.py': code(40, { 20: 'mistake_one', 30: 'mistake_two' }),
        '.github/celery-review.yml': 'comments: 0\n',
      },
    })
    // What the base branch got after the pull request left it does not count either.
    await repository.commit('Silence', { '.github/celery-review.yml': 'comments: 0\n' })
    await send('pull_request', opened)
    await idle()
    expect(comments()).toHaveLength(1)
    expect(github.state.checkRuns.at(-1)).toMatchObject({ conclusion: 'failure' })
  })

  test('when it is faulty, is named with its line in the check run, and the defaults apply', async () => {
    const { send, idle, comments, check, github } = await startSetting({
      base: { ...base, '.github/celery-review.yml': 'drafts: true\nfail_no: error\n' },
      head,
    })
    await send('pull_request', opened)
    await idle()
    expect(comments()).toHaveLength(1)
    const { conclusion, summary } = check(github.state.pulls[0]!.head.sha)
    expect(conclusion).toBe('neutral')
    expect(summary).toContain('`.github/celery-review.yml`, line 2: unknown key `fail_no`; did you mean `fail_on`?')
  })
})

test('shows the analysis both states of the project, through renames, removals and additions', async () => {
  const seen: Record<string, unknown> = {}
  const { send, idle } = await startSetting({
    base: {
      'settings.py': settings,
      'a/moved.py': code(30),
      'a/gone.py': 'gone = 1\n',
      'kept.py': 'kept = 1\n',
      'changed.py': 'one = 1\n',
      'link.py': { mode: '120000', content: 'kept.py' },
    },
    head: {
      'a/moved.py': null,
      'b/moved.py': code(30, { 3: 'three = 3' }),
      'a/gone.py': null,
      'changed.py': 'two = 2\n',
      'new.py': 'new = 1\n',
    },
    app: {
      async analyse(input) {
        seen.before = input.before.files.map(({ path }) => path)
        seen.after = input.after.files.map(({ path }) => path)
        seen.changes = input.changes.map(({ status, path, previousPath }) => [status, path, previousPath])
        seen.texts = [
          await textOf(input.before, 'changed.py'),
          await textOf(input.after, 'changed.py'),
          await textOf(input.before, 'a/gone.py'),
          await textOf(input.before, 'kept.py'),
          (await textOf(input.before, 'a/moved.py')) === code(30),
        ]
        const sha = (files: typeof input.before.files, path: string) => files.find((file) => file.path === path)?.sha
        seen.sameSha = sha(input.before.files, 'kept.py') === sha(input.after.files, 'kept.py')
        return findMistakes(input)
      },
    },
  })
  await send('pull_request', opened)
  await idle()
  expect(seen).toEqual({
    before: ['a/gone.py', 'a/moved.py', 'changed.py', 'kept.py', 'settings.py'],
    after: ['b/moved.py', 'changed.py', 'kept.py', 'new.py', 'settings.py'],
    changes: expect.arrayContaining([
      ['removed', 'a/gone.py', undefined],
      ['renamed', 'b/moved.py', 'a/moved.py'],
      ['modified', 'changed.py', undefined],
      ['added', 'new.py', undefined],
    ]),
    texts: ['one = 1\n', 'two = 2\n', 'gone = 1\n', 'kept = 1\n', true],
    sameSha: true,
  })
})

test('reviews a pull request from a fork through the repository that it is made to', async () => {
  const { github, send, idle, comments } = await startSetting({
    base,
    head,
    pull: { fromFork: 'mallory', author: 'mallory' },
  })
  await send('pull_request', opened)
  await idle()
  expect(comments()).toHaveLength(1)
  expect(github.refused).toEqual([])
})

test('ends a review whose analysis fails, says so, and does not try again', async () => {
  let calls = 0
  const { github, send, idle, check, clock } = await startSetting({
    base,
    head,
    app: {
      async analyse() {
        calls++
        throw new TypeError('cannot read')
      },
    },
  })
  await send('pull_request', opened)
  await idle()
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({
    status: 'completed',
    conclusion: 'neutral',
    title: 'Not reviewed: the analysis failed',
  })
  expect(github.state.reviews).toEqual([])
  expect([calls, clock.untilNext]).toEqual([1, undefined])
})

test.each(['time', 'memory'] as const)('an analysis that took too much %s ends with its reason', async (reason) => {
  const { github, send, idle, check } = await startSetting({
    base,
    head,
    app: { analyse: () => Promise.reject(new AnalysisFailure(reason, 'broken off')) },
  })
  await send('pull_request', opened)
  await idle()
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({
    status: 'completed',
    conclusion: 'neutral',
    title: `Not reviewed: the analysis took too ${reason === 'time' ? 'long' : 'much memory'}`,
  })
})
