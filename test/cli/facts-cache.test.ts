import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cacheDirectory, DiskFactsCache } from '../../src/cli/facts-cache.ts'
import type { FileRecord } from '../../src/engine/facts-cache.ts'
import { temporaryDirectory } from '../git/temporary-repository.ts'

const record = (text: string): FileRecord => ({ mentionsCelery: true, relevant: true, refused: text })

const get = (cache: DiskFactsCache, key: string) => cache.getMany([key]).get(key)

const open = (directory: string, mostBytes?: number) => new DiskFactsCache(directory, 'v1', { mostBytes })

/** One run that looks for facts and stores those that it misses; the answer is which were found. */
function run(directory: string, facts: Readonly<Record<string, FileRecord>>, mostBytes?: number): string[] {
  const cache = open(directory, mostBytes)
  const found: string[] = []
  for (const [sha, value] of Object.entries(facts)) {
    const cached = get(cache, sha)
    if (cached === undefined) cache.set(sha, value)
    else {
      expect(cached).toEqual(value)
      found.push(sha)
    }
  }
  cache.close()
  return found
}

const packsIn = (directory: string) => fs.readdirSync(join(directory, 'v1')).filter((name) => name.endsWith('.pack'))

const manyFacts = (count: number, prefix = 'sha') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, record(`ünïcode ${prefix} ${at}`)]))

describe('DiskFactsCache', () => {
  it('gives back in a later run what an earlier one stored', () => {
    const directory = temporaryDirectory()
    const facts = manyFacts(100)
    expect(run(directory, facts)).toEqual([])
    expect(run(directory, facts)).toEqual(Object.keys(facts))
    expect(packsIn(directory)).toHaveLength(1)
  })

  it('keeps versions apart', () => {
    const directory = temporaryDirectory()
    run(directory, manyFacts(1))
    expect(get(new DiskFactsCache(directory, 'v2'), 'sha0')).toBeUndefined()
  })

  it('gives back what a record was when it was stored', () => {
    const directory = temporaryDirectory()
    const cache = open(directory)
    const linked: FileRecord & { parent?: unknown } = record('before')
    cache.set('sha', linked)
    linked.parent = linked
    cache.close()
    expect(get(open(directory), 'sha')).toEqual(record('before'))
  })

  it('gives back what was stored last, also when packs are merged', () => {
    const directory = temporaryDirectory()
    for (const version of ['first', 'second', 'third']) {
      const cache = open(directory)
      cache.set('sha', record('outdated at once'))
      cache.set('sha', record(version))
      cache.set(version, record(version))
      cache.close()
      expect(get(open(directory), 'sha')).toEqual(record(version))
    }
    for (const version of ['first', 'second', 'third']) expect(get(open(directory), version)).toEqual(record(version))
  })

  it('keeps few packs over many small runs, and loses nothing', () => {
    const directory = temporaryDirectory()
    for (let at = 0; at < 64; at++) run(directory, { [`sha${at}`]: record(`number ${at}`) })
    expect(packsIn(directory).length).toBeLessThanOrEqual(8)
    const cache = open(directory)
    for (let at = 0; at < 64; at++) expect(get(cache, `sha${at}`)).toEqual(record(`number ${at}`))
    cache.close()
  })

  it('takes damage for absence, byte by byte', () => {
    const directory = temporaryDirectory()
    const facts = manyFacts(3)
    run(directory, facts)
    const path = join(directory, 'v1', packsIn(directory)[0]!)
    const intact = fs.readFileSync(path)
    for (let at = 0; at < intact.length; at++) {
      const damaged = Buffer.from(intact)
      damaged[at]! ^= 0xff
      fs.writeFileSync(path, damaged)
      const cache = open(directory)
      for (const [sha, value] of Object.entries(facts)) expect([undefined, value]).toContainEqual(get(cache, sha))
      cache.close()
    }
    for (let length = 0; length < intact.length; length++) {
      fs.writeFileSync(path, intact.subarray(0, length))
      expect(get(open(directory), 'sha0')).toBeUndefined()
    }
  })

  it('reads on while another run replaces its packs', () => {
    const directory = temporaryDirectory()
    run(directory, manyFacts(2))
    const reader = open(directory)
    run(directory, manyFacts(200, 'other'))
    expect(get(reader, 'sha1')).toEqual(record('ünïcode sha 1'))
    reader.set('new', record('new'))
    reader.close()
    const later = open(directory)
    for (const sha of ['sha0', 'other7', 'new']) expect(get(later, sha)).toBeDefined()
    later.close()
  })

  it('drops the packs that were not used for the longest time', () => {
    const directory = temporaryDirectory()
    const bound = 6000
    const sets = ['a', 'b', 'c'].map((prefix) => manyFacts(30, prefix))
    for (const [age, facts] of sets.entries()) {
      run(directory, facts, bound)
      const newest = packsIn(directory).map((name) => join(directory, 'v1', name))
      for (const path of newest)
        fs.utimesSync(path, fs.statSync(path).atime, new Date(fs.statSync(path).mtimeMs - (3 - age) * 1000))
    }
    const bytes = packsIn(directory).reduce((sum, name) => sum + fs.statSync(join(directory, 'v1', name)).size, 0)
    expect(bytes).toBeLessThanOrEqual(bound)
    const cache = open(directory)
    expect(get(cache, 'a0')).toBeUndefined()
    expect(get(cache, 'c0')).toBeDefined()
  })

  it('clears away what was abandoned', () => {
    const directory = temporaryDirectory()
    const longAgo = new Date(Date.now() - 30 * 24 * 60 * 60 * 1000)
    fs.mkdirSync(join(directory, 'v0'))
    fs.mkdirSync(join(directory, 'v1'))
    fs.writeFileSync(join(directory, 'v1', 'dead.tmp'), '')
    for (const path of [join(directory, 'v0'), join(directory, 'v1', 'dead.tmp')]) fs.utimesSync(path, longAgo, longAgo)
    fs.writeFileSync(join(directory, 'v1', 'alive.tmp'), '')
    run(directory, manyFacts(1))
    expect(fs.readdirSync(directory)).toEqual(['v1'])
    expect(fs.readdirSync(join(directory, 'v1')).filter((name) => name.endsWith('.tmp'))).toEqual(['alive.tmp'])
  })

  it('does without a directory that it cannot write', () => {
    const file = join(temporaryDirectory(), 'file')
    fs.writeFileSync(file, '')
    expect(run(file, manyFacts(2))).toEqual([])
    expect(run(file, manyFacts(2))).toEqual([])
  })
})

describe('cacheDirectory', () => {
  it('follows XDG_CACHE_HOME when it is absolute', () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: '/var/cache' })).toBe('/var/cache/celery-review')
    expect(cacheDirectory({ XDG_CACHE_HOME: 'relative' })).toBe(cacheDirectory({}))
  })
})
