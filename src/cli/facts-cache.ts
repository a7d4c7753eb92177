/**
 * Owns keeping what is known of files on disk between runs of the command line. What that is, and when it is asked for, is
 * the engine's.
 *
 * A directory holds packs. A pack is written once, by one run, and never changed: entries as JSON one after the other, then
 * the index of them, then a footer that says where the index starts. Thousands of facts cost one file, and a run that
 * dies leaves nothing but a temporary file behind. Whatever is damaged or vanishes counts as never stored.
 */
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { decodeRecord, encodeRecord, type FactsCache, type FileRecord } from '../engine/facts-cache.ts'

/** Beyond this size the packs that were not used for the longest time go. */
const mostBytes = 512 << 20

const dayMs = 24 * 60 * 60 * 1000
/** What nobody has touched for so long is abandoned: the file of a run that died, the packs of another version. */
const abandonedAfterMs = { temporary: dayMs, version: 14 * dayMs }

const magic = 'CRF1'
/** The index's offset in 8 bytes, its checksum in 4, then the magic. */
const footerLength = 16

/** `[key, offset, length, checksum]` */
type IndexRow = readonly [string, number, number, number]

interface Pack {
  readonly path: string
  readonly descriptor: number
  /** Of its entries, in bytes. */
  readonly size: number
  readonly rows: readonly IndexRow[]
  used: boolean
}

/** `${XDG_CACHE_HOME:-~/.cache}/celery-review`; a relative XDG_CACHE_HOME counts as unset, as its specification asks. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const configured = environment.XDG_CACHE_HOME
  const home = configured && isAbsolute(configured) ? configured : join(homedir(), '.cache')
  return join(home, 'celery-review')
}

/** Remembers records on disk. Never throws: where the disk refuses, nothing is stored. */
export class DiskFactsCache implements FactsCache {
  readonly #directory: string
  readonly #mostBytes: number
  readonly #packs: Pack[] = []
  readonly #places = new Map<string, { pack: Pack; row: IndexRow }>()
  #fresh: PackWriter | undefined

  /** Opens the packs of a version in a cache directory, which need not exist and which holds nothing else. */
  constructor(cacheDirectory: string, version: string, options: { mostBytes?: number } = {}) {
    this.#directory = join(cacheDirectory, version)
    this.#mostBytes = options.mostBytes ?? mostBytes
    for (const name of packNames(this.#directory)) {
      const pack = openPack(join(this.#directory, name))
      if (pack === undefined) continue
      this.#packs.push(pack)
      for (const row of pack.rows) this.#places.set(row[0], { pack, row })
    }
  }

  getMany(keys: readonly string[]): ReadonlyMap<string, FileRecord> {
    const known = new Map<string, FileRecord>()
    for (const key of keys) {
      const record = this.#read(key)
      if (record) known.set(key, record)
    }
    return known
  }

  #read(key: string): FileRecord | undefined {
    const place = this.#places.get(key)
    if (place === undefined) return undefined
    place.pack.used = true
    return attempt(() => decodeRecord(readEntry(place.pack, place.row)))
  }

  set(key: string, record: FileRecord): void {
    attempt(() => {
      this.#fresh ??= new PackWriter(this.#directory)
      this.#fresh.add(key, encodeRecord(record))
    })
  }

  /** Makes what was stored visible to later runs and throws away what is beyond the bound. To be called once, at the end. */
  close(): void {
    for (const pack of this.#packs) if (pack.used) attempt(() => fs.utimesSync(pack.path, new Date(), new Date()))
    if (this.#fresh) {
      const absorbed = this.#absorbSmallerPacks(this.#fresh)
      if (this.#fresh.finish()) for (const pack of absorbed) attempt(() => fs.unlinkSync(pack.path))
      removeAbandoned(this.#directory)
      removeOldest(this.#directory, this.#mostBytes)
    }
    for (const pack of this.#packs) fs.closeSync(pack.descriptor)
  }

  /** Keeps the number of packs logarithmic: one that is no larger than twice what was written becomes part of it. */
  #absorbSmallerPacks(fresh: PackWriter): Pack[] {
    const absorbed: Pack[] = []
    for (const pack of this.#packs.toSorted((a, b) => a.size - b.size)) {
      if (pack.size > 2 * fresh.size || fresh.size + pack.size > this.#mostBytes / 4) break
      for (const row of pack.rows)
        if (this.#isCurrent(pack, row, fresh)) attempt(() => fresh.add(row[0], readEntry(pack, row)))
      absorbed.push(pack)
    }
    return absorbed
  }

  #isCurrent(pack: Pack, [key]: IndexRow, fresh: PackWriter): boolean {
    return this.#places.get(key)?.pack === pack && !fresh.has(key)
  }
}

class PackWriter {
  size = 0
  readonly #path: string
  readonly #descriptor: number
  readonly #rows = new Map<string, IndexRow>()

  constructor(directory: string) {
    // The records repeat the reviewed code, which may be nobody else's business.
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
    // In the order of their names, later packs override earlier ones.
    this.#path = join(directory, `${Date.now()}-${randomUUID()}`)
    this.#descriptor = fs.openSync(`${this.#path}.tmp`, 'wx', 0o600)
  }

  has(key: string): boolean {
    return this.#rows.has(key)
  }

  /** What is added later under the same key counts. */
  add(key: string, bytes: Uint8Array): void {
    this.#rows.set(key, [key, this.size, bytes.length, crc32(bytes)])
    this.#write(bytes)
  }

  /** Turns what was added into a pack, all or nothing; the answer is whether there is one now. */
  finish(): boolean {
    const finished = attempt(() => {
      this.#writeIndex()
      fs.renameSync(`${this.#path}.tmp`, `${this.#path}.pack`)
      return true
    })
    fs.closeSync(this.#descriptor)
    if (!finished) attempt(() => fs.unlinkSync(`${this.#path}.tmp`))
    return finished === true
  }

  #writeIndex(): void {
    const index = Buffer.from(JSON.stringify([...this.#rows.values()]))
    const footer = Buffer.alloc(footerLength)
    footer.writeBigUInt64BE(BigInt(this.size))
    footer.writeUInt32BE(crc32(index), 8)
    footer.write(magic, 12, 'latin1')
    this.#write(index)
    this.#write(footer)
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.#descriptor, bytes, at)
    this.size += bytes.length
  }
}

function openPack(path: string): Pack | undefined {
  const descriptor = attempt(() => fs.openSync(path, 'r'))
  if (descriptor === undefined) return undefined
  const pack = attempt(() => {
    const { size } = fs.fstatSync(descriptor)
    const footer = readAt(descriptor, size - footerLength, footerLength)
    const start = Number(footer.readBigUInt64BE())
    const index = readAt(descriptor, start, size - footerLength - start)
    if (footer.toString('latin1', 12) !== magic || crc32(index) !== footer.readUInt32BE(8)) return undefined
    return { path, descriptor, size: start, rows: JSON.parse(index.toString()) as IndexRow[], used: false }
  })
  if (pack === undefined) {
    fs.closeSync(descriptor)
    attempt(() => fs.unlinkSync(path))
  }
  return pack
}

/** @throws RangeError or a system error when the entry is damaged. */
function readEntry(pack: Pack, [, offset, length, checksum]: IndexRow): Buffer {
  const bytes = readAt(pack.descriptor, offset, length)
  if (crc32(bytes) !== checksum) throw new RangeError('the entry is damaged')
  return bytes
}

/** @throws RangeError or a system error when the file does not hold so many bytes there. */
function readAt(descriptor: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  if (fs.readSync(descriptor, bytes, 0, length, offset) !== length) throw new RangeError('the pack ends too early')
  return bytes
}

const packNames = (directory: string): string[] =>
  attempt(() => fs.readdirSync(directory))
    ?.filter((name) => name.endsWith('.pack'))
    .sort() ?? []

function removeOldest(directory: string, bound: number): void {
  const packs = packNames(directory).flatMap((name) => {
    const path = join(directory, name)
    const stats = attempt(() => fs.statSync(path))
    return stats ? [{ path, size: stats.size, usedAt: stats.mtimeMs }] : []
  })
  packs.sort((a, b) => b.usedAt - a.usedAt)
  let total = 0
  for (const { path, size } of packs) {
    total += size
    if (total > bound) attempt(() => fs.unlinkSync(path))
  }
}

function removeAbandoned(directory: string): void {
  const versions = dirname(directory)
  for (const name of attempt(() => fs.readdirSync(directory)) ?? []) {
    if (name.endsWith('.tmp')) removeOlderThan(join(directory, name), abandonedAfterMs.temporary)
  }
  for (const name of attempt(() => fs.readdirSync(versions)) ?? []) {
    removeOlderThan(join(versions, name), abandonedAfterMs.version)
  }
}

function removeOlderThan(path: string, ageMs: number): void {
  attempt(() => {
    if (fs.statSync(path).mtimeMs < Date.now() - ageMs) fs.rmSync(path, { recursive: true })
  })
}

/** Nothing here is worth a failed run: a cache that cannot be read or written is an empty one. */
function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
