/**
 * Owns applying fixes to a project in memory, over and over until nothing changes. Every fix was proven by itself, and what
 * several of them make of a file together is analysed again before it counts. Writing files is left to others.
 */
import { createHash } from 'node:crypto'
import { decodeSource, encodeSource } from '../celery/decode.ts'
import { factsOf } from '../celery/facts.ts'
import type { Finding, Report } from '../core/finding.ts'
import { applyEdits, type Edit } from '../core/fix.ts'
import type { FileEntry, Snapshot } from '../core/snapshot.ts'
import { ParseRefused } from '../python/parse.ts'
import { type AnalysisOptions, checkProject } from './analyse.ts'
import { MemoryFactsCache } from './facts-cache.ts'
import { newsIn } from './prove-fixes.ts'

/** One file, before the first fix and after the last. */
export interface FixedFile {
  readonly before: string
  readonly after: string
}

export interface FixedProject {
  /** What remains. */
  readonly report: Report
  readonly snapshot: Snapshot
  /** Those that changed, by path. */
  readonly files: ReadonlyMap<string, FixedFile>
  /** How many fixes were applied. */
  readonly fixed: number
}

/** Each is an analysis of the project; far more than fixes that wait for each other ever took. */
const MAX_PASSES = 50

/**
 * Applies the proven fixes of a project.
 * @param isWanted picks the findings whose fixes are applied
 */
export async function fixProject(
  snapshot: Snapshot,
  options: AnalysisOptions,
  isWanted: (finding: Finding) => boolean,
): Promise<FixedProject> {
  const analysis = { ...options, cache: options.cache ?? new MemoryFactsCache() }
  const files = new Map<string, FixedFile>()
  const refused = new Set<string>()
  let current = snapshot
  let report = await checkProject(current, analysis)
  let fixed = 0
  let most = Number.POSITIVE_INFINITY
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const wanted = report.findings.filter(
      (finding) => finding.suggestion && isWanted(finding) && !refused.has(finding.fingerprint),
    )
    const chosen = apartFromEachOther(wanted).slice(0, most)
    if (chosen.length === 0) break
    const changed = await withFixes(current, chosen)
    const next = changed && overlay(current, changed)
    const after = next && (await checkProject(next, analysis))
    if (!after || !isBetter(report, after, chosen)) {
      if (chosen.length === 1) refused.add(chosen[0]!.fingerprint)
      most = Math.max(1, chosen.length >> 1)
      continue
    }
    for (const [path, file] of changed) {
      files.set(path, { before: files.get(path)?.before ?? file.before, after: file.after })
    }
    fixed += chosen.length
    current = next
    report = after
  }
  return { report, snapshot: current, files, fixed }
}

/** As many findings as have fixes that do not touch each other's. */
function apartFromEachOther(findings: readonly Finding[]): Finding[] {
  const taken = new Map<string, Edit[]>()
  return findings.filter(({ path, fix }) => {
    const edits = taken.get(path) ?? []
    const isFree = fix!.edits.every(({ span }) =>
      edits.every((other) => span.end < other.span.start || other.span.end < span.start),
    )
    if (isFree) taken.set(path, [...edits, ...fix!.edits])
    return isFree
  })
}

/** The files that fixes change; undefined when one of them could not be read, or does not parse as well as before. */
async function withFixes(
  snapshot: Snapshot,
  findings: readonly Finding[],
): Promise<Map<string, EncodedFile> | undefined> {
  const edits = new Map<string, Edit[]>()
  for (const { path, fix } of findings) edits.set(path, [...(edits.get(path) ?? []), ...fix!.edits])
  const contents = await snapshot.read(snapshot.files.filter(({ path }) => edits.has(path)))
  const changed = new Map<string, EncodedFile>()
  for (const [path, own] of edits) {
    const bytes = contents.get(path)
    const decoded = bytes && decodeSource(bytes)
    if (!decoded || 'refused' in decoded) return undefined
    const before = decoded.text
    const after = applyEdits(before, own.map(withLineEndingsOf(before)))
    const encoded = encodeSource(after, bytes)
    if (!encoded || !parsesAsWell(path, before, after)) return undefined
    changed.set(path, { before, after, bytes: encoded })
  }
  return changed
}

interface EncodedFile extends FixedFile {
  readonly bytes: Uint8Array
}

const withLineEndingsOf = (text: string) => {
  const ending = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n'
  return ({ span, replacement }: Edit): Edit => ({ span, replacement: replacement.replace(/\r\n|\r|\n/g, ending) })
}

function parsesAsWell(path: string, before: string, after: string): boolean {
  try {
    return factsOf(path, after).errors.length <= factsOf(path, before).errors.length
  } catch (error) {
    if (error instanceof ParseRefused) return false
    throw error
  }
}

const isBetter = (before: Report, after: Report, fixed: readonly Finding[]): boolean =>
  after.findings.length < before.findings.length &&
  newsIn(after.findings, before.findings, fixed).length === 0 &&
  after.skipped.length <= before.skipped.length &&
  after.crashes.length <= before.crashes.length

function overlay(snapshot: Snapshot, changed: ReadonlyMap<string, EncodedFile>): Snapshot {
  const entry = (file: FileEntry): FileEntry => {
    const bytes = changed.get(file.path)?.bytes
    return bytes ? { ...file, sha: createHash('sha1').update(bytes).digest('hex'), size: bytes.length } : file
  }
  return {
    files: snapshot.files.map(entry),
    read: async (files) => {
      const contents = new Map(await snapshot.read(files.filter(({ path }) => !changed.has(path))))
      for (const { path } of files) {
        const file = changed.get(path)
        if (file) contents.set(path, file.bytes)
      }
      return contents
    },
  }
}
