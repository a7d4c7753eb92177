/** Owns the text above the comments of one review. */
import type { Finding } from '../core/finding.ts'
import { severityWord } from './comment-body.ts'
import { code, firstSentence } from './inert.ts'
import { countBySeverity, fitLines, type Links, longestBody, placeLink, plural } from './markdown.ts'

/** What a review body is about: all that is said for the first time. */
export interface NewFindings {
  readonly commented: readonly Finding[]
  /** Those for which there was no comment left, worst first. */
  readonly overflow: readonly Finding[]
  /** Those on lines that take no comment. */
  readonly outside: readonly Finding[]
  /** Whether somebody asked for the old mistakes too. */
  readonly isFull: boolean
}

/** The Markdown of a review body without its marker, and which findings of the overflow it lists. */
export function reviewBody({ commented, overflow, outside, isFull }: NewFindings, links: Links) {
  const scope = isFull ? ', with what was there before in the changed files' : ''
  const body = [`Celery review: **${countBySeverity([...commented, ...overflow])}**${scope}.`]
  // Half of the room is left to the fingerprints of what is listed.
  const list = fitLines(
    overflow.map((finding) => overflowLine(finding, links)),
    longestBody / 2,
    (count) => `- ${count} more in the check run`,
  )
  if (overflow.length > 0) body.push('Beyond the comments of this review:', list.text)
  if (outside.length > 0) {
    body.push(`${plural(outside.length, 'more finding')} on lines that take no comment: see the check run.`)
  }
  return { body: body.join('\n\n'), listed: overflow.slice(0, list.count) }
}

const overflowLine = (finding: Finding, links: Links): string =>
  `- ${severityWord[finding.severity]} ${code(finding.rule)} at ${placeLink(links, finding)}: ${firstSentence(finding.message)}`
