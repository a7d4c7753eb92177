/** Owns showing text of the reviewed code inside Markdown: as a code span, in which nothing comes alive. */

/** Longer pieces of code say no more and make a comment hard to read. */
const MAX_LENGTH = 120

/** Control and format characters, and surrogates without their other half. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}]+/gu

/** A Markdown code span that shows `text` on one line; control and direction characters are left out. */
export function codeSpan(text: string): string {
  const flat = text.replace(/\s+/g, ' ').replace(invisible, '').trim()
  const characters = [...flat]
  const shown = characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : flat
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = shown === '' || shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}

/** Several code spans in a row: `a`, `b` and `c`. */
export function codeSpans(texts: readonly string[]): string {
  const spans = texts.map(codeSpan)
  return [spans.slice(0, -1).join(', '), ...spans.slice(-1)].filter(Boolean).join(' and ')
}
