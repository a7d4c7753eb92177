import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { WebhookDefinition } from '@octokit/webhooks-examples'
import { Probot } from 'probot'
import { afterAll, describe, expect, test } from 'vitest'
import type { WebhookEvents, WebhookName } from '../../src/simulator/simulator.ts'
import { appToken, clientOf, repo, startSetting } from './setting.ts'

const { github, octokit, head, base, pull } = await startSetting()
const number = pull.pull_number
const examples: WebhookDefinition[] = createRequire(import.meta.url)('@octokit/webhooks-examples')

await octokit.rest.pulls.createReview({
  ...pull,
  event: 'COMMENT',
  comments: [{ path: 'shop/tasks.py', line: 10, body: 'x' }],
})
const run = await octokit.rest.checks.create({ ...repo, name: 'celery-review', head_sha: head })
const comment = github.comment(number, { author: 'alice', body: '/celery-review' })
const reviewComment = github.state.reviewComments[0]!.id

const events: { [Name in WebhookName]: WebhookEvents[Name] } = {
  pull_request: { action: 'opened', number },
  issue_comment: { action: 'created', comment: comment.id },
  pull_request_review_comment: { action: 'created', comment: reviewComment },
  pull_request_review_thread: { action: 'resolved', comment: reviewComment },
  check_run: { action: 'rerequested', id: run.data.id },
  check_suite: { action: 'rerequested', head_sha: head },
  merge_group: { action: 'checks_requested', head_sha: head },
  installation: { action: 'suspend' },
  installation_repositories: { action: 'added' },
}

describe.each(Object.entries(events) as [WebhookName, WebhookEvents[WebhookName]][])('%s', (name, event) => {
  test('is signed over the body that is sent', async () => {
    const webhook = await github.webhook(name, event)
    const digest = createHmac('sha256', github.app.webhookSecret).update(webhook.body).digest('hex')
    expect(webhook.headers).toMatchObject({
      'x-hub-signature-256': `sha256=${digest}`,
      'x-github-event': name,
      'x-github-delivery': webhook.id,
    })
    expect(JSON.parse(webhook.body)).toEqual(JSON.parse(JSON.stringify(webhook.payload)))
    expect(webhook.id).not.toBe((await github.webhook(name, event)).id)
  })

  /** GitHub adds fields over time; what the collected examples have in common is what every payload has. */
  test("has the fields that all of GitHub's examples have", async () => {
    const { payload } = await github.webhook(name, event)
    const collected = examples.find((one) => one.name === name)!.examples as unknown as { action: string }[]
    const alike = collected.filter((example) => example.action === event.action)
    const missing = commonPaths(alike).filter((path) => !hasPath(payload, path) && !dependsOnTheInstallation.test(path))
    expect(missing).toEqual([])
  })
})

/** Which permissions there are, and whether an organisation owns the repository. */
const dependsOnTheInstallation = /^installation\.permissions\.|^organization/

/** The paths of all fields that every one of the values has, as far down as objects go. */
function commonPaths(values: readonly unknown[], depth = 3): string[] {
  const [first, ...others] = values.filter((value) => typeof value === 'object' && value !== null) as Record<
    string,
    unknown
  >[]
  if (!first || others.length < values.length - 1 || Array.isArray(first)) return []
  return Object.keys(first)
    .filter((key) => others.every((other) => key in other))
    .flatMap((key) => {
      const inner =
        depth > 1
          ? commonPaths(
              [first, ...others].map((value) => value[key]),
              depth - 1,
            )
          : []
      return [key, ...inner.map((path) => `${key}.${path}`)]
    })
}

function hasPath(value: unknown, path: string): boolean {
  return path.split('.').reduce<{ at: unknown; has: boolean }>(
    ({ at, has }, key) => {
      const isThere = has && typeof at === 'object' && at !== null && key in at
      return { at: isThere ? (at as Record<string, unknown>)[key] : undefined, has: isThere || at === null }
    },
    { at: value, has: true },
  ).has
}

test('a push says what the head was before', async () => {
  const { payload } = await github.webhook('pull_request', {
    action: 'synchronize',
    number,
    before: base,
    sender: 'walt',
  })
  expect(payload).toMatchObject({
    action: 'synchronize',
    before: base,
    after: head,
    pull_request: { head: { sha: head } },
    repository: { full_name: 'acme/shop' },
    installation: { id: 1 },
    sender: { login: 'walt' },
  })
})

test('a comment comes with the pull request as an issue', async () => {
  const { payload } = await github.webhook('issue_comment', events.issue_comment)
  expect(payload).toMatchObject({
    issue: { number, pull_request: { url: `${github.url}/repos/acme/shop/pulls/${number}` } },
    comment: { id: comment.id, body: '/celery-review', user: { login: 'alice', type: 'User' } },
    sender: { login: 'alice' },
  })
})

test('Probot accepts them', async () => {
  const heard: string[] = []
  const probot = new Probot({
    appId: 1,
    privateKey: github.app.privateKey,
    secret: github.app.webhookSecret,
    logLevel: 'fatal',
  })
  await probot.load((app) => {
    app.on('pull_request.opened', ({ payload }) => void heard.push(payload.pull_request.head.sha))
    app.on('issue_comment.created', ({ payload }) => void heard.push(payload.comment.body))
  })
  for (const name of ['pull_request', 'issue_comment'] as const) {
    const { id, body, headers } = await github.webhook(name, events[name] as never)
    await probot.webhooks.verifyAndReceive({ id, name, payload: body, signature: headers['x-hub-signature-256']! })
  }
  expect(heard).toEqual([head, '/celery-review'])
})

test('deliveries are remembered and can be asked for again', async () => {
  const received: string[] = []
  let status = 500
  const receiver = createServer((request, response) => {
    received.push(String(request.headers['x-github-delivery']))
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  afterAll(() => receiver.close())
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/api/github/webhooks`

  const webhook = await github.webhook('pull_request', { action: 'opened', number })
  const failed = await github.deliver(webhook, url)
  status = 200
  const app = clientOf(github, appToken(github))
  await app.rest.apps.redeliverWebhookDelivery({ delivery_id: failed.id })
  expect(received).toEqual([webhook.id, webhook.id])
  const { data } = await app.rest.apps.listWebhookDeliveries()
  expect(data).toMatchObject([
    { guid: webhook.id, redelivery: true, status: 'OK', status_code: 200 },
    { guid: webhook.id, redelivery: false, status_code: 500, event: 'pull_request', action: 'opened' },
  ])
  expect(await github.deliver(webhook, 'http://127.0.0.1:1/')).toMatchObject({ status_code: 0 })
})
