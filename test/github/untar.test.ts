import { execFileSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { createGunzip, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { untar } from '../../src/github/untar.ts'
import { createRepository } from '../support/git-repository.ts'

async function contentsOf(
  archive: Buffer,
  { file = 1_000_000, whole = 10_000_000, pieces = 1_000 } = {},
): Promise<string[]> {
  async function* inPieces() {
    for (let at = 0; at < archive.length; at += pieces) yield archive.subarray(at, at + pieces)
  }
  const contents: string[] = []
  for await (const bytes of untar(inPieces(), { file, whole })) contents.push(Buffer.from(bytes).toString())
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
  expect(await contentsOf(archive, { file: 1_000 })).toEqual(['a\n', 'z\n'])
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

/** One entry as ustar writes it, with whatever it says of itself. */
function entry(
  name: string,
  content: string,
  { type = '0', link = '', size = content.length.toString(8) } = {},
): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0, 100)
  header.write(size.padStart(11, '0'), 124)
  header.write(type, 156)
  header.write(link, 157, 100)
  header.write('ustar\x0000', 257, 'latin1')
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)])
}

const end = Buffer.alloc(1024)

describe('an archive made to do harm', () => {
  test('leads nowhere: what is no file is passed over, and no name means anything', async () => {
    const archive = Buffer.concat([
      entry('link.py', '', { type: '2', link: '/etc/passwd' }),
      entry('hard.py', '', { type: '1', link: '../../etc/shadow' }),
      entry('device', '', { type: '3' }),
      entry('pipe', '', { type: '6' }),
      entry('folder/', '', { type: '5' }),
      entry('../../outside.py', 'a\n'),
      entry('/etc/cron.d/x', 'b\n'),
      entry('link.py/below.py', 'c\n'),
      end,
    ])
    expect(await contentsOf(archive)).toEqual(['a\n', 'b\n', 'c\n'])
  })

  test('cannot have more memory than a file may take, whatever it declares', async () => {
    const huge = (size: string, type?: string) =>
      Buffer.concat([entry('a.py', '', { size, type }), Buffer.alloc(5_000)])
    for (const type of ['0', 'x', 'g', 'L']) {
      await expect(contentsOf(huge('77777777777', type))).rejects.toThrow('cut off')
    }
    for (const size of ['9'.repeat(20), '9'.repeat(400), '1e9', '-5']) {
      const pax = `30 size=${size}\n`
      const archive = Buffer.concat([entry('pax', pax, { type: 'x' }), entry('a.py', 'x'), end])
      await contentsOf(archive).catch((error: Error) => expect(error.message).toMatch(/cut off|not a tar archive/))
    }
    await expect(contentsOf(huge('-7777777777'))).rejects.toThrow('not a tar archive')
  })

  test('ends where it grows too large, however small it was packed', async () => {
    const bomb = gzipSync(Buffer.concat([entry('bomb.py', '', { size: '7777777777' }), Buffer.alloc(50_000_000)]))
    expect(bomb.length).toBeLessThan(100_000)
    let unpacked = 0
    const chunks = Readable.from([bomb]).pipe(createGunzip())
    async function* counted() {
      for await (const chunk of chunks) {
        unpacked += chunk.length
        yield chunk
      }
    }
    const read = async () => {
      for await (const _ of untar(counted(), { file: 1_000, whole: 1_000_000 }));
    }
    await expect(read()).rejects.toThrow('too large')
    expect(unpacked).toBeLessThan(2_000_000)
  })

  test('is taken apart or refused in a word, wherever it is cut or changed', async () => {
    const archive = Buffer.concat([
      entry('a.py', 'a\n'),
      entry('pax', '12 size=2\n', { type: 'x' }),
      entry('b', 'b\n'),
      end,
    ])
    const change = fc.record({ at: fc.nat(archive.length - 1), byte: fc.nat(255), length: fc.nat(archive.length) })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, byte, length }) => {
        const changed = Buffer.from(archive)
        changed[at] = byte
        await contentsOf(changed.subarray(0, length)).catch((error: Error) => {
          expect(error.message).toMatch(/^(the archive is (cut off|too large)|not a tar archive)$/)
        })
      }),
      { numRuns: 500 },
    )
  })
})
