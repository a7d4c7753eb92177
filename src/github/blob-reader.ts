/**
 * Owns reading what files hold. Every content is checked against git's own name for it, so that a text which GraphQL cut
 * off, decoded or repaired never passes for the file; such a file is read again as bytes.
 */
import type { BlobCache } from './blob-cache.ts'
import { blobSha } from './blob-sha.ts'
import { GitHubFailure } from './failure.ts'
import { ask, type Octokit, type RepositoryName } from './octokit.ts'
import { type BlobNode, type BlobsAnswer, blobsQuery } from './queries.ts'
import { readArchive } from './read-archive.ts'

/** A content that can be asked for. */
export interface Wanted {
  /** A blob's SHA, or `<commit>:<path>`: what git understands, and what never changes its meaning. */
  readonly name: string
  /** In bytes, where it is known. */
  readonly size?: number
}

export interface Blob {
  readonly sha: string
  readonly bytes: Uint8Array
}

/** A commit's archive, where that is cheaper than many blobs. */
export interface Archive {
  readonly commit: string
  /** Of all files in the commit, in bytes. */
  readonly size: number
}

/** No Python that a person wrote is longer; what is, is not read. */
const mostBytesOfBlob = 10_000_000

/** What one reading holds in memory at most; the files beyond it are not read. */
const mostBytesInAll = 150_000_000

/** GraphQL cuts a longer text off: sveltia/sveltia-cms#950 */
export const mostBytesOfText = 512_000

/** One GraphQL answer fails as a whole when it grows too large (conwnet/github1s#105). */
const batchBytes = 2_000_000
const batchBlobs = 100
/** A guess for files whose size only GitHub knows. */
const typicalBytes = 20_000

/** From so many blobs on, one archive is asked for instead, unless the repository is mostly something else. */
const archiveBlobs = 150
const mostBytesOfArchive = 500_000_000
/** With what it says of each file; one that unpacks to more is not what it seems. */
const archiveLimits = { file: mostBytesOfBlob, whole: 2 * mostBytesOfArchive }

export class BlobReader {
  readonly #octokit: Octokit
  readonly #repository: RepositoryName
  readonly #cache: BlobCache

  constructor(octokit: Octokit, { owner, repo }: RepositoryName, cache: BlobCache) {
    this.#octokit = octokit
    this.#repository = { owner, repo }
    this.#cache = cache
  }

  /**
   * Reads contents by their names. What does not exist, is no file or is too large is missing from the answer.
   * @throws GitHubFailure
   */
  async read(wanted: readonly Wanted[], archive?: Archive): Promise<ReadonlyMap<string, Blob>> {
    const blobs = new Map<string, Blob>()
    let missing: Wanted[] = []
    let inAll = 0
    for (const one of new Map(wanted.map((each) => [each.name, each])).values()) {
      const size = one.size ?? typicalBytes
      if (size > mostBytesOfBlob || inAll + size > mostBytesInAll) continue
      inAll += size
      const bytes = this.#cache.get(one.name)
      if (bytes) blobs.set(one.name, { sha: blobSha(bytes), bytes })
      else missing.push(one)
    }
    const names = new Set(missing.map(({ name }) => name).filter(isSha))
    if (archive && names.size >= archiveBlobs && archive.size <= mostBytesOfArchive) {
      await this.#readArchive(archive.commit, names, blobs)
      missing = missing.filter(({ name }) => !blobs.has(name))
    }
    const isLong = ({ name, size = 0 }: Wanted) => isSha(name) && size > mostBytesOfText
    for (const { name } of missing.filter(isLong)) {
      this.#keep(blobs, name, await this.#readBytes(name))
    }
    for (const batch of toBatches(missing.filter((one) => !isLong(one)))) await this.#readBatch(batch, blobs)
    return blobs
  }

  /** What a broken archive does not give is read blob by blob. */
  async #readArchive(commit: string, names: ReadonlySet<string>, blobs: Map<string, Blob>): Promise<void> {
    try {
      for await (const blob of readArchive(this.#octokit, this.#repository, commit, archiveLimits)) {
        if (names.has(blob.sha)) this.#keep(blobs, blob.sha, blob)
      }
    } catch (error) {
      const isBroken = error instanceof GitHubFailure && ['unavailable', 'gone'].includes(error.failure.kind)
      if (!isBroken) throw error
    }
  }

  #keep(blobs: Map<string, Blob>, name: string, blob: Blob): void {
    blobs.set(name, blob)
    this.#cache.put(name, blob.bytes)
    if (name !== blob.sha) this.#cache.put(blob.sha, blob.bytes)
  }

  async #readBatch(batch: readonly Wanted[], blobs: Map<string, Blob>): Promise<void> {
    let nodes: (BlobNode | null | undefined)[]
    try {
      nodes = await this.#ask(batch)
    } catch (error) {
      const isTooMuch = error instanceof GitHubFailure && error.failure.kind === 'unavailable'
      if (!isTooMuch || batch.length === 1) throw error
      const middle = batch.length >> 1
      nodes = [...(await this.#ask(batch.slice(0, middle))), ...(await this.#ask(batch.slice(middle)))]
    }
    for (const [index, node] of nodes.entries()) {
      const blob = await this.#toBlob(node)
      if (blob) this.#keep(blobs, batch[index]!.name, blob)
    }
  }

  async #ask(batch: readonly Wanted[]): Promise<(BlobNode | null | undefined)[]> {
    const { owner, repo } = this.#repository
    const expressions = Object.fromEntries(batch.map(({ name }, index) => [`e${index}`, name]))
    const variables = { owner, name: repo, ...expressions }
    const answer = await ask<BlobsAnswer>(this.#octokit, blobsQuery(batch.length), variables)
    if (!answer.repository) throw new GitHubFailure({ kind: 'gone' }, `${owner}/${repo} is gone`)
    return batch.map((_, index) => answer.repository?.[`b${index}`])
  }

  async #toBlob(node: BlobNode | null | undefined): Promise<Blob | undefined> {
    if (!node?.oid || (node.byteSize ?? 0) > mostBytesOfBlob) return undefined
    const bytes = new TextEncoder().encode(node.text ?? '')
    if (blobSha(bytes) === node.oid) return { sha: node.oid, bytes }
    // A name with a path does not tell that the content was read before.
    const known = this.#cache.get(node.oid)
    return known ? { sha: node.oid, bytes: known } : this.#readBytes(node.oid)
  }

  /** In base64 and not raw: the raw answer calls itself UTF-8 text, and Octokit would decode it. */
  async #readBytes(sha: string): Promise<Blob> {
    const { data } = await this.#octokit.rest.git.getBlob({ ...this.#repository, file_sha: sha })
    return { sha, bytes: Buffer.from(data.content, 'base64') }
  }
}

const isSha = (name: string): boolean => /^[0-9a-f]+$/.test(name)

/** Cuts a list so that no part holds too many blobs or too many bytes. */
function toBatches(wanted: readonly Wanted[]): Wanted[][] {
  const batches: Wanted[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const one of wanted) {
    const size = one.size ?? typicalBytes
    if (bytes + size > batchBytes || batches.at(-1)?.length === batchBlobs) {
      batches.push([])
      bytes = 0
    }
    batches.at(-1)!.push(one)
    bytes += size
  }
  return batches
}
