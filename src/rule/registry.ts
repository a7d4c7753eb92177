/** Owns finding the rules: the only door to `rules/`, where each module is one rule and its folder is its reference. */
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Rule } from './rule.ts'

const directory = fileURLToPath(new URL('../../rules', import.meta.url))

let loading: Promise<readonly Rule[]> | undefined

/** Every rule of the product, ordered by name. Loaded once. */
export function loadRules(): Promise<readonly Rule[]> {
  loading ??= importRules()
  return loading
}

async function importRules(): Promise<readonly Rule[]> {
  const extension = extname(import.meta.url)
  const entries = await readdir(directory, { recursive: true })
  const modules = entries.filter((entry) => entry.endsWith(extension) && !entry.endsWith(`.d${extension}`))
  const rules = await Promise.all(
    modules.map(
      async (entry) => ((await import(pathToFileURL(join(directory, entry)).href)) as { default: Rule }).default,
    ),
  )
  return rules.sort((a, b) => (a.meta.name < b.meta.name ? -1 : 1))
}
