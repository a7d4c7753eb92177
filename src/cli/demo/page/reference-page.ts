/** Owns the page of one reference document. */
import { h } from 'hastscript'
import { documentOf } from './document.ts'
import { fromGitHubMarkdown } from './markdown.ts'
import { colourPython } from './python-colours.ts'

/** The document as a whole HTML page. Its links to other documents and to its own headings work where those are pages too. */
export function referencePage(name: string, markdown: string): string {
  const linkTo = (url: string) => (/^(https?:\/\/|[\w-]+\.md(#|$)|#)/.test(url) ? url : undefined)
  const showCode = (language: string, text: string) =>
    language === 'python' ? h('pre', h('code', ...text.split(/(?<=\n)/).flatMap(colourPython))) : undefined
  const content = h('main', { className: ['prose', 'reading'] }, fromGitHubMarkdown(markdown, { linkTo, showCode }))
  return documentOf(name, content)
}
