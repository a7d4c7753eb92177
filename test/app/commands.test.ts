import { describe, expect, test } from 'vitest'
import { code, type Setting, settings, startSetting } from './setting.ts'

const base = { 'settings.py': settings, 'shop/tasks.py': code(40) }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const simulator = { collaborators: { bob: 'write', carol: 'triage' } } as const

async function say({ github, send, idle }: Setting, author: string, body: string): Promise<number> {
  const { id } = github.comment(1, { author, body })
  await send('issue_comment', { action: 'created', comment: id })
  await idle()
  return id
}

const facesOf = ({ github }: Setting, comment: number) =>
  github.state.reactions.filter(({ subject_id }) => subject_id === comment).map(({ content }) => content)

const repliesOf = ({ github }: Setting) =>
  github.state.issueComments.filter(({ user }) => user === 'celery-review[bot]').map(({ body }) => body)

test.each([
  ['alice', 'the author'],
  ['bob', 'somebody with write access'],
  ['acme', 'the owner'],
])('a review is done for %s, %s', async (author) => {
  const setting = await startSetting({ base, head, simulator })
  const comment = await say(setting, author, 'Please:\n\n/celery-review')
  expect(setting.comments()).toHaveLength(1)
  expect(facesOf(setting, comment)).toEqual(['+1'])
  expect(repliesOf(setting)).toEqual([])
  expect(setting.github.refused).toEqual([])
})

test('shows an eye while it works', async () => {
  const faces: string[][] = []
  const setting: Setting = await startSetting({ base, head })
  setting.github.before({ method: 'POST', path: /\/reviews$/ }, () => {
    faces.push(setting.github.state.reactions.map(({ content }) => content))
  })
  await say(setting, 'alice', '/celery-review')
  expect(faces).toEqual([['eyes']])
})

test('reviews a draft when somebody asks for it', async () => {
  const setting = await startSetting({ base, head, pull: { draft: true } })
  await say(setting, 'alice', '/celery-review')
  expect(setting.comments()).toHaveLength(1)
})

test.each(['mallory', 'carol'])('refuses %s, who can only read, and says why', async (author) => {
  const setting = await startSetting({ base, head, simulator })
  const comment = await say(setting, author, '/celery-review')
  expect(setting.comments()).toEqual([])
  expect(facesOf(setting, comment)).toEqual(['confused'])
  expect(repliesOf(setting)).toEqual([expect.stringMatching(/^Only the author .*\.$/m)])
})

test('says what it knows when it does not understand, or is asked for help', async () => {
  const setting = await startSetting({ base, head })
  const unknown = await say(setting, 'alice', '/celery-review dance')
  const help = await say(setting, 'alice', '/celery-review help')
  expect([facesOf(setting, unknown), facesOf(setting, help)]).toEqual([['confused'], ['+1']])
  expect(repliesOf(setting)).toEqual(Array(2).fill(expect.stringContaining('`/celery-review help`')))
  expect(setting.comments()).toEqual([])
})

describe('asks GitHub for nothing because of', () => {
  test.each([
    ['prose', 'the /celery-review command is nice'],
    ['code', '```\n/celery-review\n```'],
    ['a quotation', '> /celery-review'],
    ['something else', 'Looks good to me'],
  ])('%s', async (_, body) => {
    const setting = await startSetting({ base, head })
    await say(setting, 'alice', body)
    expect(setting.asked()).toEqual([])
  })

  test('a bot', async () => {
    const setting = await startSetting({ base, head })
    await say(setting, 'celery-review[bot]', '/celery-review')
    expect(setting.asked()).toEqual([])
  })

  test('a closed pull request', async () => {
    const setting = await startSetting({ base, head })
    await setting.github.editPull(1, { state: 'closed' })
    await say(setting, 'alice', '/celery-review')
    expect(setting.asked()).toEqual([])
  })

  test('an edited comment', async () => {
    const { github, send, idle, asked } = await startSetting({ base, head })
    const { id } = github.comment(1, { author: 'alice', body: '/celery-review' })
    await send('issue_comment', { action: 'edited', comment: id })
    await idle()
    expect(asked()).toEqual([])
  })
})

test('a push while a command waits costs the command nothing', async () => {
  const setting = await startSetting({ base, head })
  const { github, send, idle, repository } = setting
  const sha = await repository.commit('More', { 'shop/more.py': 'mistake_two\n' }, { branch: 'feature' })
  github.before({ method: 'GET', path: /\/compare\// }, async () => {
    await github.pushTo(1, sha)
    await send('pull_request', { action: 'synchronize', number: 1 })
  })
  const comment = await say(setting, 'alice', '/celery-review')
  await idle()
  expect(setting.comments()).toHaveLength(2)
  expect(github.state.reviews).toMatchObject([{ commit_id: sha }])
  expect(facesOf(setting, comment)).toEqual(['+1'])
})

/** Says something in the thread of a comment of ours. */
async function answerIn({ github, send, idle }: Setting, comment: number, author: string, body: string) {
  const { id } = github.reply(comment, { author, body })
  await send('pull_request_review_comment', { action: 'created', comment: id })
  await idle()
  return id
}

async function startReviewed(lines: Record<number, string>, more = {}): Promise<Setting> {
  const setting = await startSetting({ base, head: { 'shop/tasks.py': code(40, lines) }, simulator, ...more })
  await setting.send('pull_request', { action: 'opened', number: 1 })
  await setting.idle()
  return setting
}

async function push({ repository, github, send, idle }: Setting, lines: Record<number, string>): Promise<string> {
  const sha = await repository.commit('Push', { 'shop/tasks.py': code(40, lines) }, { branch: 'feature' })
  await github.pushTo(1, sha)
  await send('pull_request', { action: 'synchronize', number: 1 })
  await idle()
  return sha
}

test('"ignore" in a thread mutes that finding there, also after the next push, and passes the check', async () => {
  const setting = await startReviewed({ 20: 'mistake_one', 30: 'mistake_two' })
  const { github } = setting
  const said = await answerIn(setting, github.state.reviewComments[0]!.id, 'bob', '/celery-review ignore\n\nThanks')
  expect(facesOf(setting, said)).toEqual(['+1'])
  expect(setting.check(github.state.pulls[0]!.head.sha)).toMatchObject({ title: '1 error, 1 muted' })
  const sha = await push(setting, { 20: 'mistake_one', 25: 'mistake_three' })
  const { title, summary } = setting.check(sha)
  expect(title).toBe('1 error, 1 muted')
  expect(summary).toContain('muted by `bob`')
  expect(setting.comments().map(({ body }) => /mistake_\w+/.exec(body)?.[0])).toEqual([
    'mistake_one',
    undefined,
    'mistake_three',
  ])
})

test('"ignore" on the pull request mutes the rule, with its reason', async () => {
  const setting = await startReviewed({ 20: 'mistake_one' })
  await say(setting, 'bob', '/celery-review ignore result-get-in-task we run on @gevent')
  const sha = await push(setting, { 20: 'mistake_one', 25: 'mistake_two', 30: 'mistake_eta' })
  expect(setting.comments()).toHaveLength(2)
  expect(setting.check(sha)).toMatchObject({ title: '1 error, 2 muted' })
  expect(setting.check(sha).summary).toContain('muted by `bob`: we run on @\u200bgevent')
})

test('"unignore" takes back what was muted, and says what stayed muted meanwhile', async () => {
  const setting = await startReviewed({ 20: 'mistake_one' })
  await say(setting, 'bob', '/celery-review ignore result-get-in-task')
  const sha = await push(setting, { 20: 'mistake_one', 25: 'mistake_two', 30: 'mistake_eta' })
  expect(setting.check(sha)).toMatchObject({ title: '1 error, 2 muted' })
  const said = await say(setting, 'bob', '/celery-review unignore result-get-in-task')
  expect(facesOf(setting, said)).toEqual(['+1'])
  expect(setting.check(sha)).toMatchObject({ title: '3 errors' })
  expect(setting.comments().map(({ body }) => /mistake_\w+/.exec(body)?.[0])).toEqual([
    'mistake_one',
    'mistake_eta',
    'mistake_two',
  ])
})

test('"unignore" in a thread takes back what was muted there, and names what is muted elsewhere', async () => {
  const setting = await startReviewed({ 20: 'mistake_one', 30: 'mistake_two' })
  const { github } = setting
  const comment = github.state.reviewComments[0]!.id
  const { sha } = github.state.pulls[0]!.head
  await answerIn(setting, comment, 'bob', '/celery-review ignore')
  expect(setting.check(sha)).toMatchObject({ title: '1 error, 1 muted' })
  await answerIn(setting, comment, 'bob', '/celery-review unignore')
  expect(setting.check(sha)).toMatchObject({ title: '2 errors' })
  await say(setting, 'bob', '/celery-review ignore result-get-in-task')
  const said = await answerIn(setting, comment, 'bob', '/celery-review unignore')
  expect(facesOf(setting, said)).toEqual(['+1'])
  expect(setting.check(sha)).toMatchObject({ title: '2 muted' })
  expect(github.state.reviewComments.at(-1)).toMatchObject({
    in_reply_to_id: comment,
    body: expect.stringContaining('is still muted on this pull request'),
  })
})

test('"ignore" takes a rule that there is, and in a thread the one that it is about', async () => {
  const setting = await startReviewed({ 20: 'mistake_one' })
  const comment = setting.github.state.reviewComments[0]!.id
  const wrong = await say(setting, 'bob', '/celery-review ignore result-get-in-tasks')
  const none = await say(setting, 'bob', '/celery-review ignore')
  const other = await answerIn(setting, comment, 'bob', '/celery-review ignore naive-eta')
  expect([wrong, none, other].map((id) => facesOf(setting, id))).toEqual(Array(3).fill(['confused']))
  expect(repliesOf(setting)).toEqual([
    expect.stringContaining('did you mean `result-get-in-task`?'),
    expect.stringContaining('Which rule?'),
  ])
  expect(setting.github.state.reviewComments.at(-1)).toMatchObject({
    in_reply_to_id: comment,
    body: expect.stringContaining('This thread is about `result-get-in-task`.'),
  })
})

test('"ignore", "unignore" and "pause" take write access, also from the author', async () => {
  const setting = await startReviewed({ 20: 'mistake_one' })
  const ids = [
    await say(setting, 'alice', '/celery-review ignore result-get-in-task'),
    await say(setting, 'alice', '/celery-review unignore result-get-in-task'),
    await say(setting, 'alice', '/celery-review pause'),
  ]
  expect(ids.map((id) => facesOf(setting, id))).toEqual(Array(3).fill(['confused']))
  expect(await push(setting, { 20: 'mistake_one', 21: 'mistake_two' }).then(setting.check)).toMatchObject({
    title: '2 errors',
  })
})

test('"pause" keeps quiet until "resume", but for who asks', async () => {
  const setting = await startReviewed({ 20: 'mistake_one' })
  await say(setting, 'bob', '/celery-review pause')
  const sha = await push(setting, { 20: 'mistake_one', 25: 'mistake_two' })
  expect(setting.check(sha)).toMatchObject({ conclusion: 'neutral', title: 'Not reviewed: paused' })
  expect(setting.comments()).toHaveLength(1)
  await say(setting, 'alice', '/celery-review')
  expect(setting.comments()).toHaveLength(2)
  await push(setting, { 20: 'mistake_one', 25: 'mistake_two', 30: 'mistake_three' })
  expect(setting.comments()).toHaveLength(2)
  await say(setting, 'bob', '/celery-review resume')
  expect(setting.comments()).toHaveLength(3)
})

test('"full" says also what was there before in the changed files, and a push does not take it away', async () => {
  const old = { 'settings.py': settings, 'shop/tasks.py': code(40, { 18: 'mistake_old' }) }
  const setting = await startReviewed({ 18: 'mistake_old', 20: 'mistake_one' }, { base: old })
  expect(setting.comments()).toHaveLength(1)
  await say(setting, 'alice', '/celery-review full')
  expect(setting.comments().map(({ line }) => line)).toEqual([20, 18])
  await push(setting, { 18: 'mistake_old', 20: 'mistake_one', 21: 'x = 21' })
  expect(setting.comments().map(({ line }) => line)).toEqual([20, 18])
})

test('"explain" and "config" answer where they were asked', async () => {
  const setting = await startReviewed({ 20: 'mistake_one' })
  const comment = setting.github.state.reviewComments[0]!.id
  await answerIn(setting, comment, 'alice', '/celery-review explain')
  expect(setting.github.state.reviewComments.at(-1)!.body).toMatch(
    /^\*\*`result-get-in-task`\*\* \(error\): A task waits for another one\. \[Why this hurts, and what to do\]\(https:\/\/example/,
  )
  await say(setting, 'bob', '/celery-review ignore naive-eta we think `so`')
  await say(setting, 'alice', '/celery-review config')
  expect(repliesOf(setting)[0]).toMatch(
    /^The defaults apply here, since there is no .*\n\n```yaml\n(.|\n)*drafts: false/,
  )
  expect(repliesOf(setting)[0]).toContain('`naive-eta` is muted on this pull request by `bob`: we think `so`')
})

test('an answer that was stored though GitHub said otherwise is not given twice', async () => {
  const setting = await startSetting({ base, head })
  const { github, idle, wait } = setting
  github.failNext({ method: 'POST', path: /\/issues\/1\/comments$/, status: 502, afterCommit: true })
  await say(setting, 'alice', '/celery-review help')
  expect(repliesOf(setting)).toHaveLength(1)
  github.failNext({ method: 'POST', path: /\/issues\/1\/comments$/, drop: true, afterCommit: true })
  github.failNext({ method: 'GET', path: /\/issues\/1\/comments/, status: 502 })
  const comment = await say(setting, 'alice', '/celery-review explain naive-eta')
  wait()
  await idle()
  expect(repliesOf(setting)).toHaveLength(2)
  expect(facesOf(setting, comment)).toEqual(['+1'])
})

test('an answer is not given twice when the command comes again', async () => {
  const setting = await startSetting({ base, head })
  const comment = await say(setting, 'alice', '/celery-review help')
  await setting.send('issue_comment', { action: 'created', comment })
  await setting.idle()
  expect(repliesOf(setting)).toHaveLength(1)
  expect(facesOf(setting, comment)).toEqual(['+1'])
})

test('what we say gives no command, whoever passes it on', async () => {
  const setting = await startSetting({ base, head, simulator })
  await say(setting, 'alice', '/celery-review help')
  const before = setting.asked().length
  for (const reply of repliesOf(setting)) {
    await say(setting, 'bob', reply)
    await say(setting, 'bob', `/celery-review\n\n${reply}`)
  }
  expect(setting.asked()).toHaveLength(before)
})

test('does without faces where the App may not write to issues', async () => {
  const permissions = {
    metadata: 'read',
    contents: 'read',
    pull_requests: 'write',
    checks: 'write',
    issues: 'read',
  } as const
  const setting = await startSetting({ base, head, simulator: { permissions } })
  await say(setting, 'alice', '/celery-review')
  expect(setting.comments()).toHaveLength(1)
})
