/** Owns the facts that the app keeps in its database as a thread sees them: unpacked here, off the event loop. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { decodeRecord, encodeRecord, type FactsCache, type FileRecord } from '../../engine/facts-cache.ts'
import type { Contents } from './messages.ts'

/** So many bytes are gathered before they are sent off. */
const parcel = 1_000_000

export interface FactsPort {
  read(keys: readonly string[]): Promise<Contents>
  write(records: Contents): void
}

export class StoredFactsCache implements FactsCache {
  readonly #port: FactsPort
  readonly #version: string
  #parcel = new Map<string, Uint8Array>()
  #size = 0

  /** @param version of the engine */
  constructor(port: FactsPort, version: string) {
    this.#port = port
    this.#version = version
  }

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, FileRecord>> {
    this.flush()
    const stored = await this.#port.read(keys.map((key) => this.#keyOf(key)))
    const known = new Map<string, FileRecord>()
    for (const key of keys) {
      const bytes = stored.get(this.#keyOf(key))
      const record = bytes && unpack(bytes)
      if (record) known.set(key, record)
    }
    return known
  }

  set(key: string, record: FileRecord): void {
    const bytes = deflateRawSync(encodeRecord(record), { level: 1 })
    this.#parcel.set(this.#keyOf(key), bytes)
    this.#size += bytes.byteLength
    if (this.#size > parcel) this.flush()
  }

  /** Sends off what is still here. To be called at the end. */
  flush(): void {
    if (this.#parcel.size > 0) this.#port.write(this.#parcel)
    this.#parcel = new Map()
    this.#size = 0
  }

  #keyOf(key: string): string {
    return `${this.#version}/${key}`
  }
}

/** What is damaged counts as never stored. */
function unpack(bytes: Uint8Array): FileRecord | undefined {
  try {
    return decodeRecord(inflateRawSync(bytes))
  } catch {
    return undefined
  }
}
