/** Owns the finding: what the engine says about one place of the reviewed code, as every output format shows it. */
import type { Fix, Suggestion } from './fix.ts'
import type { LineRange } from './text.ts'

export const severities = ['info', 'warning', 'error'] as const
export type Severity = (typeof severities)[number]

/** Whether `severity` reaches `threshold`. */
export const isAtLeast = (severity: Severity, threshold: Severity): boolean =>
  severities.indexOf(severity) >= severities.indexOf(threshold)

export interface RelatedPlace {
  readonly path: string
  /** 1-based. */
  readonly line: number
  readonly message: string
}

export interface Finding extends LineRange {
  readonly rule: string
  readonly severity: Severity
  /** Relative to the project's root, with forward slashes. */
  readonly path: string
  /** At most three sentences of Markdown; text of the reviewed code in it stands in code spans only. */
  readonly message: string
  /** `<document>.md#<anchor>` below `references/`. */
  readonly reference: string
  /** Stable over line shifts, re-indentation and renames of the file; unique within one report. */
  readonly fingerprint: string
  /** Present only when the fix was proven: applied, parsed, analysed again. */
  readonly suggestion?: Suggestion
  readonly fix?: Fix
  /** The changed line that brought the finding about, when the finding itself stands on a line that did not change. */
  readonly cause?: RelatedPlace
  /** The lines of the merge base on which stood what is gone; the finding itself stands on what is left near them. */
  readonly gone?: { readonly path: string; readonly line: number; readonly endLine: number }
  readonly related: readonly RelatedPlace[]
}

/** A file, or a part of the work, that was not looked at, and why. */
export interface Skipped {
  readonly path: string
  readonly reason: string
}

/** A rule that threw: it costs its own findings in that place, never the review. */
export interface RuleCrash {
  readonly rule: string
  readonly path?: string
  readonly message: string
}

export interface ReportStats {
  /** Files in the tree. */
  readonly files: number
  readonly parsed: number
  readonly cached: number
  /** Tasks that were recognised, those of tests aside; undefined where nothing had to be read. */
  readonly tasks?: number
}

export interface Report {
  /** Ordered by path, line, column and rule. */
  readonly findings: readonly Finding[]
  readonly skipped: readonly Skipped[]
  readonly crashes: readonly RuleCrash[]
  readonly stats: ReportStats
  /** Whether any file of the project mentions Celery at all; undefined where nothing had to be read. */
  readonly usesCelery: boolean | undefined
}
