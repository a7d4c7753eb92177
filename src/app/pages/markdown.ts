/** Owns turning Markdown into HTML in which nothing of the text comes alive: no HTML, no script, no picture, no foreign address. */
import GithubSlugger from 'github-slugger'
import type { Element, ElementContent, Root, RootContent } from 'hast'
import { h } from 'hastscript'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { type Handler, toHast } from 'mdast-util-to-hast'
import { gfmTable } from 'micromark-extension-gfm-table'

export interface CodeBlock {
  readonly language: string
  /** What stands behind the language. */
  readonly meta: string
  readonly text: string
}

export interface MarkdownOptions {
  /** Where the page leads for an address in the text; undefined leaves the link's words without a link. */
  readonly linkTo: (url: string) => string | undefined
  /** Shows a fenced block in a way of its own; undefined shows it as it is. */
  readonly showCode?: (block: CodeBlock) => Element | undefined
  /** Told of each heading before what follows it is shown. */
  readonly onHeading?: () => void
}

/** The Markdown as HTML nodes. Headings get the ids by which GitHub names them. */
export function fromGitHubMarkdown(markdown: string, options: MarkdownOptions): ElementContent[] {
  const tree = fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] })
  // HTML in the text has no counterpart here: it is dropped, and what stands between two tags stays.
  const root = toHast(tree, { handlers: { paragraph } }) as Root
  const slugger = new GithubSlugger()
  const dress = (node: RootContent): ElementContent[] => {
    if (node.type === 'text') return [node]
    if (node.type !== 'element') return []
    const element = { ...node, children: node.children.flatMap(dress) }
    switch (node.tagName) {
      case 'a': {
        const href = options.linkTo(String(node.properties.href))
        return href === undefined ? element.children : [h('a', { href }, element.children)]
      }
      case 'img':
        return [{ type: 'text', value: String(node.properties.alt ?? '') }]
      case 'pre':
        return [options.showCode?.(codeBlockOf(node)) ?? element]
      case 'table':
        return [h('div', { className: ['wide'] }, element)]
      case 'h1':
      case 'h2':
      case 'h3':
      case 'h4':
      case 'h5':
      case 'h6':
        options.onHeading?.()
        return [{ ...element, properties: { id: slugger.slug(textOf(node)) } }]
      default:
        return [element]
    }
  }
  return root.children.flatMap(dress)
}

/** A paragraph that is all subscript, as the last one of a review comment, is small print. */
const paragraph: Handler = (state, node) => {
  const [first] = node.children
  const isSmall = first?.type === 'html' && first.value === '<sub>'
  return h('p', isSmall ? { className: ['small'] } : {}, state.all(node))
}

function codeBlockOf(pre: Element): CodeBlock {
  const [code] = pre.children
  const { properties = {}, data } = code?.type === 'element' ? code : {}
  const names = properties.className
  return {
    language: Array.isArray(names) ? String(names[0]).replace(/^language-/, '') : '',
    meta: String((data as { meta?: string | null } | undefined)?.meta ?? ''),
    text: textOf(pre).replace(/\n$/, ''),
  }
}

const textOf = (node: RootContent): string =>
  node.type === 'text' ? node.value : 'children' in node ? node.children.map(textOf).join('') : ''
