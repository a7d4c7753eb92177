/**
 * Owns making foreign text inert: names, strings and paths of the reviewed code are data wherever they are shown, so no
 * mention, link, image, HTML or formatting of theirs comes alive, and no invisible character of theirs stays invisible.
 */
import { codeSpan } from '../core/code-span.ts'

/** As much of one name or string as is shown, in UTF-16 units: what `codeSpan` shows, cut so that no character is halved. */
const longestCode = 120

/** As much of one message as is shown. */
const longestMessage = 2000

/** Keeps GitHub from seeing a mention or a link in the text that Markdown leaves behind; it is not shown. */
const zeroWidthSpace = '\u200b'

/** Control, format (among them bidirectional and zero-width), line separator, unpaired surrogate and private-use characters. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu

/** Whether a text holds characters that a reader cannot see, other than tabs and line feeds. */
export const hasInvisible = (text: string): boolean => text.replace(/[\t\n]/g, '').search(invisible) >= 0

/** Shows invisible characters by Python's escapes. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => {
    const point = character.codePointAt(0)!
    if (character === '\n') return '\\n'
    if (character === '\r') return '\\r'
    if (character === '\t') return '\\t'
    if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`
    return point <= 0xffff ? `\\u${point.toString(16).padStart(4, '0')}` : `\\U${point.toString(16).padStart(8, '0')}`
  })
}

/** Cuts a text to at most `limit` UTF-16 units, with an ellipsis where something was cut. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The longest run of backticks in a text. */
export const longestBackticks = (text: string): number =>
  Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))

/** A Markdown code span that shows the text on one line, what cannot be seen as escapes. */
export const code = (text: string): string => codeSpan(cut(visible(text), longestCode))

/**
 * The paragraph of Markdown that shows a rule's message: its code spans, and everything else as plain text. Whatever
 * the message holds, no other Markdown, HTML, mention or link comes out of it.
 */
export function inert(message: string): string {
  return parts(message)
    .map((part) => (part.isCode ? code(part.text) : escapeText(part.text)))
    .join('')
    .trim()
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^[-+#=]/, '\\$&')
}

/** The first sentence of a rule's message, as inert Markdown. */
export const firstSentence = (message: string): string => inert(sentenceOf(message))

/** The first sentence of a message without the clauses at its end that `said` closes with too, as inert Markdown. */
export function newInSentence(message: string, said: string): string {
  const [sentence, other] = [sentenceOf(message), sentenceOf(said)]
  let common = 0
  while (common < sentence.length && sentence.at(-1 - common) === other.at(-1 - common)) common++
  const end = clauseAfter(sentence, sentence.length - common)
  return inert(end === undefined ? sentence : sentence.slice(0, end))
}

function sentenceOf(message: string): string {
  let sentence = ''
  for (const part of parts(message)) {
    const end = part.isCode ? -1 : part.text.search(/[.!?]\s+\p{Lu}/u)
    if (end >= 0) return sentence + part.text.slice(0, end + 1)
    sentence += part.source
  }
  return sentence
}

/** Where the first clause begins, with its comma or colon, that stands wholly behind an offset. */
function clauseAfter(sentence: string, offset: number): number | undefined {
  let at = 0
  for (const { isCode, source } of parts(sentence)) {
    if (!isCode) {
      for (const { index } of source.matchAll(/[,:;] /g)) if (at + index >= offset) return at + index
    }
    at += source.length
  }
  return undefined
}

interface Part {
  readonly isCode: boolean
  readonly text: string
  readonly source: string
}

/** Splits a message at its code spans, by CommonMark's rule: a run of backticks ends at the next run of the same length. */
function parts(message: string): Part[] {
  const shown = cut(message, longestMessage)
  const found: Part[] = []
  let done = 0
  const addTextUntil = (end: number) => {
    const text = shown.slice(done, end)
    if (text) found.push({ isCode: false, text, source: text })
  }
  for (const { 0: source, 2: inside = '', index } of shown.matchAll(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/gs)) {
    addTextUntil(index)
    const isPadded = inside.startsWith(' ') && inside.endsWith(' ') && inside.trim() !== ''
    found.push({ isCode: true, text: isPadded ? inside.slice(1, -1) : inside, source })
    done = index + source.length
  }
  addTextUntil(shown.length)
  return found
}

/** Plain text outside of code: Markdown's characters escaped, and what GitHub links by itself broken up. */
function escapeText(text: string): string {
  return (
    visible(text.replace(/\s+/g, ' '))
      .replace(/[\\`*_[\]<>&~$]/g, '\\$&')
      .replace(/[@#](?=\S)|:(?=\/\/)|\bwww(?=\.)|\bGH(?=-\d)/gi, `$&${zeroWidthSpace}`)
      // Seven hexadecimal digits can name a commit.
      .replace(/\b[0-9a-f]{7,}\b/gi, (digits) => digits.replace(/.{6}/g, `$&${zeroWidthSpace}`))
  )
}
