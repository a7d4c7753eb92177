/**
 * Owns the `sarif` format, which GitHub code scanning and editors read.
 * Source: SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import type { Finding, Severity } from '../../core/finding.ts'
import type { LineRange } from '../../core/text.ts'
import { packageVersion } from '../package.ts'
import { toSkipped } from './json.ts'
import type { Outcome } from './outcome.ts'

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }

export function formatSarif({ findings, rules, skipped, crashes }: Outcome): string {
  const ruleIndex = new Map(rules.map((rule, index) => [rule.name, index]))
  const run = {
    tool: {
      driver: {
        name: 'celery-review',
        version: packageVersion(),
        rules: rules.map(({ name, summary, severity, reference }) => ({
          id: name,
          shortDescription: { text: summary },
          help: { text: `references/${reference}` },
          defaultConfiguration: { level: levels[severity] },
        })),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: [...skipped, ...crashes.map(toSkipped)].map(({ path, reason }) => ({
          level: 'warning',
          message: { text: `${path} was skipped: ${reason}` },
        })),
      },
    ],
    results: findings.map((finding) => ({
      ruleId: finding.rule,
      ruleIndex: ruleIndex.get(finding.rule),
      level: levels[finding.severity],
      message: { text: finding.message },
      locations: [{ physicalLocation: physicalLocation(finding.path, regionOf(finding)) }],
      // The only one that code scanning looks at.
      partialFingerprints: { primaryLocationLineHash: finding.fingerprint },
      relatedLocations: finding.related.map(({ path, line, message }, id) => ({
        id,
        physicalLocation: physicalLocation(path, { startLine: line }),
        message: { text: message },
      })),
      fixes: toFixes(finding),
    })),
  }
  const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, null, 2)}\n`
}

function toFixes({ path, suggestion, fix }: Finding) {
  if (!suggestion) return undefined
  const { startLine, endLine, replacement } = suggestion
  const deletedRegion = { startLine, endLine }
  const change = {
    artifactLocation: artifactLocation(path),
    replacements: [{ deletedRegion, insertedContent: { text: replacement } }],
  }
  return [{ description: fix && { text: fix.title }, artifactChanges: [change] }]
}

const regionOf = ({ line, endLine, column, endColumn }: LineRange) => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn,
})

const physicalLocation = (path: string, region: object) => ({ artifactLocation: artifactLocation(path), region })

const artifactLocation = (path: string) => ({
  uri: path.split('/').map(encodeURIComponent).join('/'),
  uriBaseId: '%SRCROOT%',
})
