import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Simulation } from '../../src/cli/simulation.ts'
import { UserError } from '../../src/core/errors.ts'
import { TemporaryRepository, temporaryDirectory } from '../git/temporary-repository.ts'
import { run } from './fake-io.ts'

const everyMinute = 'from celery.schedules import crontab\n\nNIGHTLY = crontab(hour=3)\n'
const onTheHour = everyMinute.replace('hour=3', 'hour=3, minute=0')

function shop(settings = everyMinute): TemporaryRepository {
  const repository = new TemporaryRepository()
  repository.commit({ 'shop/settings.py': settings, 'shop/other.py': 'import celery\n' })
  return repository
}

const json = async (args: readonly string[], options: Parameters<typeof run>[1] = {}) => {
  const { stdout, exitCode, stderr } = await run([...args, '--format', 'json'], options)
  return { report: stdout === '' ? undefined : JSON.parse(stdout), exitCode, stderr }
}

describe('check', () => {
  it('shows the findings of the tree on disk and exits with 1', async () => {
    const { report, exitCode } = await json(['check'], { cwd: shop().root })
    expect(exitCode).toBe(1)
    expect(report.findings).toMatchObject([
      { rule: 'crontab-missing-minute', path: 'shop/settings.py', line: 3, suggestion: { startLine: 3, endLine: 3 } },
    ])
    expect(report.stats).toMatchObject({ files: 2, parsed: 2, cached: 0 })
  })

  it('finds the same in a commit, without a checkout', async () => {
    const repository = shop()
    const onDisk = await json(['check'], { cwd: repository.root })
    const inCommit = await json(['check', '--repo', repository.gitDir, '--ref', 'main'])
    expect(inCommit.report.findings).toEqual(onDisk.report.findings)
    expect(inCommit.exitCode).toBe(1)
  })

  it('exits with 0 when nothing is as bad as --fail-on, or nothing is shown', async () => {
    const cwd = shop().root
    expect((await run(['check', '--ignore', 'crontab-missing-minute'], { cwd })).exitCode).toBe(0)
    expect((await run(['check', '--select', 'dispatch-in-atomic'], { cwd })).exitCode).toBe(0)
    expect((await run(['check', '--select', 'periodic-tasks'], { cwd })).exitCode).toBe(1)
    expect((await run(['check', 'shop/other.py'], { cwd })).exitCode).toBe(0)
    expect((await run(['check', 'shop/other.py', 'shop/settings.py'], { cwd })).exitCode).toBe(1)
    expect((await run(['check'], { cwd: shop(onTheHour).root })).exitCode).toBe(0)
  })

  it('says why a place was not reported', async () => {
    const { stdout, exitCode } = await run(['check', '--explain-silence', 'shop/other.py:1'], { cwd: shop().root })
    expect(stdout).toMatch(/^shop\/other\.py:1\n {2}none of the \d+ rules finds anything here\n$/)
    expect(exitCode).toBe(0)
    const wrong = await run(['check', '--explain-silence', 'shop/other.py'], { cwd: shop().root })
    expect(wrong.exitCode).toBe(2)
    expect(wrong.stderr).toContain('It must be the path of a file, a colon and a line.')
  })

  it('counts a finding by the severity that the configuration gives it', async () => {
    const repository = shop()
    repository.write('.github/celery-review.yml', 'rules:\n  crontab-missing-minute: info\n')
    const { report, exitCode } = await json(['check'], { cwd: repository.root })
    expect(report.findings).toMatchObject([{ severity: 'info' }])
    expect(exitCode).toBe(0)
    expect((await json(['check', '--fail-on', 'info'], { cwd: repository.root })).exitCode).toBe(1)
    expect((await json(['check', '--severity', 'warning'], { cwd: repository.root })).report.findings).toEqual([])
    repository.write('other.yml', 'rules:\n  crontab-missing-minute: error\n')
    expect((await json(['check', '--config', 'other.yml'], { cwd: repository.root })).exitCode).toBe(1)
  })

  it('names what it did not look at', async () => {
    const repository = shop()
    repository.write('shop/broken.py', 'import celery\0')
    const { report } = await json(['check'], { cwd: repository.root })
    expect(report.skipped).toEqual([{ path: 'shop/broken.py', reason: 'contains a NUL byte' }])
  })

  it('remembers facts, unless it is told not to', async () => {
    const cwd = shop().root
    const cache = temporaryDirectory()
    const stats = async (...args: string[]) => (await json(['check', ...args], { cwd, cache })).report.stats
    expect(await stats('--no-cache')).toMatchObject({ parsed: 2, cached: 0 })
    expect(readdirSync(cache)).toEqual([])
    expect(await stats()).toMatchObject({ parsed: 2, cached: 0 })
    expect(await stats()).toMatchObject({ parsed: 0, cached: 2 })
    expect(await stats('--no-cache')).toMatchObject({ parsed: 2, cached: 0 })
  })

  it('wraps its text to a terminal', async () => {
    const { stdout } = await run(['check'], { cwd: shop().root, columns: 60 })
    const prose = stdout.split('\n').filter((line) => /^ {2}\w/.test(line) && !line.includes('references/'))
    expect(prose.length).toBeGreaterThan(2)
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(60)
  })
})

describe('diff', () => {
  it('shows what a branch introduces and nothing that was there before', async () => {
    const repository = shop()
    repository.git('switch', '--quiet', '--create', 'topic')
    repository.commit({ 'shop/new.py': everyMinute })
    const { report, exitCode } = await json(['diff', 'main', 'topic', '--repo', repository.gitDir])
    expect(report.findings).toMatchObject([{ path: 'shop/new.py' }])
    expect(exitCode).toBe(1)
    expect((await json(['diff', 'topic', 'main', '--repo', repository.gitDir])).exitCode).toBe(0)
  })

  it('shows what the working tree introduces', async () => {
    const repository = shop(onTheHour)
    expect((await json(['diff', 'main'], { cwd: repository.root })).exitCode).toBe(0)
    repository.write('shop/settings.py', everyMinute)
    const { report, exitCode } = await json(['diff', 'main'], { cwd: repository.root })
    expect(report.findings).toMatchObject([{ path: 'shop/settings.py', line: 3 }])
    expect(exitCode).toBe(1)
  })

  it('is configured by the base, so that a change cannot switch off its own review', async () => {
    const repository = shop(onTheHour)
    const off = 'rules:\n  crontab-missing-minute: off\n'
    repository.commit({ 'shop/settings.py': everyMinute, '.github/celery-review.yml': off })
    expect((await json(['diff', 'HEAD~1', 'HEAD'], { cwd: repository.root })).exitCode).toBe(1)
    repository.commit({ 'shop/new.py': everyMinute })
    expect((await json(['diff', 'HEAD~1', 'HEAD'], { cwd: repository.root })).exitCode).toBe(0)
  })

  it('names a link that the change adds, and not the one that was there', async () => {
    const repository = shop(onTheHour)
    const link = (name: string) => {
      const blob = repository.git('rev-parse', 'HEAD:shop/other.py')
      repository.git('update-index', '--add', '--cacheinfo', `120000,${blob},${name}`)
      repository.git('commit', '--quiet', '--message', 'A link')
    }
    link('old.py')
    link('new.py')
    const { report } = await json(['diff', 'HEAD~1', 'HEAD'], { cwd: repository.root })
    expect(report.skipped).toEqual([{ path: 'new.py', reason: 'a symbolic link' }])
  })
})

describe('faults of usage and of the surroundings', () => {
  it.each([
    [['check', '--nope'], /unknown option '--nope'/],
    [['chek'], /unknown command 'chek'.*check/],
    [['check', '--format', 'xml'], /--format/],
    [['check', '--severity', 'bad'], /--severity/],
    [['check', '--select', 'crontab-missing-minut'], /did you mean crontab-missing-minute\?/],
    [['check', '--select', 'periodic-task'], /did you mean periodic-tasks\?/],
    [['check', '--ignore', 'a,,b'], /list of names/],
    [['check', '--config', 'nope.yml'], /nope\.yml: cannot be read \(ENOENT\)/],
    [['check', 'nope.py'], /nope\.py: no such file/],
    [['check', '--repo', '/nope'], /\/nope: no git repository there/],
    [['diff'], /missing required argument 'base'/],
    [['diff', 'nope', 'HEAD'], /"nope": no such commit in .*\.git/],
    [['diff', 'main', '--', '-x'], /"-x": no such commit/],
    [['explain', 'crontab-missing-minuet'], /did you mean crontab-missing-minute\?/],
    [['explain', 'x'], /`celery-review rules` lists them/],
    [['serve'], /unknown command 'serve'/],
  ])('%j: exit code 2 and one line', async (args, message) => {
    const { exitCode, stdout, stderr } = await run(args, { cwd: shop().root })
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^celery-review: [^\n]+\n$/)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })

  it('names the line of a fault in the configuration', async () => {
    const repository = shop()
    repository.write('.github/celery-review.yml', 'preview: true\nrules:\n  crontab-missing-minuet: off\n')
    const { exitCode, stderr } = await run(['check'], { cwd: repository.root })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^celery-review: \.github\/celery-review\.yml:3: .*crontab-missing-minute.*\n$/)
  })

  it('shows help and version without a fault, and help with one when there is no command', async () => {
    expect(await run(['--help'])).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('check') })
    expect(await run(['check', '--help'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('--fail-on') })
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    expect(await run([])).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('check') })
  })
})

describe('rules', () => {
  it('lists every rule below its document', async () => {
    const { stdout } = await run(['rules'])
    expect(stdout).toMatch(
      /^periodic-tasks\n(?: {2,4}\S.*\n)*? {2}crontab-missing-minute +error +file +fix always +stable\n {4}A crontab/m,
    )
    expect(stdout).toContain('unused-suppression')
  })

  it('has a form for programs', async () => {
    const { stdout } = await run(['rules', '--format', 'json'])
    expect(JSON.parse(stdout).rules).toContainEqual({
      name: 'crontab-missing-minute',
      summary: expect.stringMatching(/^A crontab/),
      scope: 'file',
      severity: 'error',
      confidence: 'high',
      status: 'stable',
      fix: 'always',
      reference: expect.stringMatching(/^periodic-tasks\.md#/),
    })
  })
})

describe('simulate, serve and demo', () => {
  const simulation: Simulation = {
    reviews: [
      {
        event: 'COMMENT',
        commit_id: 'a'.repeat(40),
        body: 'One finding.',
        comments: [
          {
            path: 'shop/\u001btasks.py',
            line: 9,
            side: 'RIGHT',
            start_line: 7,
            start_side: 'RIGHT',
            body: 'Why.\r\nHow.',
          },
        ],
      },
    ],
    checkRuns: [
      {
        name: 'celery-review',
        head_sha: 'a'.repeat(40),
        status: 'completed',
        conclusion: 'neutral',
        output: { title: '1 finding', summary: 'See the review.' },
        annotations: [],
      },
    ],
    issueComments: [],
    reactions: [{ content: 'eyes' }],
    requests: [{ method: 'GET', path: '/repos/shop/shop/pulls/1?page=2', status: 404, ms: 3 }],
    writes: 0,
    rejected: 1,
    ms: 250,
  }

  it('prints what was posted and every request', async () => {
    const repository = shop()
    const requests: unknown[] = []
    const simulate = async (request: unknown) => {
      requests.push(request)
      return simulation
    }
    const programs = { simulate }
    const { stdout, exitCode } = await run(['simulate', 'main~1', 'main', '--repo', repository.root], { programs })
    expect(exitCode).toBe(0)
    expect(requests).toEqual([{ gitDir: join(repository.root, '.git'), base: 'main~1', head: 'main', isWarm: false }])
    expect(`\n${stdout}`).toBe(`
review COMMENT of aaaaaaaaaaaa
  One finding.

shop/\\x1btasks.py:7-9
  Why.
  How.

check run celery-review of aaaaaaaaaaaa: neutral
  1 finding

  See the review.

reaction eyes

GET    404      3 ms  /repos/shop/shop/pulls/1?page=2

1 request, 0 writes, 1 rejected, 250 ms
`)
    const asJson = await run(['simulate', 'a', 'b', '--repo', repository.root, '--warm', '--format', 'json'], {
      programs,
    })
    expect(JSON.parse(asJson.stdout)).toEqual(simulation)
    expect(requests.at(-1)).toMatchObject({ isWarm: true })
  })

  it('starts the app and the demo', async () => {
    const started: string[] = []
    const programs = {
      serve: async () => void started.push('serve'),
      demo: async () => {
        started.push('demo')
        return 1
      },
    }
    expect((await run(['serve'], { programs })).exitCode).toBe(0)
    expect((await run(['demo'], { programs })).exitCode).toBe(1)
    expect(started).toEqual(['serve', 'demo'])
  })

  it('says in one line what a program that fails says, and that a crash is a fault of ours', async () => {
    const failing = (error: unknown) => ({ serve: () => Promise.reject(error) })
    expect(await run(['serve'], { programs: failing(new UserError('WEBHOOK_SECRET: set it')) })).toMatchObject({
      exitCode: 2,
      stderr: 'celery-review: WEBHOOK_SECRET: set it\n',
    })
    const crash = await run(['serve'], { programs: failing(new TypeError('x is \u001b not\na function')) })
    expect(crash.exitCode).toBe(2)
    expect(crash.stderr).toMatch(/^celery-review: failed, which is a fault of celery-review: x is \\x1b not at .+\n$/)
  })
})
