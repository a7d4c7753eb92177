import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { changesBetween, findGitDir, mergeBase, requireContents, resolveCommit } from '../../src/git/commits.ts'
import { TemporaryRepository, temporaryDirectory } from './temporary-repository.ts'

const body = Array.from({ length: 20 }, (_, line) => `line_${line} = ${line}`).join('\n')

describe('resolveCommit', () => {
  it('finds branches, tags, annotated tags, SHAs and expressions', async () => {
    const repository = new TemporaryRepository()
    const first = repository.commit({ 'a.py': '1' })
    repository.git('tag', '--annotate', 'v1', '--message', 'one')
    const second = repository.commit({ 'a.py': '2' })
    const resolve = (ref: string) => resolveCommit(repository.gitDir, ref)
    expect(await resolve('main')).toBe(second)
    expect(await resolve('HEAD~1')).toBe(first)
    expect(await resolve('v1')).toBe(first)
    expect(await resolve(first.slice(0, 10))).toBe(first)
  })

  it.each(['nope', '', '-h', '--all', '--output=x', '--upload-pack=touch x', 'a\0b', 'HEAD:a.py', '1'.repeat(40)])(
    'refuses %j in one line',
    async (ref) => {
      const repository = new TemporaryRepository()
      repository.commit({ 'a.py': '1' })
      const failure = await resolveCommit(repository.gitDir, ref).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(UserError)
      expect((failure as UserError).message).toContain('no such commit')
      expect((failure as UserError).message).not.toContain('\n')
    },
  )

  it('says so when the directory is no repository', async () => {
    await expect(resolveCommit(temporaryDirectory(), 'HEAD')).rejects.toThrow(UserError)
  })

  it('does not follow the variables that git sets for a hook', async () => {
    const one = new TemporaryRepository()
    const other = new TemporaryRepository()
    const commit = one.commit({ 'a.py': '1' })
    other.commit({ 'a.py': '2' })
    process.env.GIT_DIR = other.gitDir
    process.env.GIT_OBJECT_DIRECTORY = join(other.gitDir, 'objects')
    try {
      expect(await resolveCommit(one.gitDir, 'main')).toBe(commit)
    } finally {
      delete process.env.GIT_DIR
      delete process.env.GIT_OBJECT_DIRECTORY
    }
  })
})

describe('findGitDir', () => {
  it('takes a checkout, its .git and a bare repository', () => {
    const repository = new TemporaryRepository()
    repository.commit({ 'a.py': '1' })
    const bare = join(temporaryDirectory(), 'bare')
    repository.git('clone', '--quiet', '--bare', repository.root, bare)
    expect(findGitDir(repository.root)).toBe(repository.gitDir)
    expect(findGitDir(repository.gitDir)).toBe(repository.gitDir)
    expect(findGitDir(bare)).toBe(bare)
  })

  it('refuses a directory that is none', () => {
    expect(() => findGitDir(temporaryDirectory())).toThrow(UserError)
  })
})

describe('mergeBase', () => {
  it('is where two branches met', async () => {
    const repository = new TemporaryRepository()
    const base = repository.commit({ 'a.py': '1' })
    repository.git('switch', '--quiet', '--create', 'topic')
    const topic = repository.commit({ 'b.py': '1' })
    repository.git('switch', '--quiet', 'main')
    const main = repository.commit({ 'c.py': '1' })
    expect(await mergeBase(repository.gitDir, main, topic)).toBe(base)
  })

  it('refuses unrelated histories', async () => {
    const repository = new TemporaryRepository()
    const one = repository.commit({ 'a.py': '1' })
    repository.git('switch', '--quiet', '--orphan', 'other')
    const other = repository.commit({ 'b.py': '1' })
    await expect(mergeBase(repository.gitDir, one, other)).rejects.toThrow(/no common history/)
  })
})

describe('requireContents', () => {
  it('says what to do where a partial clone lacks what a change is about', async () => {
    const repository = new TemporaryRepository()
    const base = repository.commit({ 'a.py': '1', 'b.py': '1' })
    const head = repository.commit({ 'a.py': '2' })
    await requireContents(repository.gitDir, base, head)
    const sha = repository.git('rev-parse', `${head}:a.py`).trim()
    rmSync(join(repository.gitDir, 'objects', sha.slice(0, 2), sha.slice(2)))
    const failure = await requireContents(repository.gitDir, base, head).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect((failure as UserError).message).toMatch(
      new RegExp(`unable to read ${sha}: a partial clone needs .git fetch`),
    )
  })
})

describe('changesBetween', () => {
  it('names every kind of change, whatever the paths look like', async () => {
    const repository = new TemporaryRepository()
    const base = repository.commit({
      'changed.py': '1',
      'gone.py': '2',
      'old name.py': body,
      'dir/"quoted"\n\t.py': '3',
      ':(top)*.py': '4',
    })
    repository.git('mv', 'old name.py', 'new ünïcode.py')
    repository.remove('gone.py')
    const head = repository.commit({
      'changed.py': 'x',
      'dir/"quoted"\n\t.py': 'x',
      ':(top)*.py': 'x',
      'new ünïcode.py': `${body}\nmore = 1`,
      'added.py': 'x',
    })
    expect(await changesBetween(repository.gitDir, base, head)).toEqual([
      { status: 'modified', path: ':(top)*.py' },
      { status: 'added', path: 'added.py' },
      { status: 'modified', path: 'changed.py' },
      { status: 'modified', path: 'dir/"quoted"\n\t.py' },
      { status: 'removed', path: 'gone.py' },
      { status: 'renamed', path: 'new ünïcode.py', previousPath: 'old name.py' },
    ])
  })

  it('treats a symbolic link as no file', async () => {
    const repository = new TemporaryRepository()
    const base = repository.commit({ 'a.py': '1', 'b.py': '2' })
    repository.remove('a.py')
    repository.git(
      'update-index',
      '--add',
      '--cacheinfo',
      `120000,${repository.git('hash-object', '-w', 'b.py')},link.py`,
    )
    repository.git('update-index', '--cacheinfo', `120000,${repository.git('hash-object', '-w', 'b.py')},a.py`)
    repository.git('commit', '--quiet', '--message', 'Links')
    const head = repository.git('rev-parse', 'HEAD')
    expect(await changesBetween(repository.gitDir, base, head)).toEqual([{ status: 'removed', path: 'a.py' }])
    expect(await changesBetween(repository.gitDir, head, base)).toEqual([{ status: 'added', path: 'a.py' }])
  })
})
