/** Owns cutting a section out of a reference document. */
import GithubSlugger from 'github-slugger'
import { fromMarkdown } from 'mdast-util-from-markdown'

export interface Section {
  readonly heading: string
  /** Markdown: what follows the heading, up to the next one that is not below it. */
  readonly text: string
}

/** The section under the heading that GitHub gives that anchor; undefined when there is none. */
export function sectionOf(markdown: string, anchor: string): Section | undefined {
  const slugger = new GithubSlugger()
  const headings = fromMarkdown(markdown).children.filter((node) => node.type === 'heading')
  const own = headings.find((node) => slugger.slug(plainText(node)) === anchor)
  if (!own) return undefined
  const next = headings.slice(headings.indexOf(own) + 1).find(({ depth }) => depth <= own.depth)
  const text = markdown.slice(own.position?.end.offset, next?.position?.start.offset)
  return { heading: plainText(own), text: text.trim() }
}

type Node = ReturnType<typeof fromMarkdown>['children'][number]

const plainText = (node: Node): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map(plainText).join('') : ''
