/** Owns the page of one rule: what it is, and the section of the reference that explains it. */
import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Rule, RuleMeta } from '../../rule/rule.ts'
import { documentOf } from './document.ts'
import { claim, fromReference } from './reference-page.ts'
import { sectionOf } from './section.ts'

export interface DescribedRule {
  readonly scope: Rule['scope']
  readonly meta: RuleMeta
}

/** The rule as a whole HTML page. `markdown` is the reference document that it links to. */
export function rulePage({ scope, meta }: DescribedRule, markdown: string): string {
  const [document = '', anchor = ''] = meta.reference.split('#')
  const section = sectionOf(markdown, anchor)
  const base = `../references/${document}`
  const main = h('main', { className: ['prose', 'reading'] }, [
    h('nav', { className: ['way'] }, h('a', { href: '../' }, 'celery-review'), ' / Rules'),
    h('h1', h('code', meta.name)),
    h('p', `${meta.summary}.`),
    h('ul', { className: ['facts'] }, [
      badge(meta.severity, meta.severity),
      badge(meta.status),
      badge(scopes[scope]),
      badge(fixes[meta.fix]),
    ]),
    ...fromReference((section?.text ?? '').replace(claim, ''), base),
    h('p', { className: ['small'] }, [
      'From ',
      h('a', { href: `../references/${meta.reference}` }, section?.heading ?? document),
      ` in ${document}. To silence one place: `,
      h('code', `# celery-review: ignore[${meta.name}] reason`),
    ]),
  ])
  return documentOf({ title: `${meta.name} · celery-review`, content: [main] })
}

const badge = (words: string, ...classes: string[]): Element => h('li', { className: ['badge', ...classes] }, words)

const scopes = { file: 'looks at a file', project: 'looks at the project', change: 'compares before and after' }

const fixes = { always: 'has a fix', sometimes: 'sometimes has a fix', never: 'has no fix' }
