/** Holds the threat model to its tests, and the source to what the threat model says of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { openStorage } from '../src/app/storage.ts'
import { startSetting } from './app/setting.ts'
import { hasSqlite } from './support/has-sqlite.ts'
import { testRowsOf } from './support/table-of-tests.ts'

const root = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

describe('the threat model', () => {
  const rows = testRowsOf(new URL('SECURITY.md', root))

  test('fits on a page', () => expect(rows.length).toBeGreaterThan(20))

  test.each(rows)('$line', ({ isThere }) => expect(isThere).toBe(true))
})

test('starts nothing but git, without a shell, and evaluates nothing', () => {
  const files = ['src', 'rules'].flatMap((directory) =>
    readdirSync(new URL(directory, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${directory}/${name}`),
  )
  const starters = files.filter((path) => read(path).includes('child_process'))
  expect(starters.sort()).toEqual(['src/git/run.ts', 'src/simulator/git.ts'])
  for (const path of starters) {
    const calls = Array.from(
      read(path).matchAll(/\b(?:spawn|promisify\(execFile\))\(([^,]*),/g),
      ([, program]) => program,
    )
    expect(calls.length).toBeGreaterThan(0)
    expect(new Set(calls)).toEqual(new Set(["'git'"]))
    expect(read(path)).not.toMatch(/(?<!\.)\b(exec|execSync|spawnSync|execFileSync|fork)\(|shell:/)
  }
  for (const path of files) expect([path, /\beval\(|\bnew Function\(|node:vm\b/.exec(read(path))]).toEqual([path, null])
})

test('compares signatures in the same time, whatever is wrong with them', async () => {
  const verifier = await readFile(new URL('node_modules/@octokit/webhooks-methods/dist-node/index.js', root), 'utf8')
  expect(verifier).toContain('timingSafeEqual(signatureBuffer, verificationBuffer)')
})

test.skipIf(!hasSqlite)('leaves no token on the disk', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'celery-review-data-'))
  const storage = await openStorage({ dataDir }, { debounce: { quiet: 0, longest: 0 } })
  const { makeQueue, makeStore } = storage
  afterAll(async () => {
    await storage.close()
    await rm(dataDir, { recursive: true })
  })
  const { github, app, send } = await startSetting({
    base: { 'settings.py': 'CELERY = True\n' },
    head: { 'tasks.py': 'mistake_one\n' },
    app: { makeQueue, makeStore },
  })
  await send('pull_request', { action: 'opened', number: 1 })
  await vi.waitFor(() => expect(github.state.checkRuns).toMatchObject([{ status: 'completed' }]), { timeout: 60_000 })
  await app.stop()
  const kept = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name), 'latin1'))
  expect(kept.join()).toContain(github.state.pulls[0]!.head.sha)
  expect(kept.join()).not.toMatch(/ghs_|BEGIN .*PRIVATE KEY|simulator-secret/)
})

test('pins every package by its content, and takes none from anywhere but a registry', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { version?: string; resolved?: string; integrity?: string; link?: boolean }>
  }
  const { '': own, ...others } = packages
  expect(own).toBeDefined()
  expect(Object.keys(others).length).toBeGreaterThan(100)
  const strays = Object.entries(others).filter(
    ([, { version, resolved, integrity, link }]) =>
      link ||
      !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? '') ||
      !/^sha512-/.test(integrity ?? '') ||
      // npm leaves the address out where it is the registry's.
      !(resolved === undefined || resolved.startsWith('https://registry.npmjs.org/')),
  )
  expect(strays).toEqual([])
})
