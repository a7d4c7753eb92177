/**
 * Owns what may carry a comment: which lines of a pull request's diff, and where a comment stands after a push. Worked
 * out from git's own diff and nothing else.
 */
import { type FileDiff, findInDiff, mapLine, type Side } from './diff.ts'
import type { CurrentPlace, OriginalPlace, PullRecord, ReviewCommentRecord } from './state.ts'
import type { World } from './world.ts'

/** A place as a client names it. Lines are 1-based; a comment on one line has no `start_line`. */
export interface WantedPlace {
  readonly path: string
  readonly line: number
  readonly side?: Side
  readonly start_line?: number
  readonly start_side?: Side
}

/** Why GitHub takes no comment there. */
export type AnchorFault = 'path' | 'line' | 'start after end' | 'other hunk'

interface Anchor {
  readonly side: Side
  readonly start_side: Side | null
  readonly position: number
  /** The hunk from its header down to the commented line. */
  readonly diff_hunk: string
}

/** Finds the lines in the diff. Both ends of a range must stand in one hunk, the start above the end. */
export function resolveAnchor(files: readonly FileDiff[], place: WantedPlace): Anchor | AnchorFault {
  const file = files.find((candidate) => candidate.path === place.path)
  if (!file) return 'path'
  const side = place.side ?? 'RIGHT'
  const end = findInDiff(file, side, place.line)
  if (!end) return 'line'
  const startSide = place.start_line === undefined ? null : (place.start_side ?? side)
  if (place.start_line !== undefined) {
    if (startSide === side && place.start_line >= place.line) return 'start after end'
    const start = findInDiff(file, startSide!, place.start_line)
    if (!start || start.hunk !== end.hunk) return 'other hunk'
    if (start.position >= end.position) return 'start after end'
  }
  return {
    side,
    start_side: startSide,
    position: end.position,
    diff_hunk: file.lines.slice(end.hunk.from, end.position + 1).join('\n'),
  }
}

/**
 * Works out where the comments of a pull request stand once its diff is the one from `base` to `head`, and gives the
 * function that moves them there.
 */
export async function moveComments(world: World, pull: PullRecord, base: string, head: string): Promise<() => void> {
  const files = await world.code.diff(base, head)
  const comments = world.state.reviewComments.filter((comment) => comment.pull_number === pull.number)
  const places = await Promise.all(comments.map((comment) => placeAfter(world, comment, files, base, head)))
  return () => {
    for (const [index, comment] of comments.entries()) Object.assign(comment, places[index])
  }
}

/** A comment is outdated when one of its lines changed, or when the diff no longer shows them. */
async function placeAfter(
  world: World,
  comment: ReviewCommentRecord,
  files: readonly FileDiff[],
  base: string,
  head: string,
): Promise<CurrentPlace> {
  const outdated = { line: null, start_line: null, position: null, commit_id: comment.commit_id }
  const file = files.find((candidate) => candidate.path === comment.path)
  if (!file) return outdated
  if (comment.original_line === null) return { ...outdated, commit_id: head }

  const onLeft = comment.side === 'LEFT'
  const [from, to] = onLeft ? [comment.original_base, base] : [comment.original_commit_id, head]
  const changes = await world.code.diff(from, to)
  const name = onLeft ? (file.previousPath ?? file.path) : file.path
  const change = changes.find((candidate) => candidate.path === name)
  if (change?.tooLarge) return outdated

  const lines = linesOf(comment).map((line) => mapLine(change, line))
  const last = lines.at(-1)
  if (last === undefined || lines.some((line, index) => line !== last - (lines.length - 1 - index))) return outdated
  const place: WantedPlace = {
    path: comment.path,
    line: last,
    side: comment.side,
    ...(lines.length > 1 ? { start_line: lines[0]! } : {}),
  }
  const anchor = resolveAnchor(files, place)
  if (typeof anchor === 'string') return outdated
  return { line: last, start_line: place.start_line ?? null, position: anchor.position, commit_id: head }
}

/** The lines on the side of its last line that a comment was made on. */
function linesOf({ original_line, original_start_line, side, start_side }: OriginalPlace): number[] {
  const last = original_line!
  const first = original_start_line !== null && start_side === side ? original_start_line : last
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
