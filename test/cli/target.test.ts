import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readChange, readCommitTree, readTree, type Target } from '../../src/cli/target.ts'
import { UserError } from '../../src/core/errors.ts'
import { TemporaryRepository, temporaryDirectory, writeFile } from '../git/temporary-repository.ts'

const pathsOf = ({ snapshot }: Target) => snapshot.files.map(({ path }) => path)
const shownOf = (target: Target) => pathsOf(target).filter(target.isShown)

const files = { 'shop/a.py': '1', 'shop/sub/b.py': '1', 'shop2/c.py': '1' }

describe('readTree', () => {
  it('takes the whole checkout, from a directory in it, and names files as they are opened from there', async () => {
    const repository = new TemporaryRepository()
    repository.commit(files)
    const target = await readTree(join(repository.root, 'shop'), [])
    expect(shownOf(target)).toEqual(['shop/a.py', 'shop/sub/b.py', 'shop2/c.py'])
    expect(pathsOf(target).map(target.displayPath)).toEqual(['a.py', 'sub/b.py', '../shop2/c.py'])
  })

  it('shows what lies below the paths only', async () => {
    const repository = new TemporaryRepository()
    repository.commit(files)
    expect(shownOf(await readTree(repository.root, ['shop']))).toEqual(['shop/a.py', 'shop/sub/b.py'])
    expect(shownOf(await readTree(join(repository.root, 'shop'), ['sub', '../shop2/c.py']))).toEqual([
      'shop/sub/b.py',
      'shop2/c.py',
    ])
    expect(shownOf(await readTree(temporaryDirectory(), [repository.root]))).toHaveLength(3)
  })

  it('takes the current directory where there is no git', async () => {
    const directory = temporaryDirectory()
    for (const path of Object.keys(files)) writeFile(directory, path, '1')
    const target = await readTree(directory, ['shop/sub'])
    expect(pathsOf(target)).toHaveLength(3)
    expect(shownOf(target)).toEqual(['shop/sub/b.py'])
    expect(shownOf(await readTree(temporaryDirectory(), [join(directory, 'shop')]))).toEqual(['a.py', 'sub/b.py'])
  })

  it('finds its way when the current directory is a symbolic link', async () => {
    const repository = new TemporaryRepository()
    repository.commit(files)
    const link = join(temporaryDirectory(), 'link')
    symlinkSync(repository.root, link)
    expect(shownOf(await readTree(link, ['shop/sub']))).toEqual(['shop/sub/b.py'])
  })

  it('refuses paths that are not there, not in the project or not of it', async () => {
    const repository = new TemporaryRepository()
    repository.commit({ ...files, '.gitignore': 'ignored.py' })
    repository.write('ignored.py', '1')
    const refusal = (paths: string[]) => expect(readTree(repository.root, paths)).rejects
    await refusal(['nope.py']).toThrow('nope.py: no such file or directory')
    await refusal(['shop', temporaryDirectory()]).toThrow(/lies outside/)
    await refusal(['ignored.py']).toThrow(/ignored by git/)
  })

  it('asks for a commit in a bare repository', async () => {
    const repository = new TemporaryRepository()
    repository.commit(files)
    const bare = join(temporaryDirectory(), 'bare')
    repository.git('clone', '--quiet', '--bare', repository.root, bare)
    await expect(readTree(bare, [])).rejects.toThrow(/name a commit/)
    expect(pathsOf(await readCommitTree(bare, { ref: 'main' }, []))).toHaveLength(3)
  })
})

describe('readCommitTree', () => {
  it('starts paths at the root of the repository', async () => {
    const repository = new TemporaryRepository()
    const commit = repository.commit(files)
    repository.commit({ 'later.py': '1' })
    const target = await readCommitTree(temporaryDirectory(), { repo: repository.root, ref: commit }, ['./shop/'])
    expect(pathsOf(target)).toHaveLength(3)
    expect(shownOf(target)).toEqual(['shop/a.py', 'shop/sub/b.py'])
    expect(target.displayPath('shop/a.py')).toBe('shop/a.py')
  })

  it('needs a repository', async () => {
    await expect(readCommitTree(temporaryDirectory(), { ref: 'main' }, [])).rejects.toThrow(UserError)
    await expect(readCommitTree('/', { repo: temporaryDirectory(), ref: 'main' }, [])).rejects.toThrow(UserError)
  })
})

describe('readChange', () => {
  it('compares a head with its merge base, not with the tip of the base', async () => {
    const repository = new TemporaryRepository()
    repository.commit(files)
    repository.git('switch', '--quiet', '--create', 'topic')
    repository.commit({ 'new.py': '1' })
    repository.git('switch', '--quiet', 'main')
    repository.commit({ 'meanwhile.py': '1' })
    const { snapshot, base, changes } = await readChange(repository.root, { base: 'main', head: 'topic' })
    expect(changes).toEqual([{ status: 'added', path: 'new.py' }])
    expect(snapshot.files).toHaveLength(4)
    expect(base.files).toHaveLength(3)
  })

  it('goes back from a base that contains the head already, but not from one that the checkout is behind', async () => {
    const repository = new TemporaryRepository()
    repository.commit(files)
    repository.git('branch', 'behind')
    repository.commit({ 'later.py': '1' })
    const back = await readChange(repository.root, { base: 'main', head: 'behind' })
    expect(back.changes).toEqual([{ status: 'removed', path: 'later.py' }])
    expect((await readChange(repository.root, { base: 'main', head: 'main' })).changes).toEqual([])
    repository.git('switch', '--quiet', 'behind')
    expect((await readChange(repository.root, { base: 'main' })).changes).toEqual([])
  })

  it('compares the checkout when no head is named', async () => {
    const repository = new TemporaryRepository()
    repository.commit(files)
    repository.git('switch', '--quiet', '--create', 'topic')
    repository.commit({ 'committed.py': '1' })
    repository.write('untracked.py', '2')
    const place = join(repository.root, 'shop')
    const target = await readChange(place, { base: 'main' })
    expect(target.changes.map(({ path }) => path)).toEqual(['committed.py', 'untracked.py'])
    expect(target.displayPath('shop/a.py')).toBe('a.py')
    const elsewhere = await readChange(temporaryDirectory(), { base: 'main', repo: repository.root })
    expect(elsewhere.changes).toEqual(target.changes)
  })

  it('needs a head in a bare repository', async () => {
    const repository = new TemporaryRepository()
    repository.commit(files)
    const bare = join(temporaryDirectory(), 'bare')
    repository.git('clone', '--quiet', '--bare', repository.root, bare)
    await expect(readChange('/', { base: 'main', repo: bare })).rejects.toThrow(/name a commit/)
  })
})
