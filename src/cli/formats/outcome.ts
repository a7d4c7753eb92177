/** Owns what every output format is given to show. */
import type { Finding, RuleCrash, Severity, Skipped } from '../../core/finding.ts'
import type { Lines } from '../../core/text.ts'
import type { RuleMeta } from '../../rule/rule.ts'
import type { Paint } from '../terminal.ts'

export interface Outcome {
  /** Those that are to be shown, ordered by path, line, column and rule. */
  readonly findings: readonly Finding[]
  readonly skipped: readonly Skipped[]
  readonly crashes: readonly RuleCrash[]
  readonly usesCelery: boolean | undefined
  readonly stats: {
    /** Files in the tree. */
    readonly files: number
    readonly parsed: number
    readonly cached: number
    /** Undefined where nothing had to be read. */
    readonly tasks?: number
    readonly ms: number
  }
  /** The text of each file that has a finding. */
  readonly sources: ReadonlyMap<string, Lines>
  /** Every rule that a finding may name. */
  readonly rules: readonly RuleMeta[]
}

/** How the outcome is shown to a person; formats for programs take no notice of it. */
export interface Presentation {
  readonly paint: Paint
  /** Text is wrapped to this width; undefined where there is no terminal. */
  readonly width: number | undefined
  /** A path of the project as it is opened from the current directory. */
  readonly displayPath: (path: string) => string
}

export type Format = (outcome: Outcome, presentation: Presentation) => string

/** How often each severity occurs. */
export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { info: 0, warning: 0, error: 0 }
  for (const { severity } of findings) counts[severity]++
  return counts
}
