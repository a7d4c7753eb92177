/**
 * Owns the `github` format: workflow commands, which GitHub Actions turns into annotations.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
import type { Severity } from '../../core/finding.ts'
import type { Outcome } from './outcome.ts'

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

export function formatGitHub({ findings }: Outcome): string {
  return findings
    .map(({ rule, severity, path, line, endLine, column, endColumn, message, reference }) => {
      // A range of columns is only known within one line.
      const columns = line === endLine ? { col: column, endColumn } : {}
      const properties = { title: rule, file: path, line, endLine, ...columns }
      const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
      return `::${commands[severity]} ${written.join(',')}::${escapeData(`${message} (references/${reference})`)}\n`
    })
    .join('')
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
