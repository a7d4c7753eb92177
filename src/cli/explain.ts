/** Owns the command `explain`: one rule, and the section of the reference that it links to. */
import { fromMarkdown } from 'mdast-util-from-markdown'
import { sectionOf } from '../app/pages/section.ts'
import { UserError } from '../core/errors.ts'
import { loadRules } from '../rule/registry.ts'
import { type CatalogueEntry, catalogueOf } from './catalogue.ts'
import type { Io } from './io.ts'
import { renderMarkdown } from './markdown.ts'
import { readReference } from './package.ts'
import { unknownRule } from './rule-names.ts'
import { paintFor, textWidth, wrap } from './terminal.ts'

/**
 * Prints what a rule is and its section of the reference.
 * @throws UserError when there is no such rule.
 */
export async function explain(name: string, io: Io, read = readReference): Promise<void> {
  const catalogue = catalogueOf(await loadRules())
  const entry = catalogue.find(({ meta }) => meta.name === name)
  if (!entry) throw unknownRule(name, catalogue)
  const paint = paintFor(io.stdout, io.environment)
  const width = textWidth(io.stdout)
  const { meta } = entry
  const [document = '', anchor = ''] = meta.reference.split('#')
  const section = sectionOf(read(document), anchor)
  if (!section)
    throw new UserError(`references/${meta.reference}: there is no such section: install celery-review again`)
  const parts = [
    paint('bold', name),
    wrap(`${meta.summary}.`, width).join('\n'),
    paint('dim', describe(entry)),
    renderMarkdown(fromMarkdown(section.text).children, paint, width),
    paint('dim', `references/${meta.reference}`),
  ]
  io.stdout.write(`${parts.join('\n\n')}\n`)
}

function describe({ scope, meta }: CatalogueEntry): string {
  const sees = {
    file: 'looks at single files',
    project: 'looks at the whole project',
    change: 'compares before and after',
  }
  const fixes = { always: 'always has a fix', sometimes: 'sometimes has a fix', never: 'has no fix' }
  const { severity, confidence, status, fix } = meta
  return `${severity}, ${confidence} confidence, ${status}; ${sees[scope]}; ${fixes[fix]}`
}
