/** Owns the command `serve`: the app with the engine's rules, until a signal ends it. */
import { pagesOf } from '../app/pages/pages.ts'
import { type ServeOptions, serve as serveApp } from '../app/serve.ts'
import type { Role } from '../app/start-app.ts'
import { loadRules } from '../rule/registry.ts'
import { catalogueOf } from './catalogue.ts'
import { withEnvFile } from './env-file.ts'
import { engineVersion, readReferences } from './package.ts'

/** How the app deals with time and with GitHub, where that is not as usual. */
type Tuning = Partial<
  Pick<ServeOptions, 'storage' | 'upkeepEvery' | 'isPatient' | 'silence' | 'longestReview' | 'deadline'>
>

/**
 * Ends with the process.
 * @throws UserError when the environment is incomplete or wrong, or the address cannot be listened on.
 */
export async function serve({ role, ...tuning }: { readonly role: Role } & Tuning): Promise<void> {
  const rules = await loadRules()
  const catalogue = catalogueOf(rules)
  await serveApp({
    ...tuning,
    env: withEnvFile(process.cwd(), process.env),
    signals: process,
    role,
    version: engineVersion(),
    rules: catalogue.map(({ meta }) => meta),
    pages: pagesOf(readReferences(), catalogue),
  })
  // What Octokit spaces out would hold the process for up to a minute, though nobody waits for it any more.
  process.exit()
}
