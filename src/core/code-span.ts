/** Owns showing text of the reviewed code inside Markdown: as a code span, in which nothing comes alive. */

/** Longer pieces of code say no more and make a comment hard to read. */
const MAX_LENGTH = 120

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const invisible = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g

/** A Markdown code span that shows `text` on one line; control and direction characters are left out. */
export function codeSpan(text: string): string {
  const flat = text.replace(/\s+/g, ' ').replace(invisible, '').trim()
  const shown = flat.length > MAX_LENGTH ? `${flat.slice(0, MAX_LENGTH - 1)}…` : flat
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = shown === '' || shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}
