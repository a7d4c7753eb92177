/** Owns the names of rules as somebody types them. */
import { UserError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import { type CatalogueEntry, documentOf } from './catalogue.ts'

/** The error that says that there is no such rule, and which one may have been meant. */
export function unknownRule(
  name: string,
  catalogue: readonly CatalogueEntry[],
  otherNames: readonly string[] = [],
): UserError {
  const names = [...catalogue.map(({ meta }) => meta.name), ...otherNames]
  const [meant] = nearest(name.toLowerCase(), names, Math.max(2, Math.floor(name.length / 3)))
  const remedy = meant ? `did you mean ${meant}?` : '`celery-review rules` lists them'
  return new UserError(`unknown rule ${JSON.stringify(name)}: ${remedy}`)
}

/**
 * The rules that a list means: names of rules, and names of reference documents for all the rules that they explain.
 * Rules in preview have to be named themselves, unless `preview` is set.
 * @throws UserError when a name is neither.
 */
export function expandRuleNames(
  names: readonly string[],
  catalogue: readonly CatalogueEntry[],
  preview: boolean,
): Set<string> {
  const documents = [...new Set(catalogue.map(({ meta }) => documentOf(meta)))]
  return new Set(
    names.flatMap((name) => {
      if (catalogue.some(({ meta }) => meta.name === name)) return [name]
      if (!documents.includes(name)) throw unknownRule(name, catalogue, documents)
      return catalogue
        .filter(({ meta }) => documentOf(meta) === name && (preview || meta.status === 'stable'))
        .map(({ meta }) => meta.name)
    }),
  )
}
