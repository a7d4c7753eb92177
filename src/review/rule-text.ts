/** Owns what a comment says about a rule as such. */
import { code, inert } from './inert.ts'
import { link, referenceUrl } from './markdown.ts'

interface DescribedRule {
  readonly name: string
  readonly severity: string
  readonly summary: string
  readonly reference: string
}

/** The rule in one paragraph, with the way to its section of the reference. */
export const explainRule = ({ name, severity, summary, reference }: DescribedRule, referencesUrl: string): string =>
  `**${code(name)}** (${severity}): ${inert(summary)}. ${link('Why this hurts, and what to do', referenceUrl({ referencesUrl }, reference))}.`
