import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { untar } from '../../src/github/untar.ts'
import { createRepository } from '../support/git-repository.ts'

async function contentsOf(archive: Buffer, { mostBytes = 1_000_000, pieces = 1_000 } = {}): Promise<string[]> {
  async function* inPieces() {
    for (let at = 0; at < archive.length; at += pieces) yield archive.subarray(at, at + pieces)
  }
  const contents: string[] = []
  for await (const bytes of untar(inPieces(), mostBytes)) contents.push(Buffer.from(bytes).toString())
  return contents
}

async function archiveOf(files: Parameters<typeof createRepository>[0]): Promise<Buffer> {
  const repository = await createRepository(files)
  try {
    return execFileSync('git', ['--git-dir', repository.dir, 'archive', '--prefix=shop-1/', 'main'])
  } finally {
    await repository.remove()
  }
}

test('gives the contents of regular files, however the bytes come', async () => {
  const archive = await archiveOf({
    'a.py': 'a\n',
    'empty.py': '',
    'exact.py': 'x'.repeat(512),
    'link.py': { mode: '120000', content: '../../etc/passwd' },
    [`${'long/'.repeat(60)}name é.py`]: 'long\n',
  })
  const expected = ['a\n', '', 'x'.repeat(512), 'long\n'].sort()
  for (const pieces of [1, 7, 511, 512, 513, 100_000]) {
    expect((await contentsOf(archive, { pieces })).sort()).toEqual(expected)
  }
})

test('passes over a file that is too large', async () => {
  const archive = await archiveOf({ 'a.py': 'a\n', 'large.py': 'x'.repeat(5_000), 'z.py': 'z\n' })
  expect(await contentsOf(archive, { mostBytes: 1_000 })).toEqual(['a\n', 'z\n'])
})

test('refuses what is cut off, and what is no archive', async () => {
  const archive = await archiveOf({ 'a.py': 'x'.repeat(5_000) })
  for (const length of [0, 100, 512, 3_000]) {
    await expect(contentsOf(archive.subarray(0, length))).rejects.toThrow('cut off')
  }
  await expect(contentsOf(Buffer.alloc(2_048, 'no archive'))).rejects.toThrow('not a tar archive')
  const wrongSize = Buffer.from(archive)
  wrongSize.write('zzzzzzzzzzz', wrongSize.indexOf('ustar') - 257 + 124)
  await expect(contentsOf(wrongSize)).rejects.toThrow('not a tar archive')
})
