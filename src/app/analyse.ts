/** Owns the port through which the app has a pull request analysed, so that it can be told apart from the engine in tests. */
import type { Configuration } from '../config/configuration.ts'
import type { Report } from '../core/finding.ts'
import type { FileChange, Snapshot } from '../core/snapshot.ts'

export interface AnalysisInput {
  /** At the merge base. */
  readonly before: Snapshot
  /** At the head. */
  readonly after: Snapshot
  readonly changes: readonly FileChange[]
  readonly configuration: Configuration
}

/** Says what the change introduces. */
export type Analyse = (input: AnalysisInput) => Promise<Report>
