/** Owns the port that remembers what files hold, by a name that never changes its meaning, and the adapter in memory. */
import { LRUCache } from 'lru-cache'

export interface BlobCache {
  /** By a blob's SHA, or by `<commit>:<path>`. */
  get(name: string): Uint8Array | undefined
  put(name: string, bytes: Uint8Array): void
}

/** Keeps what was used last, up to a number of bytes. */
export class MemoryBlobCache implements BlobCache {
  readonly #blobs: LRUCache<string, Uint8Array>

  constructor(mostBytes: number) {
    this.#blobs = new LRUCache({ maxSize: mostBytes, sizeCalculation: (bytes) => Math.max(1, bytes.byteLength) })
  }

  get(name: string): Uint8Array | undefined {
    return this.#blobs.get(name)
  }

  put(name: string, bytes: Uint8Array): void {
    this.#blobs.set(name, bytes)
  }
}
