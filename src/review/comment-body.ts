/** Owns the text of one review comment. */
import type { Finding, RelatedPlace } from '../core/finding.ts'
import type { Suggestion } from '../core/fix.ts'
import type { Lines } from '../core/text.ts'
import { hunksBetween } from '../diff/compare-texts.ts'
import type { Hunk } from '../diff/hunk.ts'
import { type Draft, isElsewhere } from './group.ts'
import { code, inert, newInSentence, visible } from './inert.ts'
import {
  fenced,
  fitLines,
  type Links,
  lineUrl,
  link,
  longestBody,
  placeLink,
  plural,
  referenceUrl,
} from './markdown.ts'
import { formatMarker } from './marker.ts'
import type { Anchor } from './place.ts'
import { fixedText } from './suggestion.ts'

/** A list within a comment takes at most this much, in UTF-16 units. */
const longestList = 5000

/** A fix that is only shown is left out when it is longer than this, in lines or in UTF-16 units. */
const longestShownFix = { lines: 40, length: 4000 }

/**
 * The Markdown of a comment: what is wrong and why, the fix, the other places, where to read more and how to mute it.
 * @param suggestion is offered for commit, and must span the comment's lines.
 */
export function commentBody(draft: Draft, suggestion: Suggestion | undefined, head: Lines | undefined, links: Links) {
  const [finding] = draft.findings
  const { anchor } = draft
  const at = isElsewhere(finding, anchor) ? ` at ${placeLink(links, finding)}` : ''
  const body = [`**${severityWord[finding.severity]}** ${code(finding.rule)}${at}`, inert(finding.message)]
  const extras = [
    // The message may say where it stands by itself: "the task is sent here".
    ...(isCauseAt(finding, anchor) ? [`Changed here: ${inert(finding.cause.message.replace(/ here$/, ''))}`] : []),
    ...fixParagraphs(finding, suggestion, head),
    ...sameHere(draft),
    ...otherPlaces(draft, links),
    ...relatedPlaces(draft, links),
  ]
  const end = [
    `<sub>${link('Why this hurts', referenceUrl(links, finding.reference))} · to mute it: ${code(
      // There is no line left that a comment in the code could stand on.
      anchor.isDeleted
        ? `/celery-review ignore ${finding.rule} reason`
        : `# celery-review: ignore[${finding.rule}] reason`,
    )}</sub>`,
    formatMarker({ rule: finding.rule, fingerprints: draft.findings.map(({ fingerprint }) => fingerprint) }),
  ]
  const whole = () => [...body, ...extras, ...end].join('\n\n')
  while (whole().length > longestBody && extras.length > 0) extras.pop()
  return whole()
}

export const severityWord = { error: 'Error', warning: 'Warning', info: 'Info' } as const

const isCauseAt = (finding: Finding, { path, line }: Anchor): finding is Finding & { cause: RelatedPlace } =>
  finding.cause?.path === path && finding.cause.line === line

function fixParagraphs(finding: Finding, suggestion: Suggestion | undefined, head: Lines | undefined): string[] {
  const title = finding.fix && inert(finding.fix.title)
  if (suggestion) return [...(title ? [`${title}:`] : []), fenced('suggestion', suggestion.replacement)]
  const shown = shownFix(finding, head)
  if (!title) return shown ? ['Possible fix:', shown] : []
  const lead = finding.fix?.applicability === 'safe' ? title : `Possible fix, to be checked. ${title}`
  return shown ? [`${lead}:`, shown] : [`${lead}.`]
}

/** The fix as a block to read; undefined when it is not known, or too long to be read in a comment. */
function shownFix(finding: Finding, head: Lines | undefined): string | undefined {
  if (!head) return finding.suggestion && readable('python', finding.suggestion.replacement.split('\n'))
  const fixed = fixedText(finding, head)
  return fixed === undefined ? undefined : readable('diff', hunksBetween(head.text, fixed).flatMap(hunkLines))
}

function readable(info: string, lines: readonly string[]): string | undefined {
  if (lines.length === 0 || lines.length > longestShownFix.lines) return undefined
  const text = lines.map((line) => line.replace(/\r$/, '').split('\t').map(visible).join('\t')).join('\n')
  return text.length > longestShownFix.length ? undefined : fenced(info, text)
}

const hunkLines = ({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string[] => [
  `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
  ...lines.map(({ kind, text }) => ({ context: ' ', deleted: '-', added: '+' })[kind] + text),
]

/** What else the rule says of the lines that the comment stands on. */
function sameHere({ findings: [first, ...others], anchor }: Draft): string[] {
  const messages = others.filter((other) => !isElsewhere(other, anchor)).map(({ message }) => message)
  const news = [...new Set(messages)].filter((message) => message !== first.message)
  if (news.length === 0) return []
  return ['Likewise:', listed(news.map((message) => `- ${newInSentence(message, first.message)}`))]
}

function otherPlaces({ findings: [first, ...others], anchor }: Draft, links: Links): string[] {
  const elsewhere = others.filter((other) => isElsewhere(other, anchor))
  if (elsewhere.length === 0) return []
  const places = elsewhere.map((other) => {
    const place =
      other.path === anchor.path
        ? link(`line ${other.line}`, lineUrl(links, other.path, other.line, other.endLine))
        : placeLink(links, other)
    return other.message === first.message ? `- ${place}` : `- ${place}: ${newInSentence(other.message, first.message)}`
  })
  return [`The same in ${plural(elsewhere.length, 'other place')}:`, listed(places)]
}

function relatedPlaces({ findings: [finding], anchor }: Draft, links: Links): string[] {
  const isHere = ({ path, line }: RelatedPlace) => path === anchor.path && line === anchor.line && !anchor.isDeleted
  const related = finding.related.filter((place) => !isHere(place))
  if (related.length === 0) return []
  return ['See also:', listed(related.map((place) => `- ${placeLink(links, place)}: ${inert(place.message)}`))]
}

const listed = (lines: readonly string[]): string => fitLines(lines, longestList, (count) => `- ${count} more`).text
