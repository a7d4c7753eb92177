/** Owns the list of output formats. */
import { formatGitHub } from './github.ts'
import { formatJson } from './json.ts'
import type { Format } from './outcome.ts'
import { formatRdjson } from './rdjson.ts'
import { formatSarif } from './sarif.ts'
import { formatText } from './text.ts'

export const formats = {
  text: formatText,
  json: formatJson,
  sarif: formatSarif,
  github: formatGitHub,
  rdjson: formatRdjson,
} as const satisfies Readonly<Record<string, Format>>

export type FormatName = keyof typeof formats
