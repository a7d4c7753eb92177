/** Owns the command `serve`: the app with the engine's rules, until a signal ends it. */
import { analyseWith } from '../app/analyse.ts'
import { pagesOf } from '../app/pages/pages.ts'
import { type ServeOptions, serve as serveApp } from '../app/serve.ts'
import type { Role } from '../app/start-app.ts'
import { MemoryFactsCache } from '../engine/load-project.ts'
import { loadRules } from '../rule/registry.ts'
import { catalogueOf } from './catalogue.ts'
import { withEnvFile } from './env-file.ts'
import { readReferences } from './package.ts'

/** Facts take some twenty times the memory of their text. */
const rememberedText = 8_000_000

/** How the app deals with time and with GitHub, where that is not as usual. */
type Tuning = Partial<Pick<ServeOptions, 'storage' | 'upkeepEvery' | 'isPatient' | 'silence' | 'deadline'>>

/** @throws UserError when the environment is incomplete or wrong, or the address cannot be listened on. */
export async function serve({ role, ...tuning }: { readonly role: Role } & Tuning): Promise<void> {
  const rules = await loadRules()
  const catalogue = catalogueOf(rules)
  await serveApp({
    ...tuning,
    env: withEnvFile(process.cwd(), process.env),
    signals: process,
    role,
    analyse: analyseWith(rules, new MemoryFactsCache(rememberedText)),
    rules: catalogue.map(({ meta }) => meta),
    pages: pagesOf(readReferences(), catalogue),
  })
}
