import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { clientOf, lines, repo, startSetting } from './setting.ts'

const { github, octokit, repository, base, head, pull } = await startSetting()
const number = pull.pull_number

beforeAll(async () => {
  const comments = [10, 30].map((line) => ({ path: 'shop/tasks.py', line, body: `Line ${line}.` }))
  await octokit.rest.pulls.createReview({ ...pull, commit_id: head, event: 'COMMENT', body: 'Two.', comments })
  github.reply(github.state.reviewComments[0]!.id, { author: 'alice', body: 'Why?' })
})

/** The errors of a query that has some. */
async function errorsOf(query: Promise<unknown>): Promise<{ type?: string; message: string }[]> {
  return query.then(
    () => [],
    (error: { errors: { type?: string; message: string }[] }) => error.errors,
  )
}

test('a pull request is read in one query, with variables, fragments and aliases', async () => {
  const query = `
    query Review($owner: String!, $name: String!, $number: Int!, $path: String!) {
      repository(owner: $owner, name: $name) {
        nameWithOwner
        pullRequest(number: $number) {
          number state isDraft headRefOid baseRefOid baseRefName isCrossRepository
          author { login __typename }
          labels(first: 10) { nodes { name } }
          reviews(first: 10) { nodes { state author { login ... on Bot { databaseId } } commit { oid } viewerDidAuthor } }
          reviewThreads(first: 1) {
            nodes {
              isResolved isOutdated path line
              comments(first: 10) { nodes { ...Comment } }
            }
            pageInfo { hasNextPage endCursor }
            totalCount
          }
        }
        before: object(expression: "${base}:shop/tasks.py") { ...Text }
        after: object(expression: $path) { ...Text }
        missing: object(expression: "${head}:nope.py") { ...Text }
      }
    }
    fragment Comment on PullRequestReviewComment {
      databaseId body author { login } viewerDidAuthor isMinimized originalCommit { oid } replyTo { databaseId }
    }
    fragment Text on Blob { text byteSize isBinary isTruncated }`
  const path = `${head}:shop/tasks.py`
  const { repository: answer } = await octokit.graphql<{ repository: unknown }>(query, {
    owner: 'acme',
    name: 'shop',
    number,
    path,
  })
  const first = github.state.reviewComments[0]!.id
  const text = (content: string) => ({ text: content, byteSize: content.length, isBinary: false, isTruncated: false })
  expect(answer).toMatchObject({
    nameWithOwner: 'acme/shop',
    pullRequest: {
      number,
      state: 'OPEN',
      isDraft: false,
      headRefOid: head,
      baseRefOid: base,
      baseRefName: 'main',
      isCrossRepository: false,
      author: { login: 'alice', __typename: 'User' },
      labels: { nodes: [] },
      reviews: {
        nodes: [
          { state: 'COMMENTED', author: { login: 'celery-review' }, commit: { oid: head }, viewerDidAuthor: true },
          { author: { login: 'alice' }, viewerDidAuthor: false },
        ],
      },
      reviewThreads: {
        nodes: [
          {
            isResolved: false,
            isOutdated: false,
            path: 'shop/tasks.py',
            line: 10,
            comments: {
              nodes: [
                {
                  databaseId: first,
                  body: 'Line 10.',
                  viewerDidAuthor: true,
                  originalCommit: { oid: head },
                  replyTo: null,
                },
                { body: 'Why?', author: { login: 'alice' }, viewerDidAuthor: false, replyTo: { databaseId: first } },
              ],
            },
          },
        ],
        pageInfo: { hasNextPage: true },
        totalCount: 2,
      },
    },
    before: text(lines(40)),
    after: text(lines(40, { 10: 'changed 10', 30: 'changed 30' })),
    missing: null,
  })
})

test('connections go on where they stopped', async () => {
  const query = `query ($after: String) { repository(owner: "acme", name: "shop") { pullRequest(number: ${number}) {
    reviewThreads(first: 1, after: $after) { nodes { line } pageInfo { hasNextPage endCursor } } } } }`
  type Threads = { nodes: { line: number }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
  const threads = async (after: string | null) => {
    const answer = await octokit.graphql<{ repository: { pullRequest: { reviewThreads: Threads } } }>(query, { after })
    return answer.repository.pullRequest.reviewThreads
  }
  const first = await threads(null)
  const second = await threads(first.pageInfo.endCursor)
  expect([first.nodes, second.nodes]).toEqual([[{ line: 10 }], [{ line: 30 }]])
  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
})

test('trees and commits are objects too', async () => {
  const query = `{ repository(owner: "acme", name: "shop") {
    tree: object(oid: "${base}") { ... on Commit { tree { entries { name type mode object { oid ... on Blob { byteSize } } } } } }
    directory: object(expression: "main:shop") { ... on Tree { entries { name } } }
    defaultBranchRef { name target { oid } }
  } }`
  const { repository: answer } = await octokit.graphql<{ repository: object }>(query)
  expect(answer).toMatchObject({
    tree: {
      tree: {
        entries: [{ name: 'README.md', type: 'blob', mode: 0o100644, object: { byteSize: 7 } }, { name: 'shop' }],
      },
    },
    directory: { entries: [{ name: 'gone.py' }, { name: 'logo.png' }, { name: 'old_name.py' }, { name: 'tasks.py' }] },
    defaultBranchRef: { name: 'main', target: { oid: base } },
  })
})

describe('text', () => {
  const read = async (expression: string, client = octokit) => {
    const query = `query ($of: String!) { repository(owner: "acme", name: "shop") {
      object(expression: $of) { ... on Blob { text byteSize isBinary isTruncated } } } }`
    const answer = await client.graphql<{ repository: { object: { text: string | null } } }>(query, { of: expression })
    return answer.repository.object
  }

  test('is cut at 512,000 bytes', async () => {
    await repository.commit(
      'Long',
      { 'at.py': 'x'.repeat(512_000), 'over.py': 'x'.repeat(512_001) },
      { branch: 'long' },
    )
    const whole = 'x'.repeat(512_000)
    expect(await read('long:at.py')).toMatchObject({ byteSize: 512_000, isTruncated: false, text: whole })
    expect(await read('long:over.py')).toMatchObject({ byteSize: 512_001, isTruncated: true, text: whole })
  })

  test('is null of what is binary', async () => {
    expect(await read(`${head}:shop/logo.png`)).toEqual({ text: null, byteSize: 6, isBinary: true, isTruncated: false })
  })

  test('fails as a whole when it is too much for one answer', async () => {
    const small = await startSimulator({
      repository: { owner: 'acme', name: 'shop', gitDir: repository.dir },
      limits: { graphqlText: 1000 },
    })
    afterAll(() => small.close())
    const client = clientOf(small, small.installationToken())
    expect(await read(`${base}:README.md`, client)).toMatchObject({ text: '# Shop\n' })
    await repository.commit('Long', { 'long.py': 'x'.repeat(1001) }, { branch: 'longer' })
    await expect(read('longer:long.py', client)).rejects.toMatchObject({ status: 502 })
  })
})

describe('refuses', () => {
  const inRepository = (fields: string) => octokit.graphql(`{ repository(owner: "acme", name: "shop") { ${fields} } }`)
  const threads = (args: string) =>
    inRepository(`pullRequest(number: ${number}) { reviewThreads${args} { totalCount } }`)

  test('connections without a size, or with too large a one', async () => {
    expect(await errorsOf(threads(''))).toMatchObject([{ type: 'MISSING_PAGINATION_BOUNDARIES' }])
    expect(await errorsOf(threads('(first: 101)'))).toMatchObject([{ type: 'EXCESSIVE_PAGINATION' }])
    expect(await errorsOf(threads('(first: 5, after: "x")'))).toMatchObject([{ type: 'INVALID_CURSOR_ARGUMENTS' }])
  })

  test('what is not there, without calling it a refusal', async () => {
    const before = github.rejected
    expect(await errorsOf(inRepository('pullRequest(number: 99) { number }'))).toMatchObject([
      { type: 'NOT_FOUND', message: 'Could not resolve to a PullRequest with the number of 99.' },
    ])
    const other = octokit.graphql('{ repository(owner: "acme", name: "other") { name } }')
    expect(await errorsOf(other)).toMatchObject([{ type: 'NOT_FOUND' }])
    expect(github.rejected).toBe(before)
  })

  test('fields that do not exist and queries that do not parse', async () => {
    const before = github.rejected
    expect(await errorsOf(inRepository('stars'))).toMatchObject([{ message: expect.stringContaining('stars') }])
    expect(await errorsOf(octokit.graphql('{'))).toMatchObject([{ message: expect.stringContaining('Syntax Error') }])
    expect(github.rejected).toBe(before + 2)
  })

  test('those without a token or the permission', async () => {
    const query = `{ repository(owner: "acme", name: "shop") { object(oid: "${head}") { oid } pullRequest(number: 1) { number } } }`
    await expect(clientOf(github, 'nope').graphql(query)).rejects.toMatchObject({ status: 401 })
    const narrow = clientOf(github, github.installationToken({ permissions: { issues: 'read' } }))
    expect(await errorsOf(narrow.graphql(query))).toMatchObject([{ type: 'FORBIDDEN' }, { type: 'FORBIDDEN' }])
  })
})

describe('threads and comments', () => {
  const threadsQuery = `{ repository(owner: "acme", name: "shop") { pullRequest(number: ${number}) { reviewThreads(first: 9) {
    nodes { id isResolved viewerCanResolve viewerCanUnresolve resolvedBy { login } comments(first: 1) { nodes { id isMinimized minimizedReason } } } } } } }`
  interface Thread {
    id: string
    isResolved: boolean
    viewerCanResolve: boolean
    comments: { nodes: { id: string; isMinimized: boolean }[] }
  }
  const threads = async (client = octokit) => {
    type Answer = { repository: { pullRequest: { reviewThreads: { nodes: Thread[] } } } }
    return (await client.graphql<Answer>(threadsQuery)).repository.pullRequest.reviewThreads.nodes
  }
  const resolve = (id: string) =>
    `mutation { resolveReviewThread(input: { threadId: "${id}" }) { thread { isResolved resolvedBy { login } } } }`

  test('are resolved by people, and by an App that may write contents', async () => {
    const [first, second] = await threads()
    expect(first).toMatchObject({ isResolved: false, viewerCanResolve: false })
    expect(await errorsOf(octokit.graphql(resolve(first!.id)))).toMatchObject([
      { type: 'FORBIDDEN', message: 'Resource not accessible by integration' },
    ])
    const alice = clientOf(github, github.userToken('alice'))
    expect((await threads(alice))[0]).toMatchObject({ viewerCanResolve: true })
    expect(await alice.graphql(resolve(first!.id))).toMatchObject({
      resolveReviewThread: { thread: { isResolved: true, resolvedBy: { login: 'alice' } } },
    })
    const mallory = clientOf(github, github.userToken('mallory'))
    expect(await errorsOf(mallory.graphql(resolve(second!.id)))).toMatchObject([{ type: 'FORBIDDEN' }])

    github.setPermissions({ metadata: 'read', contents: 'write', pull_requests: 'write' })
    const allowed = clientOf(github, github.installationToken())
    expect((await threads(allowed))[1]).toMatchObject({ viewerCanResolve: true })
    await allowed.graphql(resolve(second!.id))
    expect((await threads()).map((thread) => thread.isResolved)).toEqual([true, true])
    const reopen = `mutation { unresolveReviewThread(input: { threadId: "${second!.id}" }) { thread { isResolved } } }`
    expect(await allowed.graphql(reopen)).toMatchObject({ unresolveReviewThread: { thread: { isResolved: false } } })
    expect(await errorsOf(allowed.graphql(resolve('PRRT_0')))).toMatchObject([{ type: 'NOT_FOUND' }])
  })

  test('are hidden with a reason, shown again, and deleted', async () => {
    const id = (await threads())[0]!.comments.nodes[0]!.id
    const minimize = `mutation { minimizeComment(input: { subjectId: "${id}", classifier: OFF_TOPIC }) {
      minimizedComment { isMinimized minimizedReason } } }`
    expect(await octokit.graphql(minimize)).toMatchObject({
      minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: 'off-topic' } },
    })
    expect((await threads())[0]!.comments.nodes).toMatchObject([{ isMinimized: true }])
    await octokit.graphql(`mutation { unminimizeComment(input: { subjectId: "${id}" }) { clientMutationId } }`)
    expect((await threads())[0]!.comments.nodes).toMatchObject([{ isMinimized: false }])
    const remove = `mutation { deletePullRequestReviewComment(input: { id: "${id}" }) { clientMutationId } }`
    await octokit.graphql(remove)
    expect((await threads())[0]!.comments.nodes[0]!.id).not.toBe(id)
    expect(await errorsOf(octokit.graphql(remove))).toMatchObject([{ type: 'NOT_FOUND' }])
  })

  test('of the conversation are read and hidden as well', async () => {
    github.comment(number, { author: 'alice', body: 'Please.' })
    const query = `{ repository(owner: "acme", name: "shop") { pullRequest(number: ${number}) {
      comments(last: 1) { nodes { id body author { login } isMinimized } } } } }`
    type Answer = { repository: { pullRequest: { comments: { nodes: { id: string }[] } } } }
    const read = async () => (await octokit.graphql<Answer>(query)).repository.pullRequest.comments.nodes
    const [comment] = await read()
    expect(comment).toMatchObject({ body: 'Please.', author: { login: 'alice' }, isMinimized: false })
    await octokit.graphql(
      `mutation { minimizeComment(input: { subjectId: "${comment!.id}", classifier: RESOLVED }) { clientMutationId } }`,
    )
    expect(await read()).toMatchObject([{ isMinimized: true }])
  })

  test('that lost their lines are outdated', async () => {
    const next = await repository.commit(
      'Go on',
      { 'shop/tasks.py': lines(40, { 10: 'x', 30: 'y' }) },
      { branch: 'feature' },
    )
    await github.pushTo(number, next)
    const query = `{ repository(owner: "acme", name: "shop") { pullRequest(number: ${number}) {
      reviewThreads(first: 9) { nodes { isOutdated line originalLine } } } } }`
    expect(await octokit.graphql(query)).toMatchObject({
      repository: {
        pullRequest: { reviewThreads: { nodes: [{ isOutdated: true, line: null, originalLine: 10 }, { line: null }] } },
      },
    })
    expect((await octokit.rest.pulls.get({ ...repo, pull_number: number })).data.head.sha).toBe(next)
  })
})
