/** Owns the step from raised problems to findings: words, lines, identities and suppressions. */

import type { CeleryProject } from '../celery/project.ts'
import type { ProjectFile } from '../celery/project-file.ts'
import { codeSpan } from '../core/code-span.ts'
import type { Finding } from '../core/finding.ts'
import type { Rule, RuleMeta } from '../rule/rule.ts'
import { identify } from './identity.ts'
import { enabledRules, type RaisedProblem } from './run-rules.ts'
import type { EngineSettings } from './settings.ts'
import { type Suppression, suppressionsOf } from './suppressions.ts'

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

/** Fills the placeholders of a message: text as code spans, numbers as they are. */
export function fillMessage(template: string, data: Readonly<Record<string, string | number>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (all, key: string) => {
    const value = data[key]
    if (value === undefined) return all
    return typeof value === 'number' ? String(value) : codeSpan(value)
  })
}

/** Problems as findings, ordered by place, without those that a comment suppresses. */
export function toFindings(
  project: CeleryProject,
  problems: readonly RaisedProblem[],
  rules: readonly Rule[],
  settings: EngineSettings,
  pathOf: (file: ProjectFile) => string = (file) => file.path,
): Finding[] {
  const suppressions = new Map<ProjectFile, Suppression[]>()
  for (const file of project.files.values()) {
    if (file.facts.text.includes('celery-review:')) suppressions.set(file, suppressionsOf(file))
  }
  const used = new Set<Suppression>()
  const ordered = [...problems].sort(byPlace)
  const fingerprints = identify(ordered, pathOf)
  const findings: Finding[] = []
  ordered.forEach((problem, index) => {
    const { file, rule, span } = problem
    const range = file.rangeOf(span)
    const covering = suppressions.get(file)?.filter((suppression) => covers(suppression, rule.meta.name, range)) ?? []
    for (const suppression of covering) used.add(suppression)
    if (covering.length > 0) return
    findings.push({
      rule: rule.meta.name,
      severity: problem.severity,
      path: file.path,
      ...range,
      message: fillMessage(rule.meta.messages[problem.messageId] ?? problem.messageId, problem.data),
      reference: rule.meta.reference,
      fingerprint: fingerprints[index]!,
      fix: problem.fix,
      related: (problem.related ?? []).map((related) => ({
        path: related.file.path,
        line: related.file.lines.lineAt(related.span.start),
        message: fillMessage(related.note, problem.data),
      })),
    })
  })
  findings.push(...suppressionFindings(suppressions, used, rules, settings))
  return findings.sort(byLine)
}

const covers = (suppression: Suppression, rule: string, { line, endLine }: { line: number; endLine: number }) =>
  suppression.rule === rule &&
  (!suppression.lines || suppression.lines.some((covered) => line <= covered && covered <= endLine))

function suppressionFindings(
  suppressions: ReadonlyMap<ProjectFile, readonly Suppression[]>,
  used: ReadonlySet<Suppression>,
  rules: readonly Rule[],
  settings: EngineSettings,
): Finding[] {
  const { name } = unusedSuppression
  if (
    settings.ignore?.has(name) ||
    settings.severities?.get(name) === 'off' ||
    (settings.select && !settings.select.has(name))
  )
    return []
  const known = new Set(rules.map((rule) => rule.meta.name))
  const enabled = new Set(enabledRules(rules, settings).map((rule) => rule.meta.name))
  const findings: Finding[] = []
  for (const [file, list] of suppressions) {
    for (const suppression of list) {
      // A rule that is switched off, or that only speaks of changes, may well be what the comment is there for.
      if (used.has(suppression) || suppression.rule === name) continue
      if (known.has(suppression.rule) && (!enabled.has(suppression.rule) || isChangeRule(rules, suppression.rule)))
        continue
      const template = unusedSuppression.messages[known.has(suppression.rule) ? 'unused' : 'unknown']!
      findings.push({
        rule: name,
        severity: unusedSuppression.severity,
        path: file.path,
        ...file.rangeOf(suppression.span),
        message: fillMessage(template, { rule: suppression.rule }),
        reference: unusedSuppression.reference,
        fingerprint: `suppression:${file.path}:${suppression.rule}:${findings.length}`,
        related: [],
      })
    }
  }
  return findings
}

const isChangeRule = (rules: readonly Rule[], name: string) =>
  rules.some((rule) => rule.meta.name === name && rule.scope === 'change')

const compare = <T extends string | number>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)

const byPlace = (a: RaisedProblem, b: RaisedProblem) =>
  compare(a.file.path, b.file.path) ||
  a.span.start - b.span.start ||
  compare(a.rule.meta.name, b.rule.meta.name) ||
  a.span.end - b.span.end

const byLine = (a: Finding, b: Finding) =>
  compare(a.path, b.path) || a.line - b.line || a.column - b.column || compare(a.rule, b.rule)
