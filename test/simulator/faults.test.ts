import { describe, expect, test } from 'vitest'
import { clientOf, refusalOf, repo, startSetting } from './setting.ts'

let now = Date.UTC(2026, 5, 1)
const { github, octokit, repository, base, head, pull } = await startSetting({
  now: () => now,
  limits: { contentPerMinute: 3, contentPerHour: 5 },
})

const review = () => {
  now += 3_600_000
  const client = clientOf(github, github.installationToken())
  return client.rest.pulls.createReview({ ...pull, commit_id: head, event: 'COMMENT', body: 'Reviewed.' })
}
const reviews = /\/pulls\/1\/reviews$/

describe('an ordered failure', () => {
  test('is answered instead, once', async () => {
    github.failNext({
      method: 'POST',
      path: reviews,
      status: 502,
      headers: { 'retry-after': '7' },
      body: { message: 'Bad luck' },
    })
    const error = await review().catch((reason) => reason)
    expect(error).toMatchObject({
      status: 502,
      response: { data: { message: 'Bad luck' }, headers: { 'retry-after': '7' } },
    })
    expect(github.state.reviews).toEqual([])
    expect((await review()).status).toBe(200)
  })

  test('can come after the work was done', async () => {
    const before = github.state.reviews.length
    github.failNext({ method: 'POST', path: reviews, status: 502, afterCommit: true })
    expect(await refusalOf(review())).toMatchObject({ status: 502 })
    expect(github.state.reviews).toHaveLength(before + 1)
  })

  test('can be a connection that breaks, before or after the work', async () => {
    const before = github.state.reviews.length
    github.failNext({ method: 'POST', path: reviews, drop: true })
    await expect(review()).rejects.toThrow()
    expect(github.state.reviews).toHaveLength(before)
    github.failNext({ method: 'POST', path: reviews, drop: true, afterCommit: true })
    await expect(review()).rejects.toThrow()
    expect(github.state.reviews).toHaveLength(before + 1)
    expect(github.requests.at(-1)).toMatchObject({ method: 'POST', status: 0 })
  })

  test('waits for its request, and counts as no refusal', async () => {
    const before = github.rejected
    github.failNext({ method: 'GET', path: /\/files\?/, status: 403 })
    expect((await octokit.request('GET /meta')).status).toBe(200)
    const client = clientOf(github, github.installationToken())
    const files = () => client.rest.pulls.listFiles({ ...pull, per_page: 100 })
    expect(await refusalOf(files())).toMatchObject({ status: 403 })
    expect((await files()).status).toBe(200)
    expect(github.rejected).toBe(before)
  })
})

test('something can happen right before a request', async () => {
  const rewritten = await repository.commit('Rewrite', { 'x.py': 'x\n' }, { branch: 'rewritten', from: base })
  github.before({ method: 'POST', path: reviews }, () => github.pushTo(pull.pull_number, rewritten, { force: true }))
  expect(await refusalOf(review())).toMatchObject({ errors: ['The commitOID is not part of the pull request'] })
  await github.pushTo(pull.pull_number, head, { force: true })
  expect((await review()).status).toBe(200)
})

test('the log has every request with what was sent, and no token', async () => {
  const token = github.installationToken()
  const count = github.requests.length
  const client = clientOf(github, token)
  await client.rest.pulls.listFiles({ ...pull, per_page: 5 })
  await client.rest.checks.create({ ...repo, name: 'celery-review', head_sha: head })
  await refusalOf(client.rest.repos.getContent({ ...repo, path: 'nope.py' }))
  expect(github.requests.slice(count)).toEqual([
    { method: 'GET', path: '/repos/acme/shop/pulls/1/files?per_page=5', status: 200, ms: expect.any(Number) },
    {
      method: 'POST',
      path: '/repos/acme/shop/check-runs',
      body: { name: 'celery-review', head_sha: head },
      status: 201,
      ms: expect.any(Number),
    },
    { method: 'GET', path: '/repos/acme/shop/contents/nope.py', status: 404, ms: expect.any(Number) },
  ])
  expect(JSON.stringify(github.requests)).not.toContain(token)
})

describe('refusals', () => {
  const last = () => github.refused.at(-1)
  const client = () => clientOf(github, github.installationToken())

  test('name the requests that no route serves', async () => {
    expect(await refusalOf(client().request('GET /repos/acme/shop/stargazers'))).toMatchObject({ status: 404 })
    expect(last()).toEqual({ method: 'GET', path: '/repos/acme/shop/stargazers', status: 404, message: 'Not Found' })
  })

  test('name paths that are not properly encoded', async () => {
    const headers = { authorization: `token ${github.installationToken()}` }
    expect((await fetch(`${github.url}/repos/acme/shop/contents/%zz`, { headers })).status).toBe(404)
    expect((await fetch(`${github.url}/repos/%zz/shop`, { headers })).status).toBe(404)
  })

  test('name what is no JSON, and what is no object', async () => {
    const post = (body: string) =>
      fetch(`${github.url}/repos/acme/shop/check-runs`, {
        method: 'POST',
        body,
        headers: { authorization: `token ${github.installationToken()}` },
      })
    expect((await post('{')).status).toBe(400)
    expect(last()).toMatchObject({ message: 'Problems parsing JSON' })
    expect((await post('[]')).status).toBe(400)
    expect(last()).toMatchObject({ message: 'Body should be a JSON object' })
    expect((await post(`"${'x'.repeat(25_000_000)}"`)).status).toBe(413)
  })

  test('do not count looking for what is not there', async () => {
    const before = github.rejected
    await refusalOf(client().rest.repos.getContent({ ...repo, path: 'nope.py' }))
    expect(github.rejected).toBe(before)
    await refusalOf(client().rest.issues.deleteComment({ ...repo, comment_id: 1 }))
    expect(github.rejected).toBe(before + 1)
  })
})

test('an actor that writes too much is told when to come back', async () => {
  now += 3_600_000
  const client = clientOf(github, github.installationToken())
  const comment = () => client.rest.issues.createComment({ ...repo, issue_number: 1, body: 'Again.' })
  for (let count = 0; count < 3; count++) {
    await comment()
    now += 1000
  }
  const limited = await comment().catch((reason) => reason)
  expect(limited).toMatchObject({
    status: 403,
    response: { data: { message: expect.stringContaining('secondary rate limit') }, headers: { 'retry-after': '57' } },
  })
  const bob = clientOf(github, github.userToken('bob'))
  expect((await bob.rest.issues.createComment({ ...repo, issue_number: 1, body: 'Me too.' })).status).toBe(201)
  now += 60_000
  await comment()
  await comment()
  const hourly = await comment().catch((reason) => reason)
  expect(hourly).toMatchObject({ status: 403, response: { headers: { 'retry-after': '3537' } } })
})
