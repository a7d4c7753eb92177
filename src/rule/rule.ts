/** Owns what a rule is: data that describes it, and one pure generator that finds its problems in facts. */

import type { ProjectChange } from '../celery/change.ts'
import type { CeleryProject } from '../celery/project.ts'
import type { ProjectFile } from '../celery/project-file.ts'
import type { Severity } from '../core/finding.ts'
import type { Fix } from '../core/fix.ts'
import type { Span } from '../core/text.ts'

export type Confidence = 'high' | 'medium' | 'low'

export interface RuleMeta {
  /** Kebab-case, named after the mistake. */
  readonly name: string
  /** `<document>.md#<anchor>` below `references/`. */
  readonly reference: `${string}.md#${string}`
  readonly severity: Severity
  readonly confidence: Confidence
  /** `preview` rules run only when they are asked for. */
  readonly status: 'preview' | 'stable'
  /** Whether its problems carry a fix. */
  readonly fix: 'always' | 'sometimes' | 'never'
  /** One line for the catalogue, without a full stop. */
  readonly summary: string
  /**
   * Markdown with `{placeholders}`, at most three sentences: what is wrong, why it hurts here, what to do. Whatever fills
   * a placeholder is shown as a code span, so the text around it has no backticks of its own there.
   */
  readonly messages: Readonly<Record<string, string>>
  /** Rules whose problems at the very place of one of its own say the same with less knowledge, and are dropped. */
  readonly replaces?: readonly string[]
  /** Whether it also looks into tests. */
  readonly inTests?: boolean
  /** Whether it asks how processes are started. The files that say so are read for such rules only. */
  readonly readsDeployment?: boolean
}

export interface Related {
  readonly file: ProjectFile
  readonly span: Span
  /** Plain words, filled like a message. */
  readonly note: string
  /** The message to say in this place instead, and what to note of the problem's own, where a change touched this one only. */
  readonly instead?: { readonly messageId: string; readonly note: string }
}

/** What fills the placeholders of a message; a list is shown as `a`, `b` and `c`, each a code span. */
export type MessageData = Readonly<Record<string, string | number | readonly string[]>>

export interface Problem {
  readonly messageId: string
  readonly data?: MessageData
  /** The file of the problem; may be left out by a `file` rule. */
  readonly file?: ProjectFile
  readonly span: Span
  readonly related?: readonly Related[]
  /** Where before the change stood what is gone: `span` is then what is left near it. */
  readonly gone?: { readonly file: ProjectFile; readonly span: Span }
  /** Edits of the same file. */
  readonly fix?: Fix
  /** When it is not the rule's own. */
  readonly severity?: Severity
}

export interface FileContext {
  readonly project: CeleryProject
  readonly file: ProjectFile
}

export interface ProjectContext {
  readonly project: CeleryProject
}

export type ChangeContext = ProjectChange

/** A rule that is asked once per file, once per project, or once per change. */
export type Rule =
  | { readonly scope: 'file'; readonly meta: RuleMeta; readonly check: (context: FileContext) => Iterable<Problem> }
  | {
      readonly scope: 'project'
      readonly meta: RuleMeta
      readonly check: (context: ProjectContext) => Iterable<Problem>
    }
  | { readonly scope: 'change'; readonly meta: RuleMeta; readonly check: (context: ChangeContext) => Iterable<Problem> }

type Definition<Scope extends Rule['scope']> = RuleMeta & {
  readonly scope: Scope
  readonly check: Extract<Rule, { scope: Scope }>['check']
}

/** Defines a rule. Each module below `rules/` has one as its default export. */
export function defineRule<Scope extends Rule['scope']>({ scope, check, ...meta }: Definition<Scope>): Rule {
  return { scope, check, meta } as unknown as Rule
}
