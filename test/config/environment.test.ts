import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readEnvironment } from '../../src/config/environment.ts'
import { UserError } from '../../src/core/errors.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string
const sound = { APP_ID: '7', PRIVATE_KEY: pem, WEBHOOK_SECRET: 'f00d' }

test('reads what is set, and has a default for all else', () => {
  expect(readEnvironment(sound)).toEqual({
    appId: 7,
    privateKey: pem,
    webhookSecret: 'f00d',
    host: '0.0.0.0',
    port: 3000,
    apiUrl: 'https://api.github.com',
    referencesUrl: 'https://github.com/celery-review/celery-review/blob/main/references',
    logLevel: 'info',
    logFormat: 'json',
    dataDir: 'data',
    databaseUrl: undefined,
  })
  expect(readEnvironment({ ...sound, PORT: '8080', GITHUB_API_URL: 'https://ghe.test/api/v3/' })).toMatchObject({
    port: 8080,
    apiUrl: 'https://ghe.test/api/v3',
  })
})

describe('the private key', () => {
  test.each([
    ['with its line ends escaped', pem.replaceAll('\n', '\\n')],
    ['in base64', Buffer.from(pem).toString('base64')],
  ])('may come %s', (_, key) => {
    expect(readEnvironment({ ...sound, PRIVATE_KEY: key }).privateKey).toBe(pem)
  })

  test('may come from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'celery-review-'))
    try {
      writeFileSync(join(folder, 'key.pem'), pem)
      const env = { ...sound, PRIVATE_KEY: '', PRIVATE_KEY_PATH: join(folder, 'key.pem') }
      expect(readEnvironment(env).privateKey).toBe(pem)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('refuses, in one line that names the variable and never repeats its value', () => {
  test.each([
    [{ WEBHOOK_SECRET: undefined }, /^WEBHOOK_SECRET: set it/],
    [{ WEBHOOK_SECRET: '' }, /^WEBHOOK_SECRET: set it/],
    [{ WEBHOOK_SECRET: 'development' }, /^WEBHOOK_SECRET: "development" is no secret/],
    [{ APP_ID: undefined }, /^APP_ID: set it/],
    [{ APP_ID: 'my-app' }, /^APP_ID: must be the number/],
    [{ PRIVATE_KEY: undefined }, /^PRIVATE_KEY: set it, or PRIVATE_KEY_PATH/],
    [{ PRIVATE_KEY: 'hunter2' }, /^PRIVATE_KEY: holds no private key/],
    [{ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '/nowhere/hunter2' }, /^PRIVATE_KEY_PATH: cannot be read \(ENOENT\)/],
    [{ PORT: '99999' }, /^PORT: must be a port number/],
    [{ GITHUB_API_URL: 'ghe.test' }, /^GITHUB_API_URL: must be an address/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: must be one of/],
  ])('%o', (change, message) => {
    const read = () => readEnvironment({ ...sound, ...change })
    expect(read).toThrow(UserError)
    expect(read).toThrow(message)
    expect(read).not.toThrow(/hunter2|\n/)
  })

  test('all faults at once', () => {
    expect(() => readEnvironment({})).toThrow(/^APP_ID: .*\nWEBHOOK_SECRET: .*\nPRIVATE_KEY: .*$/)
  })
})
