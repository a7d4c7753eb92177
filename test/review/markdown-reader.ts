/** Reads posted Markdown as GitHub's parser would, for the tests that ask what of it is alive. */
import { fromMarkdown } from 'mdast-util-from-markdown'

type Node = ReturnType<typeof fromMarkdown>['children'][number]

/** All nodes of a Markdown text, in order. */
export function nodesOf(markdown: string): Node[] {
  const nodes: Node[] = []
  const visit = (node: Node) => {
    nodes.push(node)
    if ('children' in node) node.children.forEach(visit)
  }
  fromMarkdown(markdown).children.forEach(visit)
  return nodes
}

export const blocksOf = (markdown: string, lang: string): string[] =>
  nodesOf(markdown).flatMap((node) => (node.type === 'code' && node.lang === lang ? [node.value] : []))

/** The text that stands outside of code, as it is shown; there GitHub looks for mentions, references and addresses. */
export const proseOf = (markdown: string): string =>
  nodesOf(markdown)
    .map((node) => (node.type === 'text' ? node.value : '\ufffc'))
    .join('')

/** What GitHub turns into a mention, a reference or a link in text that is no Markdown. */
const livePatterns = [/@[\w-]/, /#\d/, /\bGH-\d/i, /:\/\//, /\bwww\./i, /\b[0-9a-f]{7,40}\b/i]

/** What in the prose of a text GitHub would bring to life. */
export function liveProse(markdown: string): string[] {
  const prose = proseOf(markdown)
  return livePatterns.flatMap((pattern) => pattern.exec(prose)?.[0] ?? [])
}

const ourNodes = ['paragraph', 'text', 'inlineCode', 'code', 'strong', 'list', 'listItem']
const ourUrl = /^https:\/\/(github\.test\/o\/r\/blob|docs\.test)\//
const ourHtml = /^(<\/?sub>|<!-- celery-review:v1 (?:-?[\w=%,./ ])* -->)$/

/** The nodes of a posted text that are none of ours: an image, a heading, a link elsewhere, other HTML. */
export const foreignNodes = (markdown: string): Node[] =>
  nodesOf(markdown).filter((node) => {
    if (node.type === 'link') return !ourUrl.test(node.url)
    if (node.type === 'html') return !ourHtml.test(node.value)
    return !ourNodes.includes(node.type)
  })

/** Characters that a reader cannot see; the zero-width space is our own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]|\p{Cs}/u

/** The cells of a table's row, split as GitHub does before it looks for anything else. */
export const cellsOf = (row: string): string[] =>
  row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').trim())
