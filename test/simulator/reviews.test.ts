import { beforeEach, describe, expect, test } from 'vitest'
import { clientOf, refusalOf, repo, startSetting } from './setting.ts'

const { github, octokit, base, head, pull } = await startSetting()
const comment = { path: 'shop/tasks.py', body: 'Look here.' }

function review(changes: object = {}) {
  const comments = [{ ...comment, line: 10 }]
  return octokit.rest.pulls.createReview({
    ...pull,
    commit_id: head,
    event: 'COMMENT',
    body: 'Two things.',
    comments,
    ...changes,
  })
}

beforeEach(() => {
  for (const records of [github.state.reviews, github.state.reviewComments]) records.length = 0
})

/** Nothing of a review that was refused is kept. */
async function expectRefused(request: Promise<unknown>, ...errors: string[]) {
  const before = github.rejected
  expect(await refusalOf(request)).toEqual({ status: 422, message: 'Unprocessable Entity', errors })
  expect(github.state.reviews).toEqual([])
  expect(github.state.reviewComments).toEqual([])
  expect(github.rejected).toBe(before + 1)
  expect(github.refused.at(-1)).toMatchObject({ method: 'POST', status: 422, errors })
}

test('keeps a review with its comments and shows both', async () => {
  const comments = [
    { ...comment, line: 10 },
    { ...comment, start_line: 7, line: 9, side: 'RIGHT', start_side: 'RIGHT' },
    { ...comment, path: 'shop/gone.py', line: 5, side: 'LEFT' },
    { ...comment, start_line: 10, start_side: 'LEFT', line: 10, side: 'RIGHT' },
  ]
  const { data } = await review({ comments })
  expect(data).toMatchObject({
    state: 'COMMENTED',
    body: 'Two things.',
    commit_id: head,
    user: { login: 'celery-review[bot]', type: 'Bot' },
  })
  const { data: stored } = await octokit.rest.pulls.listReviewComments(pull)
  expect(stored).toMatchObject([
    { line: 10, start_line: null, side: 'RIGHT', position: 5, subject_type: 'line', original_commit_id: head },
    { line: 9, start_line: 7, start_side: 'RIGHT', original_line: 9 },
    { path: 'shop/gone.py', line: 5, side: 'LEFT' },
    { line: 10, start_line: 10, start_side: 'LEFT' },
  ])
  expect(stored[0]?.diff_hunk).toBe('@@ -7,7 +7,7 @@ line 6\n line 7\n line 8\n line 9\n-line 10\n+changed 10')
  expect(stored.every((one) => one.pull_request_review_id === data.id)).toBe(true)
  const listed = await octokit.rest.pulls.listReviews(pull)
  expect(listed.data.map(({ id }) => id)).toEqual([data.id])
  const own = await octokit.rest.pulls.listCommentsForReview({ ...pull, review_id: data.id })
  expect(own.data).toHaveLength(4)
  expect((await octokit.rest.pulls.getReview({ ...pull, review_id: data.id })).data.id).toBe(data.id)
})

test('takes a review without comments, and one without text', async () => {
  await review({ comments: [] })
  await review({ body: '' })
  expect(github.state.reviews).toHaveLength(2)
})

describe('refuses the whole review for one comment', () => {
  const good = { ...comment, line: 10 }
  const refused: [string, object, string][] = [
    ['above the hunk', { line: 6 }, 'Line could not be resolved'],
    ['below the hunk', { line: 14 }, 'Line could not be resolved'],
    ['past the end of the file', { line: 41 }, 'Line could not be resolved'],
    ['on line 0', { line: 0 }, 'Line could not be resolved'],
    ['on the right of a deleted file', { path: 'shop/gone.py', line: 1 }, 'Line could not be resolved'],
    ['on the left of an added file', { path: 'shop/added.py', line: 1, side: 'LEFT' }, 'Line could not be resolved'],
    ['on a file without lines to show', { path: 'shop/new_name.py', line: 1 }, 'Line could not be resolved'],
    ['on a binary file', { path: 'shop/logo.png', line: 1 }, 'Line could not be resolved'],
    ['on a file that does not change', { path: 'README.md', line: 1 }, 'Path could not be resolved'],
    [
      'on the old name of a renamed file',
      { path: 'shop/old_name.py', line: 1, side: 'LEFT' },
      'Path could not be resolved',
    ],
    [
      'that starts where it ends',
      { start_line: 10, line: 10 },
      'Pull request review thread start line must precede the end line.',
    ],
    [
      'that starts after its end',
      { start_line: 11, line: 10 },
      'Pull request review thread start line must precede the end line.',
    ],
    [
      'that starts below its end on the other side',
      { start_line: 13, start_side: 'LEFT', line: 8, side: 'RIGHT' },
      'Pull request review thread start line must precede the end line.',
    ],
    [
      'that starts in another hunk',
      { start_line: 10, line: 30 },
      'Pull request review thread start line must be part of the same hunk as the line.',
    ],
    [
      'that starts outside the diff',
      { start_line: 6, line: 10 },
      'Pull request review thread start line must be part of the same hunk as the line.',
    ],
    ['without text', { line: 10, body: ' ' }, "Body can't be blank"],
    ['with too much text', { line: 10, body: 'x'.repeat(65_537) }, 'Body is too long (maximum is 65536 characters)'],
  ]
  test.each(refused)('%s', async (_, bad, error) => {
    await expectRefused(review({ comments: [good, { ...comment, ...bad }] }), error)
  })
})

test('counts characters, not UTF-16 units', async () => {
  await expectRefused(review({ body: '🥬'.repeat(65_537) }), 'Body is too long (maximum is 65536 characters)')
  await review({ body: '🥬'.repeat(65_536) })
})

test('refuses a review of a commit that is not one of the pull request', async () => {
  await expectRefused(review({ commit_id: base }), 'The commitOID is not part of the pull request')
  await expectRefused(review({ commit_id: '0'.repeat(40) }), 'The commitOID is not part of the pull request')
})

test('refuses a review that says nothing', async () => {
  await expectRefused(review({ body: '', comments: [] }), "Body can't be blank")
  await expectRefused(review({ body: '', event: 'REQUEST_CHANGES' }), "Body can't be blank")
})

describe('refuses what the endpoint does not take', () => {
  const invalid: [object, string][] = [
    [{ commit_id: null }, "For 'properties/commit_id', nil is not a string."],
    [{ event: 'BLOCK' }, '"BLOCK" is not a member of ["APPROVE","REQUEST_CHANGES","COMMENT"].'],
    [{ comments: [{ ...comment }] }, '"comments/0/line" wasn\'t supplied.'],
    [{ comments: [{ ...comment, line: '10' }] }, 'For \'properties/comments/0/line\', "10" is not a number.'],
    [{ comments: [{ ...comment, line: 10, subject_type: 'file' }] }, '"subject_type" is not a permitted key.'],
  ]
  test.each(invalid)('%j', async (changes, detail) => {
    expect(await refusalOf(review(changes))).toEqual({ status: 422, message: `Invalid request.\n\n${detail}` })
  })
})

describe('a pending review', () => {
  test('is left by a review without an event, and blocks every other of the same author', async () => {
    const { data } = await review({ event: undefined })
    expect(data.state).toBe('PENDING')
    const error = 'User can only have one pending review per pull request'
    expect(await refusalOf(review())).toMatchObject({ status: 422, errors: [error] })
    const alice = clientOf(github, github.userToken('bob'))
    await alice.rest.pulls.createReview({ ...pull, event: 'COMMENT', body: 'Mine is fine.' })

    const seen = async (client: typeof octokit) => (await client.rest.pulls.listReviews(pull)).data.map(({ id }) => id)
    expect(await seen(octokit)).toContain(data.id)
    expect(await seen(alice)).not.toContain(data.id)
    expect((await octokit.rest.pulls.listReviewComments(pull)).data).toEqual([])

    await octokit.rest.pulls.deletePendingReview({ ...pull, review_id: data.id })
    expect((await review()).data.state).toBe('COMMENTED')
    expect(github.state.reviewComments).toHaveLength(1)
  })

  test('is the only kind that can be deleted, and by its author only', async () => {
    const { data } = await review()
    expect(await refusalOf(octokit.rest.pulls.deletePendingReview({ ...pull, review_id: data.id }))).toMatchObject({
      status: 422,
      errors: ['Can not delete a non-pending pull request review'],
    })
    const bob = clientOf(github, github.userToken('bob'))
    const pending = await bob.rest.pulls.createReview({ ...pull, body: 'Not yet.' })
    const deletion = octokit.rest.pulls.deletePendingReview({ ...pull, review_id: pending.data.id })
    expect(await refusalOf(deletion)).toMatchObject({ status: 404 })
  })
})

test('refuses authors who judge their own work', async () => {
  const alice = clientOf(github, github.userToken('alice'))
  const own = (event: 'APPROVE' | 'REQUEST_CHANGES') => alice.rest.pulls.createReview({ ...pull, event, body: 'Fine.' })
  expect(await refusalOf(own('APPROVE'))).toMatchObject({ errors: ['Can not approve your own pull request'] })
  expect(await refusalOf(own('REQUEST_CHANGES'))).toMatchObject({
    errors: ['Can not request changes on your own pull request'],
  })
})

test('refuses reviews of a locked conversation', async () => {
  await github.editPull(pull.pull_number, { locked: true })
  expect(await refusalOf(review())).toEqual({
    status: 403,
    message: 'Unable to create comment because issue is locked.',
  })
  await github.editPull(pull.pull_number, { locked: false })
})

describe('single comments', () => {
  const single = (place: object) =>
    octokit.rest.pulls.createReviewComment({ ...pull, ...comment, commit_id: head, ...place } as never)

  test('stand on lines or on a whole file, each with a review of its own', async () => {
    const { data } = await single({ line: 10 })
    expect(data).toMatchObject({ line: 10, side: 'RIGHT', subject_type: 'line', body: 'Look here.' })
    const file = await single({ subject_type: 'file', path: 'shop/logo.png' })
    expect(file.data).toMatchObject({ line: null, subject_type: 'file' })
    expect(github.state.reviews).toMatchObject([{ state: 'COMMENTED', body: '' }, { state: 'COMMENTED' }])
  })

  test('are refused where none may stand', async () => {
    const error = (field: string, message: string) => ({
      status: 422,
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequestReviewComment', code: 'custom', field, message: `${field} ${message}` }],
    })
    const thread = 'pull_request_review_thread'
    expect(await refusalOf(single({ line: 20 }))).toEqual(error(`${thread}.line`, 'must be part of the diff'))
    expect(await refusalOf(single({ line: 1, path: 'README.md' }))).toEqual(error(`${thread}.path`, 'is invalid'))
    expect(await refusalOf(single({ subject_type: 'file', path: 'README.md' }))).toEqual(
      error(`${thread}.path`, 'is invalid'),
    )
    expect(await refusalOf(single({ start_line: 10, line: 30 }))).toEqual(
      error(`${thread}.start_line`, 'must be part of the same hunk as the line.'),
    )
    expect(await refusalOf(single({ line: 10, commit_id: base }))).toEqual(
      error('end_commit_oid', 'is not part of the pull request'),
    )
    expect(await refusalOf(single({ line: 10, body: 'x'.repeat(65_537) }))).toMatchObject({
      errors: [{ message: 'Body is too long (maximum is 65536 characters)' }],
    })
    expect(github.state.reviewComments).toEqual([])
  })

  test('are answered, changed and deleted', async () => {
    const { data: root } = await single({ line: 10 })
    const { data: answer } = await octokit.rest.pulls.createReplyForReviewComment({
      ...pull,
      comment_id: root.id,
      body: 'Done.',
    })
    expect(answer).toMatchObject({ in_reply_to_id: root.id, line: 10, path: 'shop/tasks.py', body: 'Done.' })
    const again = octokit.rest.pulls.createReplyForReviewComment({ ...pull, comment_id: answer.id, body: 'Again.' })
    expect(await refusalOf(again)).toMatchObject({ status: 404 })
    const named = { ...repo, comment_id: root.id }
    await octokit.rest.pulls.updateReviewComment({ ...named, body: 'Look there.' })
    expect((await octokit.rest.pulls.getReviewComment(named)).data.body).toBe('Look there.')
    expect((await octokit.rest.pulls.deleteReviewComment(named)).status).toBe(204)
    expect(await refusalOf(octokit.rest.pulls.getReviewComment(named))).toMatchObject({ status: 404 })
    expect(github.reply(answer.id, { author: 'alice', body: 'Thanks.' }).user).toBe('alice')
  })
})
