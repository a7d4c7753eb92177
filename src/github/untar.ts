/**
 * Owns taking a tar archive apart, in memory: nothing is written, no link is followed, and no name is trusted to mean
 * anything. Understands what `git archive` writes: ustar with pax headers,
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13
 */

const block = 512

/** In bytes. */
export interface ArchiveLimits {
  /** Of one file; nothing is read of a larger one. */
  readonly file: number
  /** Of all that the archive unpacks to. */
  readonly whole: number
}

/** More than any pax header says of one file, in bytes. */
const longestRecords = 1_000_000

/**
 * The contents of the regular files of a tar archive, in order.
 * @throws Error when the archive is cut off, too large, or none.
 */
export async function* untar(chunks: AsyncIterable<Uint8Array>, limits: ArchiveLimits): AsyncGenerator<Uint8Array> {
  const source = new Source(chunks, limits.whole)
  let size: number | undefined
  for (;;) {
    const header = await source.take(block)
    if (!header) throw new Error('the archive is cut off')
    if (header.every((byte) => byte === 0)) return
    if (Buffer.from(header.subarray(257, 262)).toString('latin1') !== 'ustar') throw new Error('not a tar archive')
    const type = String.fromCharCode(header[156]!)
    const own = numberIn(header.subarray(124, 136))
    // Only of the next file; a pax header's own size is always in its ustar field.
    const length = type === 'x' || type === 'g' ? own : (size ?? own)
    const padded = Math.ceil(length / block) * block
    if (type === 'x' && length <= longestRecords) {
      const records = await source.take(padded)
      if (!records) throw new Error('the archive is cut off')
      size = sizeIn(Buffer.from(records.subarray(0, length)).toString())
      continue
    }
    const isFile = type === '0' || type === '\0'
    if (isFile && length <= limits.file) {
      const content = await source.take(padded)
      if (!content) throw new Error('the archive is cut off')
      yield content.subarray(0, length)
    } else {
      await source.skip(padded)
    }
    size = undefined
  }
}

/** A number as ustar writes it: octal digits. */
function numberIn(field: Uint8Array): number {
  const digits = Buffer.from(field)
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim()
  if (!/^[0-7]+$/.test(digits)) throw new Error('not a tar archive')
  return Number.parseInt(digits, 8)
}

/** The size that a pax header names: a file of 8 GB or more has no room for it in its own header. */
function sizeIn(records: string): number | undefined {
  const found = /(?:^|\n)\d+ size=(\d+)\n/.exec(records)
  return found ? Number(found[1]) : undefined
}

/** Bytes that come in pieces of any length. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array()
  #bytesLeft: number

  constructor(chunks: AsyncIterable<Uint8Array>, mostBytes: number) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#bytesLeft = mostBytes
  }

  /** The next `length` bytes, in memory of their own; undefined when there are fewer. */
  async take(length: number): Promise<Uint8Array | undefined> {
    const taken = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      if (this.#rest.length === 0 && !(await this.#fill())) return undefined
      const part = this.#rest.subarray(0, length - filled)
      taken.set(part, filled)
      filled += part.length
      this.#rest = this.#rest.subarray(part.length)
    }
    return taken
  }

  async skip(length: number): Promise<void> {
    let left = length
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#fill())) throw new Error('the archive is cut off')
      const part = Math.min(left, this.#rest.length)
      left -= part
      this.#rest = this.#rest.subarray(part)
    }
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#chunks.next()
    if (done) return false
    this.#bytesLeft -= value.length
    if (this.#bytesLeft < 0) throw new Error('the archive is too large')
    this.#rest = value
    return true
  }
}
