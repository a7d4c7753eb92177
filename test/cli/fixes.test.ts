/** `check --fix` and `check --diff` on files: what is written, what is kept, and what is refused. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFixes } from '../../src/cli/write-fixes.ts'
import { UserError } from '../../src/core/errors.ts'
import { TemporaryRepository, temporaryDirectory, writeFile } from '../git/temporary-repository.ts'
import { run } from './fake-io.ts'

const schedule = 'from celery.schedules import crontab\n\nEARLY = crontab(hour=5)  # before they come\n'
const fixed = schedule.replace('hour=5', 'hour=5, minute=0')
/** A fix that is offered, and not safe: a handler around the dispatch would not see its failure any more. */
const guarded = `from django.db import transaction
from shop.tasks import ship

def post(order):
    with transaction.atomic():
        order.save()
        try:
            ship.delay(order.pk)
        except OSError:
            pass
`
const tasks = `from django.db import transaction
from celery import shared_task

@shared_task
def ship(pk): ...

def later(pk):
    ship.delay_on_commit(pk)
`

function shop(files: Record<string, string> = { 'shop/settings.py': schedule }): TemporaryRepository {
  const repository = new TemporaryRepository()
  repository.commit(files)
  return repository
}

const contentOf = (root: string, path: string) => fs.readFileSync(join(root, path), 'utf8')

describe('check --fix', () => {
  it('writes the safe fixes, says how many, and shows what remains', async () => {
    const { root } = shop({ 'shop/settings.py': schedule, 'shop/views.py': guarded, 'shop/tasks.py': tasks })
    const { stdout, stderr, exitCode } = await run(['check', '--fix', '--format', 'json'], { cwd: root })
    expect(contentOf(root, 'shop/settings.py')).toBe(fixed)
    expect(contentOf(root, 'shop/views.py')).toBe(guarded)
    expect(stderr).toBe('Fixed 1 finding in 1 file\n')
    expect(JSON.parse(stdout).findings).toMatchObject([{ rule: 'dispatch-in-atomic', path: 'shop/views.py' }])
    expect(exitCode).toBe(1)
  })

  it('takes the other fixes too when it is told so', async () => {
    const { root } = shop({ 'shop/views.py': guarded, 'shop/tasks.py': tasks })
    const { stderr, exitCode } = await run(['check', '--fix', '--unsafe-fixes'], { cwd: root })
    expect(stderr).toBe('Fixed 1 finding in 1 file\n')
    expect(contentOf(root, 'shop/views.py')).toContain('ship.delay_on_commit(order.pk)')
    expect(exitCode).toBe(0)
  })

  it('fixes only what it would have shown', async () => {
    const { root } = shop({ 'shop/a.py': schedule, 'shop/b.py': schedule })
    await run(['check', '--fix', 'shop/b.py'], { cwd: root })
    expect([contentOf(root, 'shop/a.py'), contentOf(root, 'shop/b.py')]).toEqual([schedule, fixed])
    await run(['check', '--fix', '--ignore', 'crontab-missing-minute'], { cwd: root })
    expect(contentOf(root, 'shop/a.py')).toBe(schedule)
  })

  it('does nothing the second time', async () => {
    const { root } = shop()
    await run(['check', '--fix'], { cwd: root })
    const place = join(root, 'shop/settings.py')
    const { ino } = fs.statSync(place)
    const { stderr, exitCode } = await run(['check', '--fix'], { cwd: root })
    expect([stderr, exitCode, fs.statSync(place).ino]).toEqual(['Nothing to fix\n', 0, ino])
  })

  it('keeps the mode, and leaves nothing beside the file', async () => {
    const root = temporaryDirectory()
    writeFile(root, 'settings.py', schedule)
    fs.chmodSync(join(root, 'settings.py'), 0o750)
    await run(['check', '--fix'], { cwd: root })
    expect(contentOf(root, 'settings.py')).toBe(fixed)
    expect(fs.statSync(join(root, 'settings.py')).mode & 0o777).toBe(0o750)
    expect(fs.readdirSync(root)).toEqual(['settings.py'])
  })

  it('keeps the line endings that a checkout has and its commit has not', async () => {
    const repository = shop()
    repository.git('config', 'core.autocrlf', 'true')
    fs.rmSync(join(repository.root, 'shop/settings.py'))
    repository.git('checkout', '--', '.')
    expect(contentOf(repository.root, 'shop/settings.py')).toBe(schedule.replaceAll('\n', '\r\n'))
    await run(['check', '--fix'], { cwd: repository.root })
    expect(contentOf(repository.root, 'shop/settings.py')).toBe(fixed.replaceAll('\n', '\r\n'))
  })
})

describe('check --diff', () => {
  it('prints a patch that makes of the files what --fix makes of them, and writes nothing', async () => {
    const { root } = shop({ 'shop/a.py': schedule, 'shop/b c.py': `${schedule}LAST = 1` })
    const { stdout, stderr } = await run(['check', '--diff'], { cwd: root })
    expect(contentOf(root, 'shop/a.py')).toBe(schedule)
    expect(stderr).toBe('Would fix 2 findings in 2 files\n')
    execFileSync('git', ['apply', '-'], { cwd: root, input: stdout })
    expect([contentOf(root, 'shop/a.py'), contentOf(root, 'shop/b c.py')]).toEqual([fixed, `${fixed}LAST = 1`])
  })
})

describe('what cannot be fixed', () => {
  it.each([
    [['--fix', '--ref', 'HEAD'], '--fix and --diff are for files on disk: leave out --repo and --ref'],
    [['--diff', '--repo', '.'], '--fix and --diff are for files on disk: leave out --repo and --ref'],
    [['--unsafe-fixes'], '--unsafe-fixes says which fixes are applied: add --fix or --diff'],
    [['--fix', '--diff'], "option '--fix' cannot be used with option '--diff'"],
  ])('%s is refused in one line', async (args, message) => {
    const { exitCode, stderr } = await run(['check', ...args], { cwd: shop().root })
    expect([exitCode, stderr]).toEqual([2, `celery-review: ${message}\n`])
  })

  it('a file that has changed meanwhile stays as it is', () => {
    const root = temporaryDirectory()
    writeFile(root, 'a.py', 'somebody else was here\n')
    const write = () => writeFixes(root, new Map([['a.py', { before: schedule, after: fixed }]]))
    expect(write).toThrow(UserError)
    expect(contentOf(root, 'a.py')).toBe('somebody else was here\n')
  })
})
