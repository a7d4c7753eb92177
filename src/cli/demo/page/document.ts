/** Owns what all pages share: the document around their content, and how they look. Pages need no script and load nothing. */

import { toHtml } from 'hast-util-to-html'
import type { Child } from 'hastscript'
import { h } from 'hastscript'
import { style } from './style.ts'

/** A whole HTML document. Text becomes text nodes, so nothing in it needs to be escaped by hand. */
export function documentOf(title: string, ...content: Child[]): string {
  const head = h('head', [
    h('meta', { charSet: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', title),
    h('style', style),
  ])
  return toHtml(h(null, [{ type: 'doctype' }, h('html', { lang: 'en' }, [head, h('body', ...content)])]))
}
