/** Owns what the command line knows of its own package: where it is, its version and its reference documents. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FACTS_VERSION } from '../celery/facts.ts'
import { UserError } from '../core/errors.ts'

/** The directory of `package.json`; the sources and what is built from them lie at different depths below it. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory)
  return directory
}

export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version

/** Changes whenever facts of the same content may come out otherwise. */
export const engineVersion = (): string => `${packageVersion()}-${FACTS_VERSION}`

export const referencesDirectory = (): string => join(packageRoot(), 'references')

/** The Markdown of every reference document by its name. */
export const readReferences = (): Map<string, string> =>
  new Map(readdirSync(referencesDirectory()).map((document) => [document, readReference(document)]))

/**
 * The Markdown of a document below `references/`.
 * @throws UserError when it is not there.
 */
export function readReference(document: string): string {
  const path = join(referencesDirectory(), document)
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new UserError(`${path}: cannot be read: install celery-review again`)
  }
}
