/** Owns the list of rules as the command `rules` shows it. */
import { unusedSuppression } from '../engine/report.ts'
import { loadRules } from '../rule/registry.ts'
import type { Rule, RuleMeta } from '../rule/rule.ts'
import type { Io } from './io.ts'
import { type Paint, paintFor, textWidth, wrap } from './terminal.ts'

export interface CatalogueEntry {
  readonly scope: Rule['scope']
  readonly meta: RuleMeta
}

/** Every rule that a finding may name, ordered by name: those below `rules/` and the one that the engine keeps itself. */
export const catalogueOf = (rules: readonly Rule[]): CatalogueEntry[] =>
  [...rules, { scope: 'file' as const, meta: unusedSuppression }].toSorted((a, b) =>
    a.meta.name < b.meta.name ? -1 : 1,
  )

/** Prints the catalogue. */
export async function listRules(format: 'text' | 'json', io: Io): Promise<void> {
  const catalogue = catalogueOf(await loadRules())
  io.stdout.write(
    format === 'json'
      ? formatJson(catalogue)
      : formatTable(catalogue, paintFor(io.stdout, io.environment), textWidth(io.stdout)),
  )
}

function formatJson(catalogue: readonly CatalogueEntry[]): string {
  const rules = catalogue.map(({ scope, meta }) => {
    const { name, summary, severity, confidence, status, fix, reference } = meta
    return { name, summary, scope, severity, confidence, status, fix, reference }
  })
  return `${JSON.stringify({ version: 1, rules }, null, 2)}\n`
}

/** Grouped by the document that explains them, as the folders below `rules/` are. */
function formatTable(catalogue: readonly CatalogueEntry[], paint: Paint, width: number | undefined): string {
  const documents = [...new Set(catalogue.map(({ meta }) => documentOf(meta)))].sort()
  const nameWidth = Math.max(...catalogue.map(({ meta }) => meta.name.length))
  const groups = documents.map((document) => {
    const rows = catalogue
      .filter(({ meta }) => documentOf(meta) === document)
      .map(({ scope, meta }) => {
        const style = ({ error: 'red', warning: 'yellow', info: 'blue' } as const)[meta.severity]
        const name = paint('bold', meta.name.padEnd(nameWidth))
        const fix = meta.fix === 'never' ? '' : `fix ${meta.fix}`
        const facts = `${paint(style, meta.severity.padEnd(7))}  ${scope.padEnd(7)}  ${fix.padEnd(13)}  ${meta.status}`
        const summary = wrap(meta.summary, width && width - 4).map((line) => `    ${line}`)
        return [`  ${name}  ${facts}`, ...summary].join('\n')
      })
    return `${paint(['bold', 'cyan'], document)}\n${rows.join('\n')}`
  })
  return `${groups.join('\n\n')}\n`
}

export const documentOf = ({ reference }: RuleMeta): string => reference.slice(0, reference.indexOf('.md#'))
