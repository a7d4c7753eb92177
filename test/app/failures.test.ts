import { describe, expect, test } from 'vitest'
import type { Analyse } from '../../src/app/analysis/analyse.ts'
import type { AppParts } from '../../src/app/start-app.ts'
import { reconcilerOf } from '../../src/app/upkeep.ts'
import { code, findMistakes, settings, startSetting } from './setting.ts'

const base = { 'settings.py': settings, 'shop/tasks.py': code(40) }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const opened = { action: 'opened', number: 1 } as const
const postReview = { method: 'POST', path: /\/pulls\/1\/reviews$/ }
const countOf = (asked: string[], request: RegExp) => asked.filter((one) => request.test(one)).length

describe('a review whose answer is lost', () => {
  test('is not posted twice when it was stored', async () => {
    const { github, send, idle, comments, check, asked } = await startSetting({ base, head })
    github.failNext({ ...postReview, status: 502, afterCommit: true })
    await send('pull_request', opened)
    await idle()
    expect(github.state.reviews).toHaveLength(1)
    expect(comments()).toHaveLength(1)
    expect(countOf(asked(), /^POST \/pulls\/1\/reviews$/)).toBe(1)
    expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({ status: 'completed', title: '1 error' })
  })

  test('is not posted twice when the connection breaks', async () => {
    const { github, send, idle, comments } = await startSetting({ base, head })
    github.failNext({ ...postReview, drop: true, afterCommit: true })
    await send('pull_request', opened)
    await idle()
    expect(comments()).toHaveLength(1)
  })

  test('is posted later when it was not stored', async () => {
    const { github, send, idle, wait, comments, check } = await startSetting({ base, head })
    github.failNext({ ...postReview, status: 502 })
    await send('pull_request', opened)
    await idle()
    expect(comments()).toEqual([])
    const { sha } = github.state.pulls[0]!.head
    expect(check(sha)).toMatchObject({ status: 'completed', title: 'Not reviewed: GitHub did not answer' })
    wait()
    await idle()
    expect(comments()).toHaveLength(1)
    expect(check(sha)).toMatchObject({ status: 'completed', title: '1 error' })
  })

  test('is not posted twice when not even the search for it is answered', async () => {
    const { github, send, idle, wait, comments } = await startSetting({ base, head })
    github.failNext({ ...postReview, status: 502, afterCommit: true })
    github.failNext({ method: 'GET', path: /\/pulls\/1\/reviews/, status: 502 })
    await send('pull_request', opened)
    await idle()
    wait()
    await idle()
    expect(comments()).toHaveLength(1)
    expect(github.state.checkRuns.every(({ status }) => status === 'completed')).toBe(true)
  })
})

test('a review that fails every time is given up, and its check run says so', async () => {
  const { github, send, idle, wait, comments, check, store } = await startSetting({ base, head })
  const attempts = 6
  for (let attempt = 0; attempt < attempts; attempt++) github.failNext({ ...postReview, status: 502 })
  await send('pull_request', opened)
  const { sha } = github.state.pulls[0]!.head
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await idle()
    if (attempt < attempts) expect(check(sha).title).toBe('Not reviewed: GitHub did not answer')
    wait()
  }
  await idle()
  expect(comments()).toEqual([])
  expect(github.state.checkRuns.every(({ status }) => status === 'completed')).toBe(true)
  expect(check(sha)).toMatchObject({ conclusion: 'neutral', title: 'Not reviewed: it failed too often' })
  const ref = { installationId: 1, repositoryId: github.repository.id, number: 1 }
  expect(await store.read(ref)).toMatchObject({ openChecks: [], settledHead: sha })
})

test('what cannot be read is read later', async () => {
  const { github, send, idle, wait, comments } = await startSetting({ base, head })
  github.failNext({ method: 'GET', path: /\/git\/trees\//, status: 500 })
  await send('pull_request', opened)
  await idle()
  expect(comments()).toEqual([])
  wait()
  await idle()
  expect(comments()).toHaveLength(1)
})

describe('a review that GitHub does not take', () => {
  const refusal = {
    ...postReview,
    status: 422,
    body: { message: 'Unprocessable Entity', errors: ['Line could not be resolved'] },
  }

  test('is not sent again as it was; the check run then names every finding', async () => {
    const { github, send, idle, check, asked } = await startSetting({ base, head })
    github.failNext(refusal)
    await send('pull_request', opened)
    await idle()
    expect(github.state.reviews).toEqual([])
    expect(countOf(asked(), /^POST \/pulls\/1\/reviews$/)).toBe(1)
    const { conclusion, title, summary } = check(github.state.pulls[0]!.head.sha)
    expect([conclusion, title]).toEqual(['neutral', '1 error'])
    expect(summary).toContain('GitHub refused them')
    expect(github.state.checkRuns.at(-1)!.annotations).toMatchObject([{ path: 'shop/tasks.py', start_line: 20 }])
  })

  test('is sent once more with the comments that GitHub would still take', async () => {
    const nothing = { files: [], read: async () => new Map() }
    const analyse: Analyse = (input) => findMistakes({ ...input, before: nothing })
    const old = code(40, { 5: 'mistake_zero' })
    const { github, send, idle, comments, asked } = await startSetting({
      base: { 'settings.py': settings, 'shop/tasks.py': old },
      head: { 'shop/tasks.py': code(40, { 5: 'mistake_zero', 20: 'mistake_one' }) },
      app: { analyse },
    })
    // The comparison shows a hunk around line 5, which the pull request's own list of files does not have.
    const far = '@@ -4,3 +4,3 @@\n x4 = 4\n-x5 = 5\n+mistake_zero\n x6 = 6'
    const near = '@@ -19,3 +19,3 @@\n x19 = 19\n-x20 = 20\n+mistake_one\n x21 = 21'
    const file = { filename: 'shop/tasks.py', status: 'modified', patch: `${far}\n${near}` }
    const merge_base_commit = { sha: github.state.pulls[0]!.base.sha }
    const compare = { method: 'GET', path: /\/compare\// }
    github.failNext({ ...compare, status: 200, body: { merge_base_commit, files: [file] } })
    await send('pull_request', opened)
    await idle()
    expect(github.refused).toMatchObject([{ status: 422 }])
    expect(countOf(asked(), /^POST \/pulls\/1\/reviews$/)).toBe(2)
    expect(comments()).toEqual([expect.objectContaining({ line: 20 })])
    expect(github.state.checkRuns.at(-1)!.annotations).toMatchObject([{ path: 'shop/tasks.py', start_line: 5 }])
  })

  test('because of a pending one of ours is sent again when that is deleted', async () => {
    const { github, send, idle, comments } = await startSetting({ base, head })
    await fetch(`${github.url}/repos/acme/shop/pulls/1/reviews`, {
      method: 'POST',
      headers: { authorization: `token ${github.installationToken()}` },
      body: JSON.stringify({ body: 'left over' }),
    })
    expect(github.state.reviews).toMatchObject([{ state: 'PENDING' }])
    await send('pull_request', opened)
    await idle()
    expect(github.state.reviews).toMatchObject([{ state: 'COMMENTED' }])
    expect(comments()).toHaveLength(1)
  })
})

describe('without a permission', () => {
  const all = { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write', issues: 'write' } as const

  test('to comment, the check run says which, and names every finding', async () => {
    const permissions = { ...all, pull_requests: 'read' } as const
    const { github, send, idle, check, clock } = await startSetting({ base, head, simulator: { permissions } })
    await send('pull_request', opened)
    await idle()
    const { conclusion, title, summary } = check(github.state.pulls[0]!.head.sha)
    expect([conclusion, title]).toEqual(['neutral', '1 error'])
    expect(summary).toContain('`pull_requests=write`')
    expect(github.state.checkRuns.at(-1)!.annotations).toHaveLength(1)
    expect(clock.untilNext).toBeUndefined()
  })

  test('to read code, the check run says which', async () => {
    const { contents: _, ...permissions } = all
    const { github, send, idle, check } = await startSetting({ base, head, simulator: { permissions } })
    await send('pull_request', opened)
    await idle()
    const { conclusion, title, summary } = check(github.state.pulls[0]!.head.sha)
    expect([conclusion, title]).toEqual(['neutral', 'Not reviewed: a permission is missing'])
    expect(summary).toContain('`contents=read`')
  })

  test('to write check runs, the review is posted all the same', async () => {
    const permissions = { ...all, checks: 'read' } as const
    const { github, send, idle, comments } = await startSetting({ base, head, simulator: { permissions } })
    await send('pull_request', opened)
    await idle()
    expect(comments()).toHaveLength(1)
    expect(github.state.checkRuns).toEqual([])
  })

  test('to comment because the conversation is locked, the check run names every finding', async () => {
    const { github, send, idle, check } = await startSetting({ base, head })
    await github.editPull(1, { locked: true })
    await send('pull_request', opened)
    await idle()
    expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({ status: 'completed', title: '1 error' })
    expect(github.state.checkRuns.at(-1)!.annotations).toHaveLength(1)
  })
})

describe('gives up at once, with no more than two requests,', () => {
  test('when the installation is suspended', async () => {
    const { github, send, idle, clock } = await startSetting({ base, head })
    github.suspend()
    await send('pull_request', opened)
    await idle()
    expect(github.requests.length).toBeLessThanOrEqual(2)
    expect(clock.untilNext).toBeUndefined()
  })

  test('when the repository now has another id', async () => {
    const { github, send, idle, clock, asked } = await startSetting({ base, head })
    const body = { data: { repository: { databaseId: 1, nameWithOwner: 'acme/shop', url: '', pullRequest: null } } }
    github.failNext({ method: 'POST', path: /\/graphql$/, status: 200, body })
    await send('pull_request', opened)
    await idle()
    expect(asked()).toEqual(['POST /graphql'])
    expect(clock.untilNext).toBeUndefined()
  })
})

test('finds a repository under the name that it has now', async () => {
  const { github, app, idle, comments } = await startSetting({ base, head })
  const late = await github.webhook('pull_request', opened)
  github.rename('acme', 'store')
  const { status_code } = await github.deliver(late, `${app.url}/api/github/webhooks`)
  expect(status_code).toBe(200)
  await idle()
  expect(comments()).toHaveLength(1)
  expect(github.refused).toEqual([])
})

test('writes nothing to a repository that is archived, and asks no second time', async () => {
  const { github, send, idle, asked, clock } = await startSetting({ base, head })
  github.archive()
  await send('pull_request', opened)
  await idle()
  expect(asked()).toEqual(['POST /graphql'])
  expect(clock.untilNext).toBeUndefined()
  expect(github.refused).toEqual([])
})

test('keeps quiet as long as GitHub asks for, and reviews then', async () => {
  const { github, send, idle, clock, comments } = await startSetting({ base, head })
  const headers = { 'retry-after': '120' }
  const body = { message: 'You have exceeded a secondary rate limit.' }
  github.failNext({ ...postReview, status: 403, headers, body })
  await send('pull_request', opened)
  await idle()
  const before = github.requests.length
  expect(clock.untilNext).toBe(120_000)
  await send('pull_request', { action: 'synchronize', number: 1 })
  await idle()
  expect(github.requests).toHaveLength(before)
  clock.advance(120_000)
  await idle()
  expect(comments()).toHaveLength(1)
  expect(github.state.checkRuns).toMatchObject([{ status: 'completed', conclusion: 'neutral' }])
})

test('a pause that GitHub wants of one installation leaves the others unhindered', async () => {
  const { github, app, repository, send, idle, clock, comments } = await startSetting({ base, head })
  const other = await github.addRepository({ repository: { owner: 'bank', name: 'money', gitDir: repository.dir } })
  await other.openPull({ base: 'main', head: 'feature', author: 'bob' })
  const path = /\/repos\/acme\/shop\/pulls\/1\/reviews$/
  const body = { message: 'You have exceeded a secondary rate limit.' }
  github.failNext({ method: 'POST', path, status: 403, headers: { 'retry-after': '120' }, body })
  await send('pull_request', opened)
  await idle()
  await other.deliver(await other.webhook('pull_request', opened), `${app.url}/api/github/webhooks`)
  await idle()
  expect(other.state.reviewComments).toHaveLength(1)
  expect(other.state.checkRuns).toMatchObject([{ status: 'completed', output: { title: '1 error' } }])
  expect(comments()).toEqual([])
  clock.advance(120_000)
  await idle()
  expect(comments()).toHaveLength(1)
  expect(github.refused).toEqual([])
})

test('what came while GitHub was out of order is reviewed when it is back', async () => {
  let parts: AppParts | undefined
  const setting = await startSetting({
    base,
    head,
    app: {
      upkeep(given) {
        parts = given
        return async () => {}
      },
    },
  })
  const { github, repository, idle, comments, check } = setting
  const reconciler = await reconcilerOf(parts!)
  // One webhook gets lost on its way, and one is never sent.
  const lost = await github.webhook('pull_request', opened)
  expect((await github.deliver(lost, 'http://127.0.0.1:1/')).status_code).toBe(0)
  const second = await repository.commit('More', { 'shop/more.py': 'mistake_two\n' }, { branch: 'other', from: 'main' })
  await github.openPull({ base: 'main', head: second, author: 'bob' })
  github.failNext({ method: 'GET', path: /\/app\/hook\/deliveries/, status: 503 })
  expect(await reconciler.reconcile(Date.now(), 0)).toMatchObject({ deliveries: 0 })
  github.failNext({ method: 'POST', path: /\/graphql$/, status: 503 })
  await reconciler.reconcile(Date.now(), 0)
  await idle()
  setting.wait()
  await idle()
  expect(
    comments()
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['shop/more.py', 'shop/tasks.py'])
  for (const { head: commit } of github.state.pulls) expect(check(commit.sha)).toMatchObject({ status: 'completed' })
  expect(github.refused).toEqual([])
})

test('asks for tokens that are good for the repository of the pull request, and once for all its reviews', async () => {
  const { github, send, idle } = await startSetting({ base, head })
  await send('pull_request', opened)
  await idle()
  await send('pull_request', { action: 'reopened', number: 1 })
  await idle()
  const asked = github.requests.filter(({ path }) => path.endsWith('/access_tokens'))
  expect(asked).toMatchObject([{ body: { repository_ids: [github.repository.id] } }])
})

test('says in the check run that there is nothing to compare', async () => {
  const { github, send, idle, check, clock } = await startSetting({ base, head })
  github.failNext({ method: 'GET', path: /\/compare\//, status: 404, body: { message: 'No common ancestor' } })
  await send('pull_request', opened)
  await idle()
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({
    status: 'completed',
    conclusion: 'neutral',
    title: 'Not reviewed: GitHub found nothing to compare',
  })
  expect(clock.untilNext).toBeUndefined()
})

test('posts 400 findings within all of GitHub’s limits', async () => {
  const mistakes = Array.from({ length: 200 }, (_, n) => [`shop/tasks_${n}.py`, `mistake_a${n}\n\n\nmistake_b${n}\n`])
  const { github, send, idle, comments, check } = await startSetting({
    base: { 'settings.py': settings },
    head: Object.fromEntries(mistakes),
  })
  await send('pull_request', opened)
  await idle()
  expect(github.refused).toEqual([])
  expect(comments()).toHaveLength(20)
  expect(github.state.checkRuns.at(-1)!.annotations).toHaveLength(380)
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({ status: 'completed', title: '400 errors' })
})

test('reviews a file that GitHub gives no patch for, with annotations in place of comments', async () => {
  const long = Array.from({ length: 3_000 }, (_, n) => `y${n} = ${'1'.repeat(400)}\n`)
  const { github, send, idle, check } = await startSetting({
    base: { 'settings.py': settings, 'big.py': 'y = 1\n' },
    head: { 'big.py': long.toSpliced(4, 1, 'mistake_one\n').join('') },
  })
  await send('pull_request', opened)
  await idle()
  expect(github.refused).toEqual([])
  expect(github.state.reviews).toEqual([])
  expect(check(github.state.pulls[0]!.head.sha)).toMatchObject({ conclusion: 'neutral', title: '1 error' })
  expect(github.state.checkRuns.at(-1)!.annotations).toMatchObject([{ path: 'big.py', start_line: 5 }])
})
