/** Owns the page of one reference document, and how a reference's Markdown becomes HTML on any page. */
import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import { documentOf } from './document.ts'
import { type CodeBlock, fromGitHubMarkdown } from './markdown.ts'
import { colourPython } from './python-colours.ts'

/** The document as a whole HTML page. Its links to other documents and to its own headings work where those are pages too. */
export function referencePage(name: string, markdown: string): string {
  const title = titleOf(name, markdown)
  const way = h('nav', { className: ['way'] }, h('a', { href: '../' }, 'celery-review'), ' / References')
  const linked = markdown.replaceAll(claim, (line) => line.replaceAll(/(?<=[:,] )[\w-]+/g, '[`$&`](../rules/$&)'))
  return documentOf({ title, content: [h('main', { className: ['prose', 'reading'] }, way, fromReference(linked))] })
}

/** What a document calls itself; its name, if it does not. */
export const titleOf = (name: string, markdown: string): string => /^# (.*)$/m.exec(markdown)?.[1] ?? name

/** The line by which a section claims rules. */
export const claim = /^Rules?: [\w, -]+$/gm

/** The HTML of a reference's Markdown. `base` is the way to its document's page from where it is shown, if not there. */
export function fromReference(markdown: string, base = ''): ElementContent[] {
  let hasMistake = false
  const linkTo = (url: string) => {
    if (/^(https?:\/\/|\.\.\/rules\/[\w-]+$)/.test(url)) return url
    if (url.startsWith('#')) return base + url
    return /^[\w-]+\.md(#|$)/.test(url) ? base.replace(/[^/]*$/, '') + url : undefined
  }
  const showCode = (block: CodeBlock) => {
    const [kind] = block.meta.split(' ')
    hasMistake ||= kind === 'bad'
    return showPython(block, kind === 'bad' ? 'bad' : kind === 'good' && hasMistake ? 'good' : undefined)
  }
  // Only a section that shows a mistake has a better way to show.
  const onHeading = () => {
    hasMistake = false
  }
  return fromGitHubMarkdown(markdown, { linkTo, showCode, onHeading })
}

const captions = { bad: 'Mistake', good: 'Better' }

/** Blocks of Python in colours; a mistake and its cure can be told apart without them. Files of one block are set apart. */
function showPython({ language, text }: CodeBlock, kind?: keyof typeof captions): Element | undefined {
  if (language !== 'python') return undefined
  const lines = text.replaceAll(/\n(?=# --- )/g, '\n\n').split(/(?<=\n)/)
  const pre = h('pre', h('code', ...lines.flatMap(colourPython)))
  return kind ? h('figure', { className: ['code', kind] }, h('figcaption', captions[kind]), pre) : pre
}
