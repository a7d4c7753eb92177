/**
 * Owns the reading of git's own diff: which files a range changes, their hunks, and which lines stand in them. It is
 * the judge's own reader, on purpose shared with nothing that it judges.
 */

export type Side = 'LEFT' | 'RIGHT'

/** One `@@` of a patch. All lines of files are 1-based; `from` and `to` are indices into the patch's lines, `to` excluded. */
export interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly from: number
  readonly to: number
}

export interface FileDiff {
  readonly path: string
  readonly previousPath?: string
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed'
  /** The blob after the change; of a removed file, the one before. */
  readonly sha: string
  readonly additions: number
  readonly deletions: number
  /** The patch's lines from the first `@@` on. Empty for what git shows no lines of: binary files, bare renames, changes of mode. */
  readonly lines: readonly string[]
  readonly hunks: readonly Hunk[]
  /** Whether GitHub leaves the patch out, and takes no comment on its lines. */
  readonly tooLarge: boolean
}

/** Of one file: https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits */
const largestPatch = { lines: 20_000, bytes: 500_000 }

const statuses: Readonly<Record<string, FileDiff['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
}

/**
 * Reads the output of `git diff-tree --raw -z` and that of `git diff-tree --patch` over the same range.
 * @throws when the two do not agree.
 */
export function parseDiff(raw: string, patch: string): FileDiff[] {
  const sections = splitSections(patch)
  const fields = raw.split('\0')
  const files: FileDiff[] = []
  let section = 0
  for (let i = 0; fields[i]?.startsWith(':'); ) {
    const [, , oldSha, newSha, code] = fields[i++]!.split(' ')
    const letter = code!.charAt(0)
    const status = statuses[letter]
    if (!status) throw new Error(`git reports an unknown kind of change: ${code}`)
    const first = fields[i++]!
    const path = letter === 'R' ? fields[i++]! : first
    // A change of type, say from a file to a symbolic link, is shown as one file gone and another come.
    const lines = sections.slice(section, section + (letter === 'T' ? 2 : 1)).flat()
    section += letter === 'T' ? 2 : 1
    const hunks = parseHunks(lines)
    files.push({
      path,
      ...(letter === 'R' ? { previousPath: first } : {}),
      status,
      sha: letter === 'D' ? oldSha! : newSha!,
      additions: countLines(lines, hunks, '+'),
      deletions: countLines(lines, hunks, '-'),
      lines,
      hunks,
      tooLarge: lines.length > largestPatch.lines || Buffer.byteLength(lines.join('\n')) > largestPatch.bytes,
    })
  }
  if (section !== sections.length) throw new Error(`git lists ${section} changes and shows ${sections.length}`)
  return files
}

/** The lines of each file's patch, from its first `@@` on. Inside a hunk no line starts with a `d`, so none looks like a header. */
function splitSections(patch: string): string[][] {
  const sections: string[][] = []
  let inHunk = false
  for (const line of patch.split('\n').slice(0, -1)) {
    if (line.startsWith('diff --git ')) {
      sections.push([])
      inHunk = false
    }
    inHunk ||= line.startsWith('@@ ')
    if (inHunk) sections.at(-1)?.push(line)
  }
  return sections
}

/** @throws when a hunk does not hold the lines that its header announces. */
function parseHunks(lines: readonly string[]): Hunk[] {
  const hunks: Hunk[] = []
  let at = 0
  while (at < lines.length) {
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(lines[at]!)
    if (!header) throw new Error(`not the start of a hunk: ${lines[at]}`)
    const [oldStart, oldLines, newStart, newLines] = [header[1], header[2] ?? '1', header[3], header[4] ?? '1'].map(
      Number,
    )
    const from = at++
    let old = 0
    let fresh = 0
    while (at < lines.length && !lines[at]!.startsWith('@@ ')) {
      const mark = lines[at++]![0]
      if (mark !== '+' && mark !== '\\') old++
      if (mark !== '-' && mark !== '\\') fresh++
    }
    if (old !== oldLines || fresh !== newLines) throw new Error(`the hunk is not as long as it says: ${lines[from]}`)
    hunks.push({ oldStart: oldStart!, oldLines, newStart: newStart!, newLines, from, to: at })
  }
  return hunks
}

function countLines(lines: readonly string[], hunks: readonly Hunk[], mark: string): number {
  let count = 0
  for (const hunk of hunks) for (let i = hunk.from + 1; i < hunk.to; i++) if (lines[i]![0] === mark) count++
  return count
}

/** One line of a hunk: where it stands before and after the change, where it stands in both. */
interface HunkLine {
  readonly index: number
  readonly old?: number
  readonly new?: number
}

function* hunkLines(file: FileDiff, hunk: Hunk): Generator<HunkLine> {
  let old = hunk.oldStart
  let fresh = hunk.newStart
  for (let index = hunk.from + 1; index < hunk.to; index++) {
    const mark = file.lines[index]![0]
    if (mark === '-') yield { index, old: old++ }
    else if (mark === '+') yield { index, new: fresh++ }
    else if (mark === ' ') yield { index, old: old++, new: fresh++ }
  }
}

interface PlaceInDiff {
  readonly hunk: Hunk
  /** Lines below the file's first `@@`, the number that GitHub calls `position`. */
  readonly position: number
}

/** Where a line of the file stands in its patch: on the RIGHT added and unchanged lines, on the LEFT deleted and unchanged ones. */
export function findInDiff(file: FileDiff, side: Side, line: number): PlaceInDiff | undefined {
  if (file.tooLarge) return undefined
  for (const hunk of file.hunks) {
    const start = side === 'LEFT' ? hunk.oldStart : hunk.newStart
    const length = side === 'LEFT' ? hunk.oldLines : hunk.newLines
    if (line < start || line >= start + length) continue
    for (const at of hunkLines(file, hunk)) {
      if ((side === 'LEFT' ? at.old : at.new) === line) return { hunk, position: at.index }
    }
  }
  return undefined
}

/** The number that a line has after the change, or nothing when the change took it away. */
export function mapLine(file: FileDiff | undefined, line: number): number | undefined {
  let shift = 0
  for (const hunk of file?.hunks ?? []) {
    if (line < hunk.oldStart) break
    if (line < hunk.oldStart + hunk.oldLines) {
      for (const at of hunkLines(file!, hunk)) if (at.old === line) return at.new
      return undefined
    }
    shift += hunk.newLines - hunk.oldLines
  }
  return line + shift
}
