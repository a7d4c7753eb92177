/** Owns what a caller may ask of the engine. Reading it from a file or the command line is left to others. */
import type { Severity } from '../core/finding.ts'

export interface EngineSettings {
  /** Runs these rules only, preview or not. */
  readonly select?: ReadonlySet<string>
  readonly ignore?: ReadonlySet<string>
  /** Runs preview rules too. */
  readonly preview?: boolean
  /** Severities that differ from the rules' own. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>
  /** Globs of paths in which nothing is reported. They still count as part of the project. */
  readonly ignorePaths?: readonly string[]
  readonly roots?: readonly string[]
  readonly taskDecorators?: readonly string[]
}
