import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TemporaryRepository, temporaryDirectory } from '../git/temporary-repository.ts'
import { BuiltProgram } from './built-program.ts'

let program: BuiltProgram
beforeAll(() => {
  program = new BuiltProgram()
})
afterAll(() => program.remove())

const everyMinute = 'from celery.schedules import crontab\n\nNIGHTLY = crontab(hour=3)\n'

function shop(files = 1): TemporaryRepository {
  const repository = new TemporaryRepository()
  repository.commit(
    Object.fromEntries(Array.from({ length: files }, (_, at) => [`shop/settings_${at}.py`, everyMinute])),
  )
  return repository
}

describe('the program', () => {
  it('exits with 0, 1 and 2', async () => {
    const cwd = shop().root
    expect(await program.run(['check', '--ignore', 'periodic-tasks'], cwd)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await program.run(['check'], cwd)).toMatchObject({ exitCode: 1, stderr: '' })
    const failed = await program.run(['diff', 'nope', 'HEAD'], cwd)
    expect(failed).toMatchObject({ exitCode: 2, stdout: '' })
    expect(failed.stderr).toMatch(/^celery-review: "nope": no such commit in [^\n]+\n$/)
  })

  it('writes the whole of a long output to a pipe', async () => {
    const { stdout, exitCode } = await program.run(['check', '--format', 'json'], shop(400).root)
    expect(JSON.parse(stdout).findings).toHaveLength(400)
    expect(exitCode).toBe(1)
  })

  it('ends quietly when nobody reads on', async () => {
    const child = program.start(['check', '--format', 'json'], shop(400).root)
    let stderr = ''
    child.stderr!.on('data', (chunk) => {
      stderr += chunk
    })
    child.stdout!.destroy()
    const [exitCode] = await once(child, 'close')
    expect(stderr).toBe('')
    expect(exitCode).toBe(1)
  })

  it('works in a hook of git, whatever git has set for it', async () => {
    const repository = shop()
    const other = new TemporaryRepository()
    other.commit({ 'a.py': '' })
    const environment = { GIT_DIR: other.gitDir, GIT_INDEX_FILE: `${other.gitDir}/index`, GIT_WORK_TREE: other.root }
    const { stdout } = await program.run(['check', '--format', 'json'], repository.root, environment)
    expect(JSON.parse(stdout).findings).toMatchObject([{ path: 'shop/settings_0.py' }])
  })

  it('says in one line that git is missing', async () => {
    const { exitCode, stderr } = await program.run(['check'], shop().root, { PATH: temporaryDirectory() })
    expect(stderr).toBe('celery-review: git was not found: install git, or put it on the PATH\n')
    expect(exitCode).toBe(2)
  })

  it('colours its output when it is asked to, and otherwise only a terminal', async () => {
    const cwd = shop().root
    expect((await program.run(['check'], cwd)).stdout).not.toContain('\u001b')
    expect((await program.run(['check'], cwd, { FORCE_COLOR: '1' })).stdout).toContain('\u001b[31m')
  })

  it('can be started by its name', () => {
    expect(readFileSync('src/cli/main.ts', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })
})
