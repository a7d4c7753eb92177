import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { MemoryBlobCache } from '../../src/github/blob-cache.ts'
import { BlobReader } from '../../src/github/blob-reader.ts'
import { readTree } from '../../src/github/read-tree.ts'
import { name, startSetting } from './setting.ts'

const cache = () => new MemoryBlobCache(1_000_000)
const shaOf = (bytes: Uint8Array | string) =>
  execFileSync('git', ['hash-object', '--stdin'], { input: bytes }).toString().trim()

/** What text through JSON does not keep: no UTF-8, NUL, a byte order mark, every kind of line end. */
const awkward = {
  'latin.py': Buffer.from('# -*- coding: latin-1 -*-\nname = "Zo\xeb"\n', 'latin1'),
  'nul.py': Buffer.from('a = 1\0\n'),
  'bom.py': Buffer.from('\ufeffa = 1\n'),
  'ends.py': Buffer.from('a\r\nb\rc\nd'),
  'empty.py': Buffer.from(''),
  'wide.py': Buffer.from('name = "𝒳 é ש"\n'),
}

test('reads every byte as it is', async () => {
  const { octokit, commit } = await startSetting(awkward)
  const wanted = Object.values(awkward).map((bytes) => ({ name: shaOf(bytes), size: bytes.length }))
  const blobs = await new BlobReader(octokit, name, cache()).read(wanted)
  for (const bytes of Object.values(awkward)) {
    expect(Buffer.from(blobs.get(shaOf(bytes))!.bytes).equals(bytes)).toBe(true)
  }
  const byPath = await new BlobReader(octokit, name, cache()).read([{ name: `${commit}:latin.py` }])
  expect(byPath.get(`${commit}:latin.py`)!.sha).toBe(shaOf(awkward['latin.py']))
})

test('reads a text that GraphQL cuts off to its end', async () => {
  const long = 'x = 1\n'.repeat(1_000)
  const { octokit, asked } = await startSetting({ 'long.py': long }, { limits: { blobText: 600 } })
  const blobs = await new BlobReader(octokit, name, cache()).read([{ name: shaOf(long) }])
  expect(Buffer.from(blobs.get(shaOf(long))!.bytes).toString()).toBe(long)
  expect(asked()).toEqual(['POST /graphql', `GET /git/blobs/${shaOf(long)}`])
})

test('does not ask GraphQL for a text that is known to be too long for it, and for no bytes twice', async () => {
  const long = 'x = 1\n'.repeat(100_000)
  const { octokit, commit, asked } = await startSetting({ 'long.py': long })
  const reader = new BlobReader(octokit, name, cache())
  await reader.read([{ name: shaOf(long), size: long.length }])
  expect(asked()).toEqual([`GET /git/blobs/${shaOf(long)}`])
  const byPath = await reader.read([{ name: `${commit}:long.py` }])
  expect(byPath.get(`${commit}:long.py`)?.sha).toBe(shaOf(long))
  expect(asked().slice(1)).toEqual(['POST /graphql'])
})

test('asks in two halves for what is too much in one answer', async () => {
  const files = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`f${n}.py`, `${n} = '${'x'.repeat(900)}'\n`]))
  const { octokit, asked } = await startSetting(files, { limits: { graphqlText: 6_000 } })
  const wanted = Object.values(files).map((text) => ({ name: shaOf(text) }))
  expect((await new BlobReader(octokit, name, cache()).read(wanted)).size).toBe(10)
  expect(asked()).toEqual(Array(3).fill('POST /graphql'))
})

test('leaves out what is missing, no file, or too large, and asks for nothing twice', async () => {
  const { octokit, commit, asked } = await startSetting({ 'a/b.py': 'b = 1\n' })
  const reader = new BlobReader(octokit, name, cache())
  const names = [`${commit}:a/b.py`, `${commit}:a`, `${commit}:nowhere.py`, '0'.repeat(40), `${commit}:a/b.py`]
  const blobs = await reader.read([...names.map((one) => ({ name: one })), { name: '1'.repeat(40), size: 50_000_000 }])
  expect([...blobs.keys()]).toEqual([`${commit}:a/b.py`])
  await reader.read([{ name: `${commit}:a/b.py` }, { name: shaOf('b = 1\n') }])
  expect(asked()).toEqual(['POST /graphql'])
})

test('reads a whole project with one request for its archive, and singly what the archive lacks or changes', async () => {
  const many = Object.fromEntries(Array.from({ length: 160 }, (_, n) => [`pkg/f${n}.py`, `f${n} = ${n}\n`]))
  const { octokit, commit, asked } = await startSetting({
    ...many,
    ...awkward,
    '.gitattributes': 'pkg/f1.py export-ignore\npkg/version.py export-subst\n',
    'pkg/version.py': 'commit = "$Format:%H$"\n',
    'link.py': { mode: '120000', content: '/etc/passwd' },
    [`deep/${'long/'.repeat(40)}name.py`]: 'deep = 1\n',
  })
  const { files } = await readTree(octokit, name, commit)
  const python = files.filter(({ path }) => path.endsWith('.py'))
  const wanted = python.map(({ sha, size }) => ({ name: sha, size }))
  const blobs = await new BlobReader(octokit, name, cache()).read(wanted, { commit, size: 10_000 })
  expect(blobs.size).toBe(160 + Object.keys(awkward).length + 2)
  for (const [sha, { bytes }] of blobs) {
    expect(createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')).toBe(sha)
  }
  expect(asked()).toEqual([
    expect.stringMatching(/^GET \/git\/trees\//),
    expect.stringMatching(/^GET \/tarball\//),
    ...asked()
      .slice(2, -1)
      .filter((request) => !/^(POST \/graphql)$/.test(request)),
    'POST /graphql',
  ])
})

test('keeps what came of an archive that is cut off midway, and reads the rest blob by blob', async () => {
  // What does not pack well, so that half an archive holds some of the files.
  const many = Object.fromEntries(
    Array.from({ length: 160 }, (_, n) => [`f${n}.py`, `x = '${createHash('sha512').update(`${n}`).digest('hex')}'\n`]),
  )
  const { github, octokit, commit, asked } = await startSetting(many)
  const wanted = Object.values(many).map((text) => ({ name: shaOf(text), size: text.length }))
  const names = { owner: name.owner, repo: name.repo, ref: commit }
  const whole = Buffer.from((await octokit.rest.repos.downloadTarballArchive(names)).data as ArrayBuffer)
  const before = asked().length
  github.failNext({ method: 'GET', path: /\/codeload\//, status: 200, body: whole.subarray(0, whole.length >> 1) })
  const blobs = await new BlobReader(octokit, name, cache()).read(wanted, { commit, size: 10_000 })
  expect(new Set(blobs.keys())).toEqual(new Set(wanted.map((one) => one.name)))
  const batches = asked()
    .slice(before)
    .filter((one) => one === 'POST /graphql').length
  expect(batches).toBeGreaterThan(0)
  expect(batches).toBeLessThan(2)
})

test('reads blob by blob what a broken archive does not give', async () => {
  const many = Object.fromEntries(Array.from({ length: 160 }, (_, n) => [`f${n}.py`, `f${n} = ${n}\n`]))
  const { github, octokit, commit, asked } = await startSetting(many)
  const wanted = Object.values(many).map((text) => ({ name: shaOf(text), size: text.length }))
  github.failNext({ method: 'GET', path: /\/codeload\//, status: 200, body: 'no archive' })
  const blobs = await new BlobReader(octokit, name, cache()).read(wanted, { commit, size: 10_000 })
  expect(blobs.size).toBe(160)
  expect(asked().filter((one) => one === 'POST /graphql')).toHaveLength(2)
})
