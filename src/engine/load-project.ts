/** Owns the way from a snapshot to a linked project: which files are read, parsed and remembered. */

import { decodeSource } from '../celery/decode.ts'
import { extractFacts, type FileFacts, factsOf } from '../celery/facts.ts'
import { findImportRoots } from '../celery/import-roots.ts'
import { CeleryProject, type LinkOptions } from '../celery/project.ts'
import { isRelevant, mentionsCelery, pathKind } from '../celery/relevance.ts'
import { requirementsIn } from '../celery/requirements.ts'
import { isDeployment, isPython, isRequirements } from '../core/file-kinds.ts'
import type { Skipped } from '../core/finding.ts'
import type { FileEntry, Snapshot } from '../core/snapshot.ts'
import { loadGrammar, ParseRefused } from '../python/parse.ts'
import type { FactsCache, FileRecord } from './facts-cache.ts'

/** Larger files are generated; no person wrote them and no person would read the comment. */
const MAX_BYTES = 1_000_000

/** Lock files are generated, and longer. */
const MAX_BYTES_OF_REQUIREMENTS = 5_000_000

/** No person writes a longer one; and where there are more of them, they are material of a tool that deploys many things. */
const MAX_BYTES_OF_DEPLOYMENT = 100_000
const MAX_DEPLOYMENT_FILES = 100

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

/** The same content is read differently under another kind of path. */
const cacheKey = ({ path, sha }: FileEntry) =>
  `${sha}-${isRequirements(path) ? path.slice(path.lastIndexOf('/') + 1) : pathKind(path)}`

/**
 * Reads, parses and links a snapshot. A file that cannot be read or parsed is named in `skipped`.
 * @param withDeployment whether to read what says how processes are started; without it those files cost nothing
 */
export async function loadProject(
  snapshot: Snapshot,
  options: LinkOptions,
  cache: FactsCache,
  withDeployment = false,
): Promise<LoadedProject> {
  await loadGrammar()
  const python = snapshot.files.filter(({ path }) => isPython(path))
  const deployment = withDeployment ? deploymentFiles(snapshot) : []
  const requirements = snapshot.files.filter(
    ({ path, size = 0 }) => !isPython(path) && isRequirements(path) && size <= MAX_BYTES_OF_REQUIREMENTS,
  )
  const records = new Map<string, FileRecord>()
  const skipped = new Map<string, string>()
  const counts = { parsed: 0, cached: 0 }

  const load = async (files: readonly FileEntry[], parseAll: boolean) => {
    const known = await cache.getMany(files.map(cacheKey))
    const missing: FileEntry[] = []
    for (const file of files) {
      if (file.size !== undefined && file.size > MAX_BYTES && isPython(file.path)) {
        skipped.set(file.path, `is larger than ${MAX_BYTES / 1_000_000} MB`)
        continue
      }
      const record = known.get(cacheKey(file))
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
      const record = recordOf(file.path, bytes, parseAll)
      if (record.facts) counts.parsed++
      records.set(file.path, record)
      cache.set(cacheKey(file), record)
    }
  }

  await load([...python, ...requirements, ...deployment], false)
  const usesCelery = [...records.values()].some((record) => record.mentionsCelery)
  const paths = snapshot.files.map((file) => file.path)
  const importRoots = options.importRoots ?? (usesCelery ? findImportRoots(paths, relevantFacts(records)) : [])
  const link = (like: CeleryProject | undefined) => {
    const facts = new Map<string, FileFacts>()
    // In the order of the listing, whatever the cache held already: rules speak of the first of two.
    for (const { path } of usesCelery ? [...python, ...deployment] : []) {
      const known = records.get(path)?.facts
      if (known) facts.set(path, known)
    }
    return new CeleryProject(
      paths,
      facts,
      { ...options, importRoots, like },
      // In the order of the listing, too.
      snapshot.files.flatMap(({ path }) => (records.get(path)?.requirements ?? []).map((one) => ({ ...one, path }))),
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

/** The facts of the files that matter by themselves, whatever else has been parsed. */
const relevantFacts = (records: ReadonlyMap<string, FileRecord>): ReadonlyMap<string, FileFacts> =>
  new Map(
    [...records].flatMap(([path, { relevant, facts }]): [string, FileFacts][] =>
      relevant && facts ? [[path, facts]] : [],
    ),
  )

/** What a file is read as goes by its path; a `setup.py` is Python, and states requirements too. */
function recordOf(path: string, bytes: Uint8Array, parse: boolean): FileRecord {
  const stated = isRequirements(path) && { requirements: requirementsIn(path, new TextDecoder().decode(bytes)) }
  if (isPython(path)) return { ...examine(path, bytes, parse), ...stated }
  return stated ? { mentionsCelery: false, relevant: false, ...stated } : deploymentRecord(path, bytes)
}

/** None where there are too many to be read: what some of them say would be half the truth. */
function deploymentFiles(snapshot: Snapshot): FileEntry[] {
  const files = snapshot.files.filter(({ path, size = 0 }) => isDeployment(path) && size <= MAX_BYTES_OF_DEPLOYMENT)
  return files.length <= MAX_DEPLOYMENT_FILES ? files : []
}

/** A file that names no process of Celery's has no facts: it is not a part of the project. */
function deploymentRecord(path: string, bytes: Uint8Array): FileRecord {
  const nothing = { mentionsCelery: false, relevant: false }
  const text = bytes.length > MAX_BYTES_OF_DEPLOYMENT ? '' : new TextDecoder().decode(bytes)
  if (!/celery|HorizontalPodAutoscaler/.test(text)) return nothing
  const facts = factsOf(path, text)
  const { processes, scalers } = facts.deployment!
  return processes.length + scalers.length > 0 ? { ...nothing, facts } : nothing
}

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
