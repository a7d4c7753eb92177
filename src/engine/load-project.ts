/** Owns the way from a snapshot to a linked project: which files are read, parsed and remembered. */

import { LRUCache } from 'lru-cache'
import { decodeSource } from '../celery/decode.ts'
import { extractFacts, type FileFacts } from '../celery/facts.ts'
import { CeleryProject, type LinkOptions } from '../celery/project.ts'
import { isRelevant, mentionsCelery, pathKind } from '../celery/relevance.ts'
import { type Requirement, requirementsIn } from '../celery/requirements.ts'
import { isPython, isRequirements } from '../core/file-kinds.ts'
import type { Skipped } from '../core/finding.ts'
import type { FileEntry, Snapshot } from '../core/snapshot.ts'
import { loadGrammar, ParseRefused } from '../python/parse.ts'

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

/** Remembers records by the content's SHA. Whoever implements it adds `FACTS_VERSION` to its keys. */
export interface FactsCache {
  get(key: string): FileRecord | undefined | Promise<FileRecord | undefined>
  set(key: string, record: FileRecord): void | Promise<void>
}

/** Larger files are generated; no person wrote them and no person would read the comment. */
const MAX_BYTES = 1_000_000

/** Lock files are generated, and longer. */
const MAX_BYTES_OF_REQUIREMENTS = 5_000_000

/** How often references may lead to files that had not been parsed. */
const MAX_ROUNDS = 6

export interface LoadedProject {
  readonly project: CeleryProject
  readonly skipped: readonly Skipped[]
  readonly usesCelery: boolean
  readonly files: number
  readonly parsed: number
  readonly cached: number
}

/** Remembers the records that were used last, up to a length of source text in UTF-16 units; by default without bound. */
export class MemoryFactsCache implements FactsCache {
  readonly #records: LRUCache<string, FileRecord>

  constructor(mostText = Number.MAX_SAFE_INTEGER) {
    // A record without facts costs something too.
    this.#records = new LRUCache({ maxSize: mostText, sizeCalculation: ({ facts }) => 100 + (facts?.text.length ?? 0) })
  }

  get(key: string): FileRecord | undefined {
    return this.#records.get(key)
  }

  set(key: string, record: FileRecord): void {
    this.#records.set(key, record)
  }
}

/** The same content is read differently under another kind of path. */
const cacheKey = ({ path, sha }: FileEntry) =>
  `${sha}-${isPython(path) ? pathKind(path) : path.slice(path.lastIndexOf('/') + 1)}`

/** Reads, parses and links a snapshot. A file that cannot be read or parsed is named in `skipped`. */
export async function loadProject(snapshot: Snapshot, options: LinkOptions, cache: FactsCache): Promise<LoadedProject> {
  await loadGrammar()
  const python = snapshot.files.filter(({ path }) => isPython(path))
  const requirements = snapshot.files.filter(
    ({ path, size = 0 }) => isRequirements(path) && size <= MAX_BYTES_OF_REQUIREMENTS,
  )
  const records = new Map<string, FileRecord>()
  const skipped = new Map<string, string>()
  const counts = { parsed: 0, cached: 0 }

  const load = async (files: readonly FileEntry[], parseAll: boolean) => {
    const missing: FileEntry[] = []
    for (const file of files) {
      if (file.size !== undefined && file.size > MAX_BYTES && isPython(file.path)) {
        skipped.set(file.path, `is larger than ${MAX_BYTES / 1_000_000} MB`)
        continue
      }
      const record = await cache.get(cacheKey(file))
      if (record && (record.facts || record.refused || !(record.relevant || parseAll))) {
        records.set(file.path, record)
        counts.cached++
      } else missing.push(file)
    }
    const contents = missing.length > 0 ? await snapshot.read(missing) : new Map<string, Uint8Array>()
    for (const file of missing) {
      const bytes = contents.get(file.path)
      if (!bytes) {
        if (isPython(file.path)) skipped.set(file.path, 'could not be read')
        continue
      }
      const record = isPython(file.path) ? examine(file.path, bytes, parseAll) : requirementsRecord(file.path, bytes)
      if (record.facts) counts.parsed++
      records.set(file.path, record)
      await cache.set(cacheKey(file), record)
    }
  }

  await load([...python, ...requirements], false)
  const usesCelery = [...records.values()].some((record) => record.mentionsCelery)
  const link = (like: CeleryProject | undefined) => {
    const facts = new Map<string, FileFacts>()
    // In the order of the listing, whatever the cache held already: rules speak of the first of two.
    for (const { path } of usesCelery ? python : []) {
      const known = records.get(path)?.facts
      if (known) facts.set(path, known)
    }
    return new CeleryProject(
      snapshot.files.map((file) => file.path),
      facts,
      { ...options, like },
      [...records].flatMap(([path, { requirements = [] }]) => requirements.map((one) => ({ ...one, path }))),
    )
  }
  const unparsed = () => {
    const led = project.unparsed
    return python.filter(({ path }) => led.has(path) && !skipped.has(path) && !records.get(path)?.refused)
  }
  let project = link(options.like)
  for (let round = 1; round < MAX_ROUNDS; round++) {
    let wanted = unparsed()
    if (wanted.length === 0) {
      project.followCalls()
      wanted = unparsed()
    }
    if (wanted.length === 0) break
    await load(wanted, true)
    project = link(project)
  }
  for (const [path, record] of records) if (record.refused) skipped.set(path, record.refused)
  return {
    project,
    skipped: [...skipped].map(([path, reason]) => ({ path, reason })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    usesCelery,
    files: snapshot.files.length,
    ...counts,
  }
}

const requirementsRecord = (path: string, bytes: Uint8Array): FileRecord => ({
  mentionsCelery: false,
  relevant: false,
  requirements: requirementsIn(path, new TextDecoder().decode(bytes)),
})

/** The record of one Python file's bytes. */
export function examine(path: string, bytes: Uint8Array, parse: boolean): FileRecord {
  if (bytes.length > MAX_BYTES)
    return { mentionsCelery: false, relevant: false, refused: `is larger than ${MAX_BYTES / 1_000_000} MB` }
  const known = { mentionsCelery: mentionsCelery(bytes), relevant: isRelevant(pathKind(path), bytes) }
  if (!known.relevant && !parse) return known
  const decoded = decodeSource(bytes)
  if ('refused' in decoded) return { ...known, refused: decoded.refused }
  try {
    return { ...known, facts: extractFacts(decoded.text) }
  } catch (error) {
    if (error instanceof ParseRefused) return { ...known, refused: error.message }
    throw error
  }
}
