/** Owns showing a section of a reference document in a terminal. Knows the Markdown that the references are written in. */
import type { fromMarkdown } from 'mdast-util-from-markdown'
import { indent, type Paint, printable, widthOf, wrap } from './terminal.ts'

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

/** The parser knows CommonMark only, in which a table is a paragraph. */
const renderParagraph = (text: string, width: number | undefined): string =>
  text.startsWith('|') ? renderTable(text, width) : wrap(text, width).join('\n')

/** Rows in columns, the last of which is wrapped where the others leave it room. */
function renderTable(text: string, width: number | undefined): string {
  const [head = [], , ...body] = text.split('\n').map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  const rows = [head, ...body]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))))
  const start = widths.slice(0, -1).reduce((sum, columns) => sum + columns + 2, 0)
  const room = width && width - start >= MIN_COLUMN ? width - start : undefined
  const rule = widths.map((columns, column) =>
    '─'.repeat(column === widths.length - 1 ? Math.min(columns, room ?? columns) : columns),
  )
  const line = (row: readonly string[]): string => {
    const cells = row.slice(0, -1).map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell) + 2))
    return cells.join('') + wrap(row.at(-1) ?? '', room).join(`\n${' '.repeat(start)}`)
  }
  return [head, rule, ...body].map((row) => line(row).trimEnd()).join('\n')
}

/** Narrower than this, a column is harder to read than lines that the terminal breaks. */
const MIN_COLUMN = 24

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
