import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { code, findMistakes, settings, startSetting } from './setting.ts'

const base = { 'settings.py': settings, 'shop/tasks.py': code(40) }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const opened = { action: 'opened', number: 1 } as const

test('answers a webhook before the review begins', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const { send, idle, comments } = await startSetting({
    base,
    head,
    app: {
      async analyse(input) {
        await held
        return findMistakes(input)
      },
    },
  })
  await send('pull_request', opened)
  expect(comments()).toEqual([])
  release()
  await idle()
  expect(comments()).toHaveLength(1)
})

test('takes a delivery that is sent again once', async () => {
  const { github, app, idle, comments } = await startSetting({ base, head })
  const webhook = await github.webhook('pull_request', opened)
  for (let time = 0; time < 3; time++) await github.deliver(webhook, `${app.url}/api/github/webhooks`)
  await idle()
  expect(github.state.checkRuns).toHaveLength(1)
  expect(comments()).toHaveLength(1)
})

test('refuses what is not signed with the secret', async () => {
  const { github, app, idle, asked } = await startSetting({ base, head })
  const webhook = await github.webhook('pull_request', opened)
  const url = `${app.url}/api/github/webhooks`
  const headers = { ...webhook.headers, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }
  expect((await fetch(url, { method: 'POST', headers, body: webhook.body })).status).toBe(400)
  const { 'x-hub-signature-256': _, ...unsigned } = webhook.headers
  expect((await fetch(url, { method: 'POST', headers: unsigned, body: webhook.body })).status).toBe(400)
  await idle()
  expect(asked()).toEqual([])
})

test('looks at the signature before it looks into the body', async () => {
  const { github, app, idle, asked } = await startSetting({ base, head })
  const { headers } = await github.webhook('pull_request', opened)
  const post = async (body: string, signature = headers['x-hub-signature-256']!) => {
    const sent = { method: 'POST', headers: { ...headers, 'x-hub-signature-256': signature }, body }
    const answer = await fetch(`${app.url}/api/github/webhooks`, sent)
    return `${answer.status} ${await answer.text()}`
  }
  const sign = (body: string) => `sha256=${createHmac('sha256', github.app.webhookSecret).update(body).digest('hex')}`
  expect(await post('{"no":')).toMatch(/^400 .*signature does not match/)
  expect(await post('{"no":', sign('{"no":'))).toMatch(/^400 (?!.*signature)/)
  await idle()
  expect(asked()).toEqual([])
})

test('breaks off a body that grows longer than any of GitHub’s', async () => {
  const { app } = await startSetting({ base, head })
  const sent = request(`${app.url}/api/github/webhooks`, { method: 'POST' })
  const end = new Promise((resolve) => {
    sent.on('error', resolve).on('response', resolve)
  })
  const piece = Buffer.alloc(1024 * 1024, 'x')
  for (let pieces = 0; pieces < 26 && !sent.destroyed; pieces++) sent.write(piece)
  expect(await end).toBeInstanceOf(Error)
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200)
})

test('refuses a body longer than any of GitHub’s before it is sent', async () => {
  const { app } = await startSetting({ base, head })
  const status = await new Promise((resolve, reject) => {
    const headers = { 'content-length': 26 * 1024 * 1024 }
    const sent = request(`${app.url}/api/github/webhooks`, { method: 'POST', headers }, ({ statusCode }) => {
      resolve(statusCode)
      sent.destroy()
    })
    sent.on('error', reject).flushHeaders()
  })
  expect(status).toBe(413)
})

test('says whether it is alive, and knows no other page', async () => {
  const { app } = await startSetting({ base, head })
  const get = async (path: string) => (await fetch(app.url + path)).status
  expect([await get('/healthz'), await get('/readyz'), await get('/probot'), await get('/')]).toEqual([
    200, 200, 404, 404,
  ])
})

test('stops by finishing the reviews that are under way, those that wait among them', async () => {
  const { github, app, send, repository, check } = await startSetting({ base, head })
  await send('pull_request', opened)
  const sha = await repository.commit('More', { 'shop/more.py': 'mistake_two\n' }, { branch: 'feature' })
  await github.pushTo(1, sha)
  await send('pull_request', { action: 'synchronize', number: 1 })
  await app.stop()
  expect(github.state.reviews.at(-1)).toMatchObject({ commit_id: sha })
  expect(check(sha)).toMatchObject({ status: 'completed' })
  await expect(fetch(`${app.url}/healthz`)).rejects.toThrow()
})

test('tells GitHub that a delivery was not stored, and nothing else', async () => {
  const { github, app } = await startSetting({
    base,
    head,
    app: {
      makeQueue: () => ({
        accept: () => Promise.reject(new Error('disk /var/lib/secret is full')),
        isBusyWith: async () => false,
        start() {},
        stop: async () => ({ left: 0 }),
      }),
    },
  })
  const { headers, body } = await github.webhook('pull_request', opened)
  const answer = await fetch(`${app.url}/api/github/webhooks`, { method: 'POST', headers, body })
  expect(answer.status).toBe(500)
  const text = await answer.text()
  expect(text).toContain('was not stored')
  expect(text).not.toContain('secret')
  expect(await (await fetch(`${app.url}/healthz`)).status).toBe(200)
})
