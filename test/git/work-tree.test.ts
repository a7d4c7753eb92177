import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../src/core/snapshot.ts'
import { snapshotOf } from '../../src/git/commit-snapshot.ts'
import { readDirectory } from '../../src/git/directory.ts'
import { findWorkTree, readWorkTree, workTreeChanges } from '../../src/git/work-tree.ts'
import { TemporaryRepository, temporaryDirectory, writeFile } from './temporary-repository.ts'

const pathsOf = (snapshot: Snapshot) => snapshot.files.map((file) => file.path)

const contentOf = async (snapshot: Snapshot, path: string) => {
  const contents = await snapshot.read(snapshot.files.filter((file) => file.path === path))
  return Buffer.from(contents.get(path)!).toString()
}

const bodyOf = (name: string) => Array.from({ length: 20 }, (_, line) => `${name}_${line} = ${line}`).join('\n')

describe('findWorkTree', () => {
  it('finds the top of a checkout from a directory in it', async () => {
    const repository = new TemporaryRepository()
    repository.commit({ 'deep/er/a.py': '1' })
    expect(await findWorkTree(join(repository.root, 'deep/er'))).toEqual({
      root: repository.root,
      gitDir: repository.gitDir,
    })
  })

  it('finds a linked checkout', async () => {
    const repository = new TemporaryRepository()
    repository.commit({ 'a.py': '1' })
    const linked = join(temporaryDirectory(), 'linked')
    repository.git('worktree', 'add', '--quiet', linked)
    const workTree = await findWorkTree(linked)
    expect(pathsOf(await readWorkTree(workTree!))).toEqual(['a.py'])
  })

  it('finds none elsewhere', async () => {
    expect(await findWorkTree(temporaryDirectory())).toBeUndefined()
  })
})

describe('readWorkTree', () => {
  it('has what is on disk and not ignored, each file with the SHA that git would give it', async () => {
    const repository = new TemporaryRepository()
    repository.commit({ 'same.py': '1\n', 'changed.py': '1\n', 'gone.py': '1\n', '.gitignore': 'ignored/\n' })
    repository.write('changed.py', '2\n')
    repository.write('new.py', 'new\n')
    repository.write('staged.py', 'staged\n')
    repository.git('add', 'staged.py')
    repository.write('ignored/a.py', '1')
    repository.write('env/pyvenv.cfg', '')
    repository.write('env/lib/b.py', '1')
    repository.write('node_modules/tool/c.py', '1')
    repository.remove('gone.py')

    const snapshot = await readWorkTree((await findWorkTree(repository.root))!)
    expect(pathsOf(snapshot)).toEqual(['.gitignore', 'changed.py', 'new.py', 'same.py', 'staged.py'])
    expect(await contentOf(snapshot, 'same.py')).toBe('1\n')
    expect(await contentOf(snapshot, 'changed.py')).toBe('2\n')
    expect(await contentOf(snapshot, 'new.py')).toBe('new\n')
    for (const { path, sha } of snapshot.files) expect(sha).toBe(repository.git('hash-object', path))
  })

  it('has the findings of the commit where nothing was changed, though git converts line ends on checkout', async () => {
    const repository = new TemporaryRepository()
    repository.commit({ '.gitattributes': '*.py text eol=crlf\n', 'a.py': 'x = 1\ny = 2\n' })
    repository.remove('a.py')
    repository.git('checkout', '--', 'a.py')
    expect(readFileSync(join(repository.root, 'a.py'), 'utf8')).toContain('\r\n')
    const snapshot = await readWorkTree((await findWorkTree(repository.root))!)
    expect(await contentOf(snapshot, 'a.py')).toBe('x = 1\ny = 2\n')
  })

  it('reads the conflict markers of an unmerged file', async () => {
    const repository = new TemporaryRepository()
    repository.commit({ 'a.py': 'x = 0\n' })
    repository.git('switch', '--quiet', '--create', 'topic')
    repository.commit({ 'a.py': 'x = 1\n' })
    repository.git('switch', '--quiet', 'main')
    repository.commit({ 'a.py': 'x = 2\n' })
    expect(() => repository.git('merge', 'topic')).toThrow()
    const snapshot = await readWorkTree((await findWorkTree(repository.root))!)
    expect(pathsOf(snapshot)).toEqual(['a.py'])
    expect(await contentOf(snapshot, 'a.py')).toContain('<<<<<<<')
  })

  it('follows no symbolic link, neither a file nor a directory on the way', async () => {
    const repository = new TemporaryRepository()
    repository.commit({ 'pkg/a.py': '1', 'b.py': '1' })
    const elsewhere = temporaryDirectory()
    new TemporaryRepository(elsewhere).write('a.py', 'secret')
    repository.remove('pkg')
    symlinkSync(elsewhere, join(repository.root, 'pkg'))
    repository.remove('b.py')
    symlinkSync(join(elsewhere, 'a.py'), join(repository.root, 'b.py'))
    const snapshot = await readWorkTree((await findWorkTree(repository.root))!)
    expect(pathsOf(snapshot).filter((path) => path.endsWith('.py'))).toEqual([])
    expect(snapshot.skipped).toEqual([{ path: 'b.py', reason: 'a symbolic link' }])
  })

  it('writes nothing to the repository', async () => {
    const repository = new TemporaryRepository()
    const base = repository.commit({ 'a.py': '1', 'b.py': bodyOf('b') })
    repository.write('a.py', '2')
    repository.write('c.py', bodyOf('b'))
    const state = () => readdirSync(repository.gitDir, { recursive: true }).sort()
    const index = () => readFileSync(join(repository.gitDir, 'index'))
    const before = [state(), index()]
    const workTree = (await findWorkTree(repository.root))!
    const snapshot = await readWorkTree(workTree)
    await snapshot.read(snapshot.files)
    await workTreeChanges(workTree, base, await snapshotOf(repository.gitDir, base), snapshot)
    expect([state(), index()]).toEqual(before)
  })
})

describe('workTreeChanges', () => {
  it('tells staged, unstaged and untracked changes and renames from a commit', async () => {
    const repository = new TemporaryRepository()
    const base = repository.commit({
      'same.py': '1\n',
      'changed.py': '1\n',
      'gone.py': 'gone\n',
      'staged-move.py': bodyOf('staged'),
      'plain-move.py': bodyOf('plain'),
      'untouched-but-rewritten.py': '7\n',
    })
    repository.commit({ 'between.py': 'between\n' })
    repository.git('mv', 'staged-move.py', 'moved-1.py')
    repository.write('moved-1.py', `${bodyOf('staged')}\nmore = 1`)
    repository.remove('plain-move.py')
    repository.write('moved-2.py', bodyOf('plain'))
    repository.write('changed.py', '2\n')
    repository.write('untouched-but-rewritten.py', '7\n')
    repository.write('new.py', 'new\n')
    repository.remove('gone.py')

    const workTree = (await findWorkTree(repository.root))!
    const before = await snapshotOf(repository.gitDir, base)
    expect(await workTreeChanges(workTree, base, before, await readWorkTree(workTree))).toEqual([
      { status: 'added', path: 'between.py' },
      { status: 'modified', path: 'changed.py' },
      { status: 'removed', path: 'gone.py' },
      { status: 'renamed', path: 'moved-1.py', previousPath: 'staged-move.py' },
      { status: 'renamed', path: 'moved-2.py', previousPath: 'plain-move.py' },
      { status: 'added', path: 'new.py' },
    ])
  })
})

describe('readDirectory', () => {
  it('walks a directory without other people’s code, and follows no link', async () => {
    const root = temporaryDirectory()
    const files = [
      'a.py',
      'sub/dir/b.py',
      'notes.txt',
      'node_modules/x/c.py',
      '.venv/d.py',
      'my-env/lib/e.py',
      '.git/f.py',
    ]
    for (const file of files) writeFile(root, file, `# ${file}`)
    writeFile(root, 'my-env/pyvenv.cfg', '')
    symlinkSync(root, join(root, 'loop'))
    symlinkSync(join(root, 'a.py'), join(root, 'link.py'))
    const snapshot = await readDirectory(root)
    expect(pathsOf(snapshot)).toEqual(['a.py', 'notes.txt', 'sub/dir/b.py'])
    expect(snapshot.skipped).toEqual([{ path: 'link.py', reason: 'a symbolic link' }])
    expect(await contentOf(snapshot, 'sub/dir/b.py')).toBe('# sub/dir/b.py')
    expect(await contentOf(snapshot, 'notes.txt')).toBe('# notes.txt')
  })

  it('keeps the bytes that the SHA names, however the disk changes', async () => {
    const root = temporaryDirectory()
    writeFile(root, 'a.py', 'before')
    const snapshot = await readDirectory(root)
    writeFile(root, 'a.py', 'after')
    expect(await contentOf(snapshot, 'a.py')).toBe('before')
  })

  it.skipIf(process.getuid?.() === 0)('names a directory that it may not open', async () => {
    const root = temporaryDirectory()
    mkdirSync(join(root, 'closed'))
    chmodSync(join(root, 'closed'), 0)
    expect((await readDirectory(root)).skipped).toEqual([{ path: 'closed/', reason: 'cannot be read (EACCES)' }])
  })
})
