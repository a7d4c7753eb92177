/** Owns what is said of a pull request that changes the configuration: it is checked, and it does not apply yet. */
import { configurationPath } from '../config/configuration.ts'
import type { ConfigurationProblem } from '../config/parse-configuration.ts'
import { cut, inert, visible } from '../review/inert.ts'
import { plural } from '../review/markdown.ts'
import type { PlannedCheck } from '../review/review-plan.ts'

/**
 * The check run with what the pull request makes of the configuration, each problem on its line.
 * @param problems undefined when the pull request does not touch the configuration
 */
export function withProposal(check: PlannedCheck, problems: readonly ConfigurationProblem[] | undefined): PlannedCheck {
  if (!problems) return check
  const path = `\`${configurationPath}\``
  const summary = [
    check.summary,
    `This pull request changes ${path}. That applies to pull requests whose base has it, and not to this one.`,
    ...problems.map(({ line, message }) => `- line ${line}: ${inert(message)}`),
  ]
  if (problems.length === 0) return { ...check, summary: summary.join('\n\n') }
  return {
    ...check,
    conclusion: check.conclusion === 'success' ? 'neutral' : check.conclusion,
    title: `${check.title}; ${plural(problems.length, 'problem')} in the configuration`,
    summary: summary.join('\n\n'),
    annotations: [
      ...check.annotations,
      ...problems.map(({ line, message }) => ({
        path: configurationPath,
        startLine: line,
        endLine: line,
        level: 'warning' as const,
        title: 'celery-review configuration',
        message: cut(visible(message), 1000),
      })),
    ],
  }
}
