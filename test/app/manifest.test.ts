import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { issueCommentEvents, reviewCommentEvents } from '../../src/app/handle-comment.ts'
import { pullRequestEvents } from '../../src/app/handle-pull-request.ts'
import { checkRunEvents, checkSuiteEvents } from '../../src/app/handle-rerequest.ts'
import { webhookPath } from '../../src/app/serve-http.ts'

const manifest = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8'))

test('asks for the permissions that the app uses, and no more', () => {
  expect(manifest.default_permissions).toEqual({
    contents: 'read',
    metadata: 'read',
    pull_requests: 'write',
    checks: 'write',
    issues: 'write',
  })
})

test('names the events that the app handles and those permissions allow, and the path on which it takes them', () => {
  const comments = [...issueCommentEvents, ...reviewCommentEvents]
  const handled = [...pullRequestEvents, ...comments, ...checkRunEvents, ...checkSuiteEvents]
  expect(manifest.default_events).toEqual([...new Set(handled.map((event) => event.split('.')[0]))])
  expect(new URL(manifest.hook_attributes.url).pathname).toBe(webhookPath)
})
