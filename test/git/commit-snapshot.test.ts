import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { readBlobs } from '../../src/git/blobs.ts'
import { snapshotOf } from '../../src/git/commit-snapshot.ts'
import { TemporaryRepository, temporaryDirectory } from './temporary-repository.ts'

const textOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()

describe('snapshotOf', () => {
  it('lists a commit and reads it byte for byte, from a bare repository too', async () => {
    const repository = new TemporaryRepository()
    const binary = new Uint8Array(200_000).map((_, at) => at % 256)
    const files = {
      'a.py': 'x = 1\n',
      'empty.py': '',
      'odd \n"name".py': 'y',
      'sub/ü.py': 'x = 1\n',
      'data.bin': binary,
    }
    const commit = repository.commit(files)
    const bare = join(temporaryDirectory(), 'bare')
    repository.git('clone', '--quiet', '--bare', repository.root, bare)
    rmSync(join(bare, 'config'))

    const snapshot = await snapshotOf(bare, commit)
    expect(snapshot.files.map((file) => file.path)).toEqual([
      'a.py',
      'data.bin',
      'empty.py',
      'odd \n"name".py',
      'sub/ü.py',
    ])
    expect(snapshot.files.map((file) => file.size)).toEqual([6, 200_000, 0, 1, 6])
    const contents = await snapshot.read(snapshot.files)
    expect(contents.size).toBe(5)
    for (const [path, content] of Object.entries(files))
      expect(Buffer.from(contents.get(path)!)).toEqual(Buffer.from(content))
    expect(snapshot.skipped).toEqual([])
  })

  it('leaves out links, submodules and names that are no UTF-8, and says so', async () => {
    const repository = new TemporaryRepository()
    repository.commit({ 'a.py': '1' })
    writeFileSync(Buffer.concat([Buffer.from(`${repository.root}/bad`), Buffer.from([0xff]), Buffer.from('.py')]), '1')
    repository.git('add', '--', '*.py')
    const blob = repository.git('rev-parse', 'HEAD:a.py')
    const head = repository.git('rev-parse', 'HEAD')
    for (const entry of [`120000,${blob},link.py`, `120000,${blob},link.txt`, `160000,${head},vendor`]) {
      repository.git('update-index', '--add', '--cacheinfo', entry)
    }
    repository.git('commit', '--quiet', '--message', 'Odd entries')
    const snapshot = await snapshotOf(repository.gitDir, 'HEAD')
    expect(snapshot.files.map((file) => file.path)).toEqual(['a.py'])
    expect(snapshot.skipped).toEqual([
      { path: 'bad\ufffd.py', reason: 'its name is not valid UTF-8' },
      { path: 'link.py', reason: 'a symbolic link' },
      { path: 'vendor', reason: 'a submodule' },
    ])
  })

  it('does without blobs that are missing or damaged, and reads the others', async () => {
    const repository = new TemporaryRepository()
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`f${at}.py`, `x = ${at}\n`.repeat(50)]))
    const commit = repository.commit(files)
    const objectOf = (path: string) => {
      const sha = repository.git('rev-parse', `HEAD:${path}`)
      return join(repository.gitDir, 'objects', sha.slice(0, 2), sha.slice(2))
    }
    const snapshot = await snapshotOf(repository.gitDir, commit)
    rmSync(objectOf('f1.py'))
    rmSync(objectOf('f3.py'))
    writeFileSync(objectOf('f3.py'), 'garbage')
    for (const path of ['f5.py', 'f6.py']) {
      const object = readFileSync(objectOf(path))
      rmSync(objectOf(path))
      writeFileSync(objectOf(path), object.subarray(0, -4))
    }
    const contents = await snapshot.read(snapshot.files)
    expect([...contents.keys()]).toEqual(['f0.py', 'f2.py', 'f4.py', 'f7.py', 'f8.py'])
    expect(textOf(contents.get('f8.py'))).toBe('x = 8\n'.repeat(50))
    expect((await snapshotOf(repository.gitDir, commit)).files[1]).toMatchObject({ path: 'f1.py', size: undefined })
  })

  it('says in one line that a directory is no repository', async () => {
    const failure = await readBlobs(temporaryDirectory(), ['1'.repeat(40), '2'.repeat(40), '3'.repeat(40)]).catch(
      (e) => e,
    )
    expect(failure).toBeInstanceOf(UserError)
    expect(failure.message).toMatch(/git cannot read it: not a git repository/)
  })
})
