/** Owns what all pages share: the document around their content, and how they look. Pages need no script and load nothing. */

import { toHtml } from 'hast-util-to-html'
import type { Child } from 'hastscript'
import { h } from 'hastscript'
import { style } from './style.ts'

export interface Document {
  readonly title: string
  readonly content: readonly Child[]
  /** Style sheets besides the one that all pages share. */
  readonly styles?: readonly string[]
}

/** A whole HTML document. Text becomes text nodes, so nothing in it needs to be escaped by hand. */
export function documentOf({ title, content, styles = [] }: Document): string {
  const head = h('head', [
    h('meta', { charSet: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', title),
    h('style', style, ...styles),
  ])
  return toHtml(h(null, [{ type: 'doctype' }, h('html', { lang: 'en' }, [head, h('body', ...content)])]))
}
