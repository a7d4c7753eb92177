/** Owns the port that remembers what files hold, by a name that never changes its meaning, and the adapter in memory. */

export interface BlobCache {
  /** By a blob's SHA, or by `<commit>:<path>`. */
  get(name: string): Uint8Array | undefined
  put(name: string, bytes: Uint8Array): void
}

/** Keeps what was used last, up to a number of bytes. */
export class MemoryBlobCache implements BlobCache {
  readonly #blobs = new Map<string, Uint8Array>()
  readonly #mostBytes: number
  #bytes = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  get(name: string): Uint8Array | undefined {
    const bytes = this.#blobs.get(name)
    if (bytes) {
      this.#blobs.delete(name)
      this.#blobs.set(name, bytes)
    }
    return bytes
  }

  put(name: string, bytes: Uint8Array): void {
    this.#drop(name)
    this.#blobs.set(name, bytes)
    this.#bytes += bytes.byteLength
    for (const oldest of this.#blobs.keys()) {
      if (this.#bytes <= this.#mostBytes) break
      this.#drop(oldest)
    }
  }

  #drop(name: string): void {
    this.#bytes -= this.#blobs.get(name)?.byteLength ?? 0
    this.#blobs.delete(name)
  }
}
