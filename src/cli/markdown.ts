/** Owns showing a section of a reference document in a terminal. Knows the Markdown that the references are written in. */
import type { fromMarkdown } from 'mdast-util-from-markdown'
import { indent, type Paint, printable, wrap } from './terminal.ts'

type Node = ReturnType<typeof fromMarkdown>['children'][number]

/** Blocks of Markdown as lines of a terminal, an empty line between two. */
export function renderMarkdown(blocks: readonly Node[], paint: Paint, width: number | undefined): string {
  return blocks
    .map((block) => renderBlock(block, paint, width))
    .filter((text) => text !== '')
    .join('\n\n')
}

function renderBlock(node: Node, paint: Paint, width: number | undefined): string {
  switch (node.type) {
    case 'heading':
      return paint('bold', inlineText(node, paint))
    case 'paragraph':
      return renderParagraph(inlineText(node, paint), width)
    case 'code': {
      const label = node.meta?.startsWith('bad') ? paint('red', 'Bad:') : node.meta && paint('green', 'Good:')
      return (label ? `${label}\n` : '') + indent(printable(node.value), '    ')
    }
    case 'list':
      return node.children
        .map((item, index) => {
          const bullet = node.ordered ? `${(node.start ?? 1) + index}. ` : '• '
          const text = renderMarkdown(item.children, paint, width && width - bullet.length)
          return bullet + indent(text, ' '.repeat(bullet.length)).trimStart()
        })
        .join('\n')
    case 'blockquote':
      return indent(renderMarkdown(node.children, paint, width && width - 2), '│ ')
    case 'thematicBreak':
      return '─'.repeat(width ?? 40)
    default:
      // HTML is a comment for whoever edits the document; nothing else stands at this level of ours.
      return ''
  }
}

/** Rows of a table are kept apart: the parser knows CommonMark only, in which a table is a paragraph. */
const renderParagraph = (text: string, width: number | undefined): string =>
  text.startsWith('|') ? text : wrap(text, width).join('\n')

function inlineText(node: Node, paint: Paint): string {
  switch (node.type) {
    case 'text':
      return printable(node.value)
    case 'inlineCode':
      return paint('cyan', `\`${printable(node.value)}\``)
    case 'break':
      return '\n'
    case 'link': {
      const text = childrenText(node, paint)
      return node.url.startsWith('http') && node.url !== text ? `${text} (${printable(node.url)})` : text
    }
    case 'strong':
    case 'emphasis':
      return paint('bold', childrenText(node, paint))
    default:
      return childrenText(node, paint)
  }
}

const childrenText = (node: Node, paint: Paint): string =>
  'children' in node ? node.children.map((child) => inlineText(child, paint)).join('') : ''
