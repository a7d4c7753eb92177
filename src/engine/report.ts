/** Owns the step from raised problems to findings: words, lines, fingerprints and suppressions. */

import type { CeleryProject } from '../celery/project.ts'
import type { ProjectFile } from '../celery/project-file.ts'
import { codeSpan, codeSpans } from '../core/code-span.ts'
import type { Finding } from '../core/finding.ts'
import type { Edit, Fix } from '../core/fix.ts'
import type { MessageData, Rule, RuleMeta } from '../rule/rule.ts'
import { fingerprint } from './identity.ts'
import { enabledRules, MAX_PROBLEMS, type RaisedProblem, severityOf } from './run-rules.ts'
import type { EngineSettings } from './settings.ts'
import { type Suppression, type Suppressions, suppressionsOf } from './suppressions.ts'

/** The rule that the engine itself keeps: a suppression that suppresses nothing. */
export const unusedSuppression: RuleMeta = {
  name: 'unused-suppression',
  reference: 'configuration-guide.md#silencing-a-finding',
  severity: 'info',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A comment ignores a rule that does not exist or finds nothing there',
  messages: {
    unused: 'This comment ignores {rule}, which finds nothing here. Remove it, so that it cannot hide a later mistake.',
    unknown: 'This comment ignores {rule}, and there is no rule of that name. Correct or remove it.',
  },
}

/** Asked by nobody: what it says comes out of applying the suppressions. */
const suppressionRule: Rule = { scope: 'file', meta: unusedSuppression, check: () => [] }

/** Fills the placeholders of a message: text as code spans, numbers as they are. */
export function fillMessage(template: string, data: MessageData = {}): string {
  return template.replace(/\{(\w+)\}/g, (all, key: string) => {
    const value = data[key]
    if (value === undefined) return all
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' ? codeSpan(value) : codeSpans(value)
  })
}

/** A problem that no comment suppresses, with the fingerprint of its finding. */
export interface ShownProblem {
  readonly problem: RaisedProblem
  readonly fingerprint: string
}

/** The problems that no comment suppresses, and the comments that suppress nothing, ordered by place. */
export function shownProblems(
  project: CeleryProject,
  problems: readonly RaisedProblem[],
  rules: readonly Rule[],
  settings: EngineSettings,
): ShownProblem[] {
  const suppressions = new Map<ProjectFile, Suppressions>()
  for (const file of project.files.values()) {
    if (file.mentions('celery-review:')) suppressions.set(file, suppressionsOf(file))
  }
  const used = new Set<Suppression>()
  const isShown = ({ rule, file, span }: RaisedProblem) => {
    const range = file.rangeOf(span)
    const named = suppressions.get(file)?.get(rule.meta.name) ?? []
    const covering = named.filter((suppression) => covers(suppression, range))
    for (const suppression of covering) used.add(suppression)
    return covering.length === 0
  }
  // Fingerprints come first: silencing one of two equal findings must not make the other a new one.
  const shown = withFingerprints(problems).filter(({ problem }) => isShown(problem))
  return [...shown, ...withFingerprints(unusedSuppressions(suppressions, used, rules, settings))]
}

function withFingerprints(problems: readonly RaisedProblem[]): ShownProblem[] {
  const ordered = [...problems].sort(byPlace)
  const fingerprints = fingerprint(ordered.map(({ rule, file, span }) => ({ rule: rule.meta.name, file, span })))
  return ordered.map((problem, index) => ({ problem, fingerprint: fingerprints[index]! }))
}

/** A problem in words and lines. */
export const toFinding = ({
  problem: { rule, file, severity, span, messageId, data, fix, related, gone },
  fingerprint,
}: ShownProblem): Finding => ({
  rule: rule.meta.name,
  severity,
  path: file.path,
  ...file.rangeOf(span),
  message: fillMessage(rule.meta.messages[messageId] ?? messageId, data),
  reference: rule.meta.reference,
  fingerprint,
  fix: fix && plain(fix),
  gone: gone && linesOf(gone),
  related: (related ?? []).map((place) => ({
    path: place.file.path,
    line: place.file.lines.lineAt(place.span.start),
    message: fillMessage(place.note, data),
  })),
})

function linesOf({ file, span }: NonNullable<RaisedProblem['gone']>): Finding['gone'] {
  const { line, endLine } = file.rangeOf(span)
  return { path: file.path, line, endLine }
}

/** A rule may name a piece of syntax as what to replace; a finding is data, and keeps its span alone. */
const plain = ({ edits: [first, ...others], ...fix }: Fix): Fix => ({
  ...fix,
  edits: [plainEdit(first), ...others.map(plainEdit)],
})
const plainEdit = ({ span: { start, end }, replacement }: Edit): Edit => ({ span: { start, end }, replacement })

/** The findings of a project, ordered by place. */
export const toFindings = (...shown: Parameters<typeof shownProblems>): Finding[] =>
  shownProblems(...shown)
    .map(toFinding)
    .sort(byLine)

const covers = ({ line: covered }: Suppression, { line, endLine }: { line: number; endLine: number }) =>
  covered === undefined || (line <= covered && covered <= endLine)

function unusedSuppressions(
  suppressions: ReadonlyMap<ProjectFile, Suppressions>,
  used: ReadonlySet<Suppression>,
  rules: readonly Rule[],
  settings: EngineSettings,
): RaisedProblem[] {
  const [rule] = enabledRules([suppressionRule], settings)
  if (!rule) return []
  const known = new Set(rules.map(({ meta }) => meta.name))
  // A rule that is switched off, or that only speaks of changes, may well be what a comment is there for.
  const silent = new Set(rules.filter(({ scope }) => scope === 'change').map(({ meta }) => meta.name))
  const enabled = new Set(enabledRules(rules, settings).map(({ meta }) => meta.name))
  for (const name of known) if (!enabled.has(name)) silent.add(name)
  return [...suppressions].flatMap(([file, named]) =>
    [...named.values()]
      .flat()
      .filter(
        (suppression) =>
          !used.has(suppression) && !silent.has(suppression.rule) && suppression.rule !== unusedSuppression.name,
      )
      .slice(0, MAX_PROBLEMS)
      .map(
        ({ span, rule: name }): RaisedProblem => ({
          rule,
          file,
          span,
          severity: severityOf(rule, undefined, settings),
          messageId: known.has(name) ? 'unused' : 'unknown',
          data: { rule: name },
        }),
      ),
  )
}

const compare = <T extends string | number>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)

const byPlace = (a: RaisedProblem, b: RaisedProblem) =>
  compare(a.file.path, b.file.path) ||
  a.span.start - b.span.start ||
  compare(a.rule.meta.name, b.rule.meta.name) ||
  a.span.end - b.span.end

/** The order of findings in a report. */
export const byLine = (a: Finding, b: Finding) =>
  compare(a.path, b.path) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule)
