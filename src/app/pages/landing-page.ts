/** Owns the page that a browser finds at the app's own address. */
import type { Element } from 'hast'
import { h } from 'hastscript'
import { documentOf } from './document.ts'
import type { DescribedRule } from './rule-page.ts'

export interface Guide {
  /** `periodic-tasks.md`. */
  readonly name: string
  readonly title: string
}

/** What the app is, its reference documents, and the rules that link to each. */
export function landingPage(guides: readonly Guide[], rules: readonly DescribedRule[]): string {
  const main = h('main', { className: ['prose', 'reading'] }, [
    h('h1', 'celery-review'),
    h('p', 'Reviews pull requests for Celery mistakes in Python and Django projects. ', [
      'A comment ',
      h('code', '/celery-review'),
      ' on a pull request asks for a review.',
    ]),
    ...guides.flatMap((guide) => [
      h('h2', h('a', { href: `references/${guide.name}` }, guide.title)),
      h(
        'ul',
        { className: ['rules'] },
        ...rules.filter(({ meta }) => meta.reference.startsWith(`${guide.name}#`)).map(entry),
      ),
    ]),
  ])
  return documentOf({ title: 'celery-review', content: [main] })
}

const entry = ({ meta }: DescribedRule): Element =>
  h('li', [
    h('a', { href: `rules/${meta.name}` }, h('code', meta.name)),
    ' ',
    h('span', { className: ['badge', meta.severity] }, meta.severity),
    meta.status === 'preview' ? [' ', h('span', { className: ['badge'] }, 'preview')] : '',
    h('p', { className: ['faint'] }, `${meta.summary}.`),
  ])
