/** Owns the port through which the app has a pull request analysed, and its answer by the engine. */
import type { Configuration } from '../config/configuration.ts'
import { engineSettingsOf } from '../config/engine-settings.ts'
import type { FileChange, Snapshot } from '../core/snapshot.ts'
import { type ChangeReport, compareProjects } from '../engine/analyse.ts'
import type { FactsCache } from '../engine/load-project.ts'
import type { Rule } from '../rule/rule.ts'

export interface AnalysisInput {
  /** At the merge base. */
  readonly before: Snapshot
  /** At the head. */
  readonly after: Snapshot
  readonly changes: readonly FileChange[]
  readonly configuration: Configuration
}

/** Says what the change introduces, and what it found in the files that it changes. */
export type Analyse = (input: AnalysisInput) => Promise<ChangeReport>

/** Analyses with the engine. */
export const analyseWith =
  (rules: readonly Rule[], cache?: FactsCache): Analyse =>
  ({ configuration, ...comparison }) =>
    compareProjects(comparison, { rules, cache, settings: engineSettingsOf(configuration) })
