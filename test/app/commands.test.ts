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
