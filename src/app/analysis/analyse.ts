/** Owns the port through which the app has a pull request analysed, and its answer by the engine in this very thread. */
import type { Configuration } from '../../config/configuration.ts'
import { engineSettingsOf } from '../../config/engine-settings.ts'
import type { FileChange, Snapshot } from '../../core/snapshot.ts'
import { type ChangeReport, compareProjects } from '../../engine/analyse.ts'
import type { FactsCache } from '../../engine/facts-cache.ts'
import type { Rule } from '../../rule/rule.ts'
import type { Log } from '../log.ts'

export interface AnalysisInput {
  /** To which the facts belong that are kept. */
  readonly installationId: number
  readonly repositoryId: number
  /** At the merge base. */
  readonly before: Snapshot
  /** At the head. */
  readonly after: Snapshot
  readonly changes: readonly FileChange[]
  readonly configuration: Configuration
  readonly log: Log
}

/**
 * Says what the change introduces, and what it found in the files that it changes.
 * @throws AnalysisFailure when it does not come to its end, and whatever reading failed with
 */
export type Analyse = (input: AnalysisInput) => Promise<ChangeReport>

/**
 * Analyses with the engine.
 * @param cache what is known of files from one analysis to the next; without it each begins anew
 */
export const analyseWith =
  (rules: readonly Rule[], cache?: FactsCache): Analyse =>
  ({ before, after, changes, configuration }) =>
    compareProjects({ before, after, changes }, { rules, settings: engineSettingsOf(configuration), cache })
