/** The demo from end to end: what is found in the shop and what is not, what is printed, what the page shows, and how it ends. */
import { EventEmitter } from 'node:events'
import { readdirSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { pullRequestPage } from '../../src/cli/demo/page/pull-request-page.ts'
import type { Course } from '../../src/cli/demo/print-review.ts'
import { linesAround, type ReviewedPullRequest, subjectOf } from '../../src/cli/demo/pull-request.ts'
import { reviewShop, runDemo } from '../../src/cli/demo/run-demo.ts'
import type { Output } from '../../src/cli/terminal.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { temporaryDirectory } from '../git/temporary-repository.ts'

const failure = vi.hoisted(() => ({ next: undefined as Error | undefined }))
vi.mock('../../src/cli/review-on-simulator.ts', async (importOriginal) => {
  const real = await importOriginal<typeof import('../../src/cli/review-on-simulator.ts')>()
  const reviewOnSimulator: typeof real.reviewOnSimulator = (request) =>
    failure.next ? Promise.reject(failure.next) : real.reviewOnSimulator(request)
  return { ...real, reviewOnSimulator }
})
afterEach(() => {
  failure.next = undefined
  vi.unstubAllEnvs()
})

/** Every comment, by the line that it stands on. All other lines of the shop must be left alone. */
const expected = [
  ['loyalty/tasks.py', 'self.retry(countdown=60)', 'retry-swallowed-by-except'],
  ['loyalty/views.py', 'send_statement.delay(request.user)', 'model-instance-argument'],
  ['orders/tasks.py', 'def send_order_confirmation(order_id, language):', 'dispatch-arity-mismatch'],
  ['orders/services.py', 'award_points.delay(order.pk)', 'dispatch-in-atomic'],
  ['orders/tasks.py', 'def send_order_confirmation(order_id, language):', 'task-required-param-added'],
  ['shop/settings.py', 'CELERY_ACKS_LATE = True', 'celery-setting-ignored'],
  ['shop/settings.py', '"schedule": crontab(hour=3),', 'crontab-missing-minute'],
  ['shop/settings.py', '"task": "suppliers.tasks.sync_all_supplier",', 'unknown-task-name'],
  ['suppliers/tasks.py', 'updated = sum(results.get())', 'result-get-in-task'],
  [
    'suppliers/tasks.py',
    'response = requests.get(supplier.feed_url, headers=headers)',
    'request-without-timeout-in-task',
  ],
  [
    'suppliers/tasks.py',
    'logger.error("The feed of supplier %s cannot be read", supplier.code)',
    'log-error-without-traceback',
  ],
]

describe('the review of the shop', () => {
  let pull: ReviewedPullRequest
  let course: Course
  beforeAll(async () => {
    const review = await reviewShop('https://example.com/references')
    pull = review.pull
    course = review.course
  })

  it('finds what is wrong, the worst first, and leaves the rest alone', () => {
    const found = pull.comments.map((comment) => {
      const file = pull.files.find(({ path }) => path === comment.path)!
      const [line] = linesAround(file, comment.line, comment.line).filter(({ kind }) => kind !== 'deleted')
      return [comment.path, line?.text.trim(), subjectOf(comment)?.rule]
    })
    expect(found).toEqual(expected)
    const severities = pull.comments.map((comment) => subjectOf(comment)?.severity)
    expect(severities).toEqual([...Array(9).fill('error'), 'warning', 'info'])
  })

  it('has a mistake of each category and of each scope', async () => {
    const rules = (await loadRules()).filter(({ meta }) => expected.some(([, , rule]) => rule === meta.name))
    expect(new Set(rules.map(({ meta }) => meta.reference.replace(/\.md#.*/, ''))).size).toBe(7)
    expect(new Set(rules.map(({ scope }) => scope))).toEqual(new Set(['file', 'project', 'change']))
  })

  it('offers fixes that can be committed', () => {
    const offers = pull.comments.filter(({ body }) => body.includes('```suggestion\n'))
    expect(offers.length).toBeGreaterThanOrEqual(6)
  })

  it('asks GitHub little, and nothing that it would refuse', () => {
    expect(course.rejected).toBe(0)
    expect(course.webhook.status).toBe(200)
    expect(course.requests.filter(({ path }) => !path.includes('/access_tokens')).length).toBeLessThanOrEqual(8)
  })

  it('reviews every file', () => {
    expect(pull.check).toMatchObject({ name: 'celery-review', conclusion: 'neutral' })
    expect(pull.check.summary).not.toContain('Not reviewed')
  })

  it('is shown on a page that has each comment on its line', () => {
    const page = pullRequestPage(pull)
    for (const comment of pull.comments) {
      const file = pull.files.findIndex(({ path }) => path === comment.path) + 1
      const row = page.indexOf(`id="file-${file}-line-${comment.line}"`)
      const next = page.indexOf(`id="file-${file}-line-${comment.line + 1}"`)
      const place = page.indexOf(`id="comment-${comment.id}"`)
      expect([row > 0, row < place, place < next]).toEqual([true, true, true])
    }
    expect(page.match(/<article /g)).toHaveLength(expected.length)
    expect(page).toContain('<mark>_on_commit</mark>')
    expect(page).not.toMatch(/celery-review:v1|```|\*\*/)
  })
})

/** An output, and when it was written what was asked for. */
class Screen implements Output {
  text = ''
  readonly isTTY: boolean
  readonly columns = 80
  readonly #wanted: RegExp
  readonly shown: Promise<string>
  #show!: (match: string) => void

  constructor({ isTTY = false, wanted = /$^/ } = {}) {
    this.isTTY = isTTY
    this.#wanted = wanted
    this.shown = new Promise((resolve) => {
      this.#show = resolve
    })
  }

  write(text: string) {
    this.text += text
    const found = this.#wanted.exec(this.text)
    if (found) this.#show(found[0])
  }
}

const processWith = (isTTY: boolean) => Object.assign(new EventEmitter(), { stdin: { isTTY } })

const ioWith = (stdout: Output, stderr: Output = new Screen()) => ({
  cwd: '/',
  environment: {},
  stdout,
  stderr,
  now: () => 0,
})

describe('the command', () => {
  it('prints the review as text, leaves nothing behind, and ends', async () => {
    const directory = temporaryDirectory()
    vi.stubEnv('TMPDIR', directory)
    const screen = new Screen()
    expect(await runDemo(ioWith(screen), processWith(true))).toBe(0)
    expect(readdirSync(directory)).toEqual([])
    expect(stripVTControlCharacters(screen.text)).toBe(screen.text)
    expect(screen.text).toMatch(/^ {2}requests +\d+ to the simulated GitHub, 3 of them writes, none refused$/m)
    for (const [path, , rule] of expected) expect(screen.text).toMatch(new RegExp(`^${path}:\\d+ \\w+ ${rule}`, 'm'))
    expect(screen.text).toContain('error dispatch-arity-mismatch at orders/admin.py:22\n')
    expect(screen.text).toContain(`  Use \`delay_on_commit\`:
    31 │ -         award_points.delay(order.pk)
       │ +         award_points.delay_on_commit(order.pk)
`)
    expect(screen.text).not.toMatch(/\*\*|```|<\/?\w|<!--|github\.com/)
    expect(screen.text).toMatch(/\ncelery-review: neutral · 9 errors, 1 warning, 1 info\n$/)
  })

  it('serves the page on a terminal until it is told to end', async () => {
    const screen = new Screen({ isTTY: true, wanted: /http:\/\/[\d.:]+(?=\S* \(Ctrl-C ends\))/ })
    const process = processWith(true)
    const run = runDemo(ioWith(screen), process)
    const url = await screen.shown
    const page = await (await fetch(url)).text()
    expect(page).toContain('Add loyalty points and supplier sync')
    const [, reference = ''] = /href="(http:\/\/127[^"#]*error-handling\.md)#/.exec(page) ?? []
    expect(await (await fetch(reference)).text()).toContain('<h1 id="error-handling">')
    expect((await fetch(`${url}/package.json`)).status).toBe(404)
    process.emit('SIGINT')
    expect(await run).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
  })

  it('says in one line that the review did not come', async () => {
    failure.next = new Error('the app answered its webhook with 500')
    const [stdout, stderr] = [new Screen(), new Screen()]
    expect(await runDemo(ioWith(stdout, stderr), processWith(false))).toBe(1)
    expect(stdout.text).toBe('')
    expect(stderr.text).toBe('celery-review: the review did not come: the app answered its webhook with 500\n')
  })
})
