/** Owns the way from the text of `.github/celery-review.yml` to a configuration: what is faulty costs that key only. */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { nearest } from '../core/nearest.ts'
import { lineTooDeep } from '../core/yaml-depth.ts'
import { type Configuration, configurationSchema, defaultConfiguration } from './configuration.ts'

export interface ConfigurationProblem {
  /** 1-based. */
  readonly line: number
  /** One line of plain text. It may quote the file: whoever shows it makes it inert. */
  readonly message: string
}

export interface ParsedConfiguration {
  readonly configuration: Configuration
  /** Ordered by line. */
  readonly problems: readonly ConfigurationProblem[]
}

type Issue = z.core.$ZodIssue
type Values = Record<string, unknown>

/** More than any real file has, and little enough for every pull request to read it again. */
const mostCharacters = 64 * 1024

/** Of keys, lists and columns. */
const deepest = 50

/** Nobody reads on. */
const mostProblems = 50

/**
 * Reads the file's text. Never throws: a key that is not understood is named in the problems and keeps its default; a
 * file that is not YAML leaves all the defaults.
 */
export function parseConfiguration(text: string, { ruleNames }: { ruleNames: readonly string[] }): ParsedConfiguration {
  const onlyDefaults = (line: number, message: string): ParsedConfiguration => ({
    configuration: defaultConfiguration,
    problems: [{ line, message: `${message}; the defaults apply` }],
  })
  if (text.length > mostCharacters) return onlyDefaults(1, `the file is longer than ${mostCharacters} characters`)

  const deepLine = lineTooDeep(text, deepest)
  if (deepLine) return onlyDefaults(deepLine, 'the file is nested too deeply')

  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const lineOf = (offset: number) => Math.max(1, lineCounter.linePos(offset).line)
  const fault = document.errors[0]
  if (fault) return onlyDefaults(lineOf(fault.pos[0]), `not valid YAML: ${oneLine(fault.message)}`)
  let values: unknown
  try {
    values = document.toJS()
  } catch (error) {
    return onlyDefaults(1, `not usable YAML: ${oneLine(String(error))}`)
  }
  if (values === null || values === undefined) return { configuration: defaultConfiguration, problems: [] }
  if (!isMap(document.contents)) return onlyDefaults(1, 'the file must hold keys and values, such as `drafts: true`')

  const given = withoutEmpty(values as Values)
  const schema = configurationSchema(ruleNames)
  const problems: ConfigurationProblem[] = []
  let parsed = schema.safeParse(given)
  // Each round takes the faulty keys out, so the second one succeeds; a third would be a fault of the schema.
  for (let round = 0; !parsed.success && round < 2; round++) {
    for (const issue of parsed.error.issues) {
      for (const { path, explain } of faultsOf(issue, given, ruleNames)) {
        if (problems.length < mostProblems)
          problems.push({ line: lineOf(offsetOf(document, path)), message: explain() })
        remove(given, path)
      }
    }
    parsed = schema.safeParse(given)
  }
  problems.sort((a, b) => a.line - b.line)
  return { configuration: parsed.data ?? defaultConfiguration, problems }
}

const oneLine = (text: string) => text.split('\n', 1)[0]!

/** A key with nothing behind it says nothing. */
const withoutEmpty = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

function faultsOf(issue: Issue, given: Values, ruleNames: readonly string[]) {
  const path = issue.path.map(String)
  const name = path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], explain: () => describeUnknown(path, key, ruleNames) }))
  }
  if (issue.code === 'invalid_value') {
    const found = path.reduce<unknown>((value, key) => (value as Values | undefined)?.[key], given)
    const shown = shorten(JSON.stringify(found))
    return [{ path, explain: () => `\`${name}\` must be one of ${issue.values.join(', ')}, not ${shown}` }]
  }
  return [{ path, explain: () => `\`${name}\`: ${issue.message}` }]
}

function describeUnknown(path: readonly string[], key: string, ruleNames: readonly string[]): string {
  const isRule = path[0] === 'rules'
  const names = isRule ? ruleNames : keysAt(path)
  const [meant] = nearest(key.toLowerCase(), names, Math.max(2, Math.floor(key.length / 3)))
  const unknown = `unknown ${isRule ? 'rule' : 'key'} \`${shorten(key)}\``
  if (meant) return `${unknown}; did you mean \`${meant}\`?`
  return isRule ? `${unknown}; \`celery-review rules\` lists them` : `${unknown}; known here: ${names.join(', ')}`
}

function keysAt(path: readonly string[]): string[] {
  const { shape } = configurationSchema([]).in
  switch (path[0]) {
    case 'paths':
    case 'labels':
    case 'authors':
      return Object.keys(shape[path[0]].unwrap().shape)
    default:
      return Object.keys(shape)
  }
}

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** Where a key stands, or the nearest thing above it that stands in the file. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (!isMap(parent)) continue
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === path[length - 1])
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
  }
  return 0
}

/** Takes a faulty key out: one rule of `rules`, or else the whole key at the top. */
function remove(given: Values, path: readonly string[]): void {
  const [top, name] = path as [string, string?]
  const rules = given[top]
  if (top === 'rules' && name !== undefined && typeof rules === 'object' && rules !== null) {
    delete (rules as Values)[name]
  } else {
    delete given[top]
  }
}
