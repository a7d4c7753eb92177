import { expect, test } from 'vitest'
import { clientOf, refusalOf, repo, startSetting } from './setting.ts'

const { github, octokit, pull } = await startSetting({
  collaborators: { maria: 'maintain', walt: 'write', tara: 'triage', rita: 'read' },
})
const issue = { ...repo, issue_number: pull.pull_number }

test('comments are made, listed, changed and deleted', async () => {
  const { data } = await octokit.rest.issues.createComment({ ...issue, body: 'Reviewed.' })
  expect(data).toMatchObject({
    body: 'Reviewed.',
    user: { login: 'celery-review[bot]', type: 'Bot' },
    performed_via_github_app: { slug: 'celery-review' },
  })
  const asked = github.comment(pull.pull_number, { author: 'alice', body: '/celery-review' })
  const listed = await octokit.rest.issues.listComments(issue)
  expect(listed.data.map(({ user, body }) => [user?.login, body])).toEqual([
    ['celery-review[bot]', 'Reviewed.'],
    ['alice', '/celery-review'],
  ])
  expect(listed.data[1]).toMatchObject({ performed_via_github_app: null, author_association: 'NONE' })
  await octokit.rest.issues.updateComment({ ...repo, comment_id: data.id, body: 'Reviewed twice.' })
  expect((await octokit.rest.issues.getComment({ ...repo, comment_id: data.id })).data.body).toBe('Reviewed twice.')
  await octokit.rest.issues.deleteComment({ ...repo, comment_id: data.id })
  expect(github.state.issueComments).toEqual([asked])
})

test('comments have a text of at most 65,536 characters', async () => {
  const create = (body: string) => octokit.rest.issues.createComment({ ...issue, body })
  expect((await create('x'.repeat(65_536))).status).toBe(201)
  const data = { resource: 'IssueComment', code: 'unprocessable', field: 'data' }
  expect(await refusalOf(create('x'.repeat(65_537)))).toEqual({
    status: 422,
    message: 'Validation Failed',
    errors: [{ ...data, message: 'Body is too long (maximum is 65536 characters)' }],
  })
  expect(await refusalOf(create('\n'))).toMatchObject({ errors: [{ ...data, message: 'Body cannot be blank' }] })
})

test('nobody but those inside can comment on what is locked', async () => {
  await github.editPull(pull.pull_number, { locked: true })
  const before = github.state.issueComments.length
  expect(await refusalOf(octokit.rest.issues.createComment({ ...issue, body: 'Hello.' }))).toEqual({
    status: 403,
    message: 'Unable to create comment because issue is locked.',
  })
  expect(github.state.issueComments).toHaveLength(before)
  await github.editPull(pull.pull_number, { locked: false })
})

test('reactions are given once, counted, and taken back', async () => {
  const { id } = github.comment(pull.pull_number, { author: 'alice', body: '/celery-review' })
  const comment = { ...repo, comment_id: id }
  const first = await octokit.rest.reactions.createForIssueComment({ ...comment, content: 'eyes' })
  expect(first).toMatchObject({ status: 201, data: { content: 'eyes', user: { login: 'celery-review[bot]' } } })
  const again = await octokit.rest.reactions.createForIssueComment({ ...comment, content: 'eyes' })
  expect(again).toMatchObject({ status: 200, data: { id: first.data.id } })
  await octokit.rest.reactions.createForIssueComment({ ...comment, content: '+1' })
  expect((await octokit.rest.issues.getComment(comment)).data.reactions).toMatchObject({
    total_count: 2,
    eyes: 1,
    '+1': 1,
  })
  await octokit.rest.reactions.deleteForIssueComment({ ...comment, reaction_id: first.data.id })
  expect((await octokit.rest.reactions.listForIssueComment(comment)).data).toMatchObject([{ content: '+1' }])
  const unknown = octokit.rest.reactions.createForIssueComment({ ...comment, content: 'tada' as 'eyes' })
  expect(await refusalOf(unknown)).toMatchObject({ status: 422 })

  const comments = [{ path: 'shop/tasks.py', line: 10, body: 'Here.' }]
  await octokit.rest.pulls.createReview({ ...pull, event: 'COMMENT', comments })
  const reviewComment = { ...repo, comment_id: github.state.reviewComments[0]!.id }
  await octokit.rest.reactions.createForPullRequestReviewComment({ ...reviewComment, content: 'heart' })
  expect((await octokit.rest.pulls.getReviewComment(reviewComment)).data.reactions).toMatchObject({ heart: 1 })
})

test('the permission of people is what the repository grants them', async () => {
  const permission = async (username: string) => {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...repo, username })
    return [data.permission, data.role_name]
  }
  expect(await permission('acme')).toEqual(['admin', 'admin'])
  expect(await permission('maria')).toEqual(['write', 'maintain'])
  expect(await permission('walt')).toEqual(['write', 'write'])
  expect(await permission('tara')).toEqual(['read', 'triage'])
  expect(await permission('rita')).toEqual(['read', 'read'])
  expect(await permission('mallory')).toEqual(['read', 'read'])
  expect(await refusalOf(permission('no such-user!'))).toMatchObject({ status: 404 })
})

test('people act through the API by tokens of their own', async () => {
  const walt = clientOf(github, github.userToken('walt'))
  const { data } = await walt.rest.issues.createComment({ ...issue, body: 'Fine by me.' })
  expect(data).toMatchObject({ user: { login: 'walt', type: 'User' }, author_association: 'COLLABORATOR' })
})
