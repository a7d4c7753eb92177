/** Owns what the demo shows of a reviewed pull request, whether on a terminal or on a page. Where it comes from is left to `read-review`. */
import type { Severity } from '../../core/finding.ts'
import { hunksBetween } from '../../diff/compare-texts.ts'
import type { DiffFile, HunkLine } from '../../diff/hunk.ts'
import { parsePatch } from '../../diff/parse-patch.ts'

export interface ReviewedPullRequest {
  /** `owner/name`. */
  readonly repository: string
  /** The address of the repository on GitHub. */
  readonly repositoryUrl: string
  readonly number: number
  readonly title: string
  /** Markdown. */
  readonly description: string
  readonly author: string
  readonly base: string
  readonly head: string
  readonly files: readonly DiffFile[]
  /** Who reviewed it. */
  readonly reviewer: string
  /** Markdown; absent when there was nothing to say. */
  readonly reviewBody?: string
  /** In the order in which they were posted: the worst first. */
  readonly comments: readonly ReviewComment[]
  readonly check: CheckRun
}

export interface ReviewComment {
  readonly id: number
  /** The address of the comment on GitHub. */
  readonly url: string
  readonly path: string
  /** The lines that it is about, 1-based, of the new text. */
  readonly startLine: number
  readonly line: number
  /** Markdown. */
  readonly body: string
}

export interface CheckRun {
  readonly name: string
  readonly conclusion: string
  readonly title: string
  /** Markdown. */
  readonly summary: string
}

/** What a comment is about, as its first line says it; undefined when it says it in another way. */
export function subjectOf({ body }: ReviewComment): { severity: Severity; rule: string } | undefined {
  const [, word, rule] = /^\*\*(Error|Warning|Info)\*\* `([a-z0-9-]+)`/.exec(body) ?? []
  return word && rule ? { severity: word.toLowerCase() as Severity, rule } : undefined
}

/** The lines of the new text that the hunks show, from `first` to `last`, with the deleted lines between them. */
export function linesAround(file: DiffFile, first: number, last: number): HunkLine[] {
  return (file.hunks ?? []).flatMap((hunk) => {
    let next = hunk.newStart
    return hunk.lines.filter((line) => {
      const at = next
      if (line.kind !== 'deleted') next = line.newLine + 1
      return first <= at && at <= last
    })
  })
}

/** A fenced block of a comment. */
export interface FencedBlock {
  /** Its info string's first word. */
  readonly language: string
  readonly text: string
}

/**
 * What a block of a comment changes in the file: a suggestion, or a patch that is only shown. The lines around the change
 * are left out, for they stand above the comment. Undefined when the block holds no change.
 */
export function changeIn(block: FencedBlock, comment: ReviewComment, file: DiffFile): HunkLine[] | undefined {
  const hunks = block.language === 'suggestion' ? committed(block, comment, file) : shown(block)
  const lines = hunks?.flatMap((hunk) => hunk.lines)
  const isChange = ({ kind }: HunkLine) => kind !== 'context'
  return lines?.slice(lines.findIndex(isChange), lines.findLastIndex(isChange) + 1)
}

function committed({ text }: FencedBlock, { startLine, line }: ReviewComment, file: DiffFile) {
  const meant = linesAround(file, startLine, line).filter(({ kind }) => kind !== 'deleted')
  // So many empty lines above, on both sides, that the lines have the numbers that they have in the file.
  const above = '\n'.repeat(startLine - 1)
  return hunksBetween(`${above}${meant.map((one) => `${one.text}\n`).join('')}`, `${above}${text}\n`)
}

function shown({ language, text }: FencedBlock) {
  try {
    return language === 'diff' ? parsePatch(text) : undefined
  } catch {
    return undefined
  }
}

/** How many lines the files gain and lose. */
export function countLines(files: readonly DiffFile[]): { added: number; deleted: number } {
  const kinds = files.flatMap(({ hunks = [] }) => hunks.flatMap(({ lines }) => lines.map(({ kind }) => kind)))
  const count = (wanted: HunkLine['kind']) => kinds.filter((kind) => kind === wanted).length
  return { added: count('added'), deleted: count('deleted') }
}
