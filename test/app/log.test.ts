/** What an error says in the log, and what it does not. */
import { Probot } from 'probot'
import { expect, test } from 'vitest'
import { withoutCode } from '../../src/app/log.ts'
import { GitHubFailure } from '../../src/github/failure.ts'

const probot = new Probot({ appId: 1, privateKey: 'key', logLevel: 'fatal' })
await probot.ready()
const log = withoutCode(probot.log)

/** An error as the log shows it, and every log that came from it. */
function shown(error: unknown): string {
  const ofChild = log.child({ name: 'event' }) as unknown as Record<symbol, { err(value: unknown): unknown }>
  return JSON.stringify(ofChild[Symbol.for('pino.serializers')]!.err(error))
}

function caught(fail: () => unknown): unknown {
  try {
    return fail()
  } catch (error) {
    return error
  }
}

test('an error that quotes what was read is shown by its kind and its place', () => {
  const text = shown(caught(() => JSON.parse('secret_code = 1')))
  expect(text).toContain('SyntaxError')
  expect(text).toMatch(/log\.test\.ts:\d+/)
  expect(text).not.toContain('secret_code')
})

test('an error with things hung on it is shown without them', () => {
  const error = Object.assign(new Error('secret_code'), { request: { body: 'secret_code' }, cause: 'secret_code' })
  expect(shown(error)).not.toContain('secret_code')
  expect(shown('secret_code')).not.toContain('secret_code')
})

test('our own words, and those of systems, are shown', () => {
  expect(shown(new GitHubFailure({ kind: 'gone' }, 'pull request 1 is gone'))).toContain('pull request 1 is gone')
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
  expect(shown(refused)).toContain('connect ECONNREFUSED 127.0.0.1:5432')
})
