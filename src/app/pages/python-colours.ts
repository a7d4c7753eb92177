/** Owns telling the parts of a line of Python apart for the eye. It looks at one line at a time, so it may err where a string spans several. */
import type { ElementContent } from 'hast'
import { h } from 'hastscript'

const keywords =
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False'

const token = new RegExp(
  [
    /(?<comment>#.*)/,
    /(?<string>(?:\b[rbfu]{1,2})?(?:"""(?:[^\\]|\\.)*?(?:"""|$)|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?))/,
    /(?<name>@[\w.]+|(?<=\b(?:def|class) )\w+)/,
    new RegExp(`(?<keyword>\\b(?:${keywords.replaceAll(' ', '|')})\\b)`),
    /(?<number>\b\d[\d_.]*\b)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
)

/** The line with its comments, strings, names, keywords and numbers each in an element with a class of that name. */
export function colourPython(line: string): ElementContent[] {
  const parts: ElementContent[] = []
  let done = 0
  for (const { 0: text, index, groups = {} } of line.matchAll(token)) {
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined)
    parts.push({ type: 'text', value: line.slice(done, index) }, h('span', { className: [`python-${kind}`] }, text))
    done = index + text.length
  }
  return [...parts, { type: 'text', value: line.slice(done) }]
}
