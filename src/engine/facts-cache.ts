/** Owns the port through which facts are remembered between runs, the adapter in memory, and the bytes of one record. */
import { LRUCache } from 'lru-cache'
import type { FileFacts } from '../celery/facts.ts'
import type { Requirement } from '../celery/requirements.ts'

/** What is known of one file's content; plain data, a pure function of its bytes and of its path's kind. */
export interface FileRecord {
  readonly mentionsCelery: boolean
  readonly relevant: boolean
  /** Present once the file has been parsed. */
  readonly facts?: FileFacts
  /** What a file of requirements says. */
  readonly requirements?: readonly Requirement[]
  /** Why it was not parsed although it should have been. */
  readonly refused?: string
}

type Records = ReadonlyMap<string, FileRecord>

/** Remembers records by the content's SHA. Whoever keeps them beyond the process adds `FACTS_VERSION` to the keys. */
export interface FactsCache {
  /** The records of these keys; what is not known is missing from the answer. */
  getMany(keys: readonly string[]): Records | Promise<Records>
  /** Remembers a record as it is now: what is linked into it later is no part of it. */
  set(key: string, record: FileRecord): void
}

/** Remembers the records that were used last, up to a length of source text in UTF-16 units; by default without bound. */
export class MemoryFactsCache implements FactsCache {
  readonly #records: LRUCache<string, FileRecord>

  constructor(mostText = Number.MAX_SAFE_INTEGER) {
    // A record without facts costs something too.
    this.#records = new LRUCache({ maxSize: mostText, sizeCalculation: ({ facts }) => 100 + (facts?.text.length ?? 0) })
  }

  getMany(keys: readonly string[]): Records {
    const known = new Map<string, FileRecord>()
    for (const key of keys) {
      const record = this.#records.get(key)
      if (record) known.set(key, record)
    }
    return known
  }

  set(key: string, record: FileRecord): void {
    this.#records.set(key, record)
  }
}

/** A cache with a quicker one above it. */
export class TieredFactsCache implements FactsCache {
  readonly #above: FactsCache
  readonly #below: FactsCache

  constructor(above: FactsCache, below: FactsCache) {
    this.#above = above
    this.#below = below
  }

  async getMany(keys: readonly string[]): Promise<Records> {
    const known = new Map(await this.#above.getMany(keys))
    const missing = keys.filter((key) => !known.has(key))
    if (missing.length === 0) return known
    for (const [key, record] of await this.#below.getMany(missing)) {
      known.set(key, record)
      this.#above.set(key, record)
    }
    return known
  }

  set(key: string, record: FileRecord): void {
    this.#above.set(key, record)
    this.#below.set(key, record)
  }
}

/** All in ASCII, which is read several times as fast as UTF-8. */
export const encodeRecord = (record: FileRecord): Uint8Array =>
  Buffer.from(
    JSON.stringify(record).replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    'latin1',
  )

/** @throws SyntaxError when the bytes are damaged. */
export const decodeRecord = (bytes: Uint8Array): FileRecord =>
  JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')) as FileRecord
