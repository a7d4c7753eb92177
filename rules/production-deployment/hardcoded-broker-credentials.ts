/**
 * A broker's password in the source opens the workers to everybody who can read the repository. The secret itself is
 * never taken further than this module: no message, place or fix repeats it.
 */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Span } from '../../src/core/text.ts'
import type { Expr, FString, Node, StringLiteral } from '../../src/python/syntax.ts'
import { ancestors, descendants, dottedName } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'hardcoded-broker-credentials',
  reference: 'production-deployment.md#credentials-in-the-source',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'The URL of the broker or the result backend is written down with its password',
  messages: {
    broker:
      'The credentials in {setting} can be read by everybody who can read this repository, and whoever has them can have your workers run any task with any arguments. Read the URL from the environment, and change the password: the history keeps this one.',
    backend:
      'The credentials in {setting} can be read by everybody who can read this repository, and whoever has them can read and forge the results of every task. Read the URL from the environment, and change the password: the history keeps this one.',
  },
  *check({ project, file }) {
    if (developmentPath.test(file.path)) return
    for (const { name, span, value } of urlPlaces(project, file)) {
      const written = isForDevelopment(value) ? undefined : writtenUrl(project, file, value)
      if (!written) continue
      const isHere = written.file === file && written.value === value
      yield {
        messageId: /backend/i.test(name) ? 'backend' : 'broker',
        data: { setting: name },
        span,
        related: isHere
          ? []
          : [
              {
                file: written.file,
                span: { start: written.at.start, end: written.at.start },
                note: 'the URL is written here',
              },
            ],
        fix: isHere ? readFromEnvironment(project, file, name, value) : undefined,
      }
    }
  },
})

const developmentPath =
  /(^|[/_.-])(dev|develop|development|local|test|tests|testing|ci|docker|compose|debug|demo|sample|samples|example|examples|docs?)([/_.-]|$)/i
const urlName = /(^|_)(broker_(read_|write_)?url|result_backend)$/i

interface UrlPlace {
  /** The setting as written. */
  readonly name: string
  /** Where its name stands. */
  readonly span: Span
  readonly value: Expr
}

/** The places of a file that give Celery the URL of its broker or its backend. */
function* urlPlaces(project: CeleryProject, file: ProjectFile): Generator<UrlPlace> {
  const seen = new Set<Expr>()
  for (const { targets, value } of file.assigns) {
    for (const target of targets) {
      const key = target.kind === 'subscript' ? target.index[0] : target
      const name = key?.kind === 'name' ? key.id : key?.kind === 'string' ? key.value : undefined
      if (!key || !value || name === undefined || !urlName.test(name)) continue
      seen.add(value)
      yield { name, span: key, value }
    }
  }
  for (const { at, file: where, value, written } of project.settingPlaces) {
    if (where !== file || seen.has(value) || !urlName.test(written)) continue
    const isArgument = at.kind === 'argument' && at.name !== undefined
    yield {
      name: isArgument ? at.name! : written,
      span: isArgument ? { start: at.start, end: at.start + at.name!.length } : at,
      value,
    }
  }
}

/** Whether a value holds only where somebody develops: under `if DEBUG`, or in the other branch of `if PRODUCTION`. */
function isForDevelopment(value: Node): boolean {
  let below = value
  for (const up of ancestors(value)) {
    if (up.kind === 'if' || up.kind === 'conditional') {
      const isBody = up.kind === 'if' ? (up.body as readonly Node[]).includes(below) : up.body === below
      const isNegated = up.test.kind === 'unary' && up.test.operator === 'not'
      const wanted = isBody === isNegated ? /prod/i : /debug|test|local|^dev|^ci$/i
      if (wordsOf(up.test).some((word) => wanted.test(word))) return true
    }
    below = up
  }
  return false
}

/** The names and strings of a condition. */
const wordsOf = (test: Expr): string[] =>
  [...descendants(test)].flatMap((node) => {
    if (node.kind === 'name') return node.id
    if (node.kind === 'attribute') return node.attr
    return node.kind === 'string' ? node.value : []
  })

/** Where a value, or the name that it gives, spells out a URL with credentials. */
function writtenUrl(
  project: CeleryProject,
  file: ProjectFile,
  value: Expr,
): { file: ProjectFile; value: Expr; at: Expr } | undefined {
  const name = value.kind === 'name' ? value.id : value.kind === 'attribute' ? value.attr : undefined
  // A name that is itself that of a URL has its finding where it was assigned.
  if (name !== undefined && urlName.test(name)) return undefined
  const referent = name === undefined ? undefined : project.resolve(file, value)
  const place = referent?.kind === 'value' ? { file: referent.file, value: referent.expr } : { file, value }
  if (place.file.isTest || developmentPath.test(place.file.path)) return undefined
  for (const node of descendants(place.value, (inner) => inner.kind !== 'fstring')) {
    if (node.kind !== 'string' && node.kind !== 'fstring') continue
    if (hasCredentials(textOf(node)) && !isForDevelopment(node)) return { ...place, at: node }
  }
  return undefined
}

/** Stands for what an f-string interpolates. */
const COMPUTED = '\0'

const textOf = (node: StringLiteral | FString): string =>
  node.kind === 'string'
    ? node.value
    : node.parts.map((part) => (part.kind === 'string' ? part.value : COMPUTED)).join('')

/** Hosts of one's own machine, and what its containers are commonly called. */
const localHosts = new Set([
  '',
  'localhost',
  '127.0.0.1',
  '0.0.0.0',
  '[::1]',
  'host.docker.internal',
  'redis',
  'rabbitmq',
  'rabbit',
  'broker',
  'cache',
  'valkey',
  'db',
  'postgres',
])

/** What stands in a template where a password goes. */
const placeholder = /^(%\(?\w*\)?s|\{.*\}|<.*>|\$.*|\*+|x+|\.+|change-?_?me|aws_secret_access_key)$/i

/** Whether a text is a URL, or several of them, with a password for a host that is not one's own. */
function hasCredentials(text: string): boolean {
  return text.split(';').some((url) => {
    const [, scheme, user, password, host] =
      /^\s*([a-z][a-z0-9+]*):\/\/([^\s:/@]*)(?::([^\s/@]*))?@(\[[^\]]*\]|[^\s:/?#,]*)/i.exec(url) ?? []
    if (scheme === undefined) return /^\s*sqs:\/\/A[KS]IA[0-9A-Z]{12}/.test(url)
    if (!password || password.includes(COMPUTED) || placeholder.test(password)) return false
    // The name for a password is what development environments and containers use, as RabbitMQ itself does for `guest`.
    if (user === password) return false
    return scheme.toLowerCase() === 'sqs' || !localHosts.has(host!.toLowerCase())
  })
}

/** Replaces the value by a look into the environment, in the way that the file has at hand. */
function readFromEnvironment(project: CeleryProject, file: ProjectFile, name: string, value: Expr): Fix | undefined {
  const variable = variableOf(name, value)
  const reader = variable && readerIn(project, file, variable)
  if (!reader || isBesideAnother(file, value)) return undefined
  return {
    title: 'Read the URL from the environment',
    applicability: 'unsafe',
    edits: [{ span: { start: value.start, end: value.end }, replacement: reader }],
  }
}

/** Whether the lines of a value hold another URL with credentials, which a suggestion for those lines would repeat. */
function isBesideAnother({ lines, facts: { text } }: ProjectFile, { start, end }: Expr): boolean {
  const before = text.slice(lines.startOf(lines.lineAt(start)), start)
  const after = text.slice(end, lines.endOf(lines.lineAt(end)))
  return [before, after].some((part) => /:\/\/[^\s/@]*@/.test(part))
}

/** The variable that a call with a default asks for already, or one that is named after the setting. */
function variableOf(name: string, value: Expr): string | undefined {
  if (value.kind === 'call') {
    const asked = value.args[0]?.value
    const isLookup = /env|config|secret|get_/i.test(dottedName(value.callee) ?? '')
    return isLookup && asked?.kind === 'string' && /^\w+$/.test(asked.value) ? asked.value : undefined
  }
  if (value.kind !== 'string' && value.kind !== 'fstring') return undefined
  if (name === 'broker' || name === 'backend') return name === 'broker' ? 'CELERY_BROKER_URL' : 'CELERY_RESULT_BACKEND'
  return name === name.toUpperCase() ? name : `CELERY_${name.toUpperCase()}`
}

/** How a file can read a variable by what it has imported: django-environ's or environs' reader, else `os`. */
function readerIn(project: CeleryProject, file: ProjectFile, variable: string): string | undefined {
  const single = [...file.moduleScope.bindings].flatMap(([name, bindings]) =>
    bindings.length === 1 ? [{ name, binding: bindings[0]! }] : [],
  )
  const reader = single.find(({ binding }) => {
    if (binding.kind !== 'assignment' || binding.value?.kind !== 'call') return false
    const made = project.externalName(file, binding.value.callee)
    return made === 'environ.Env' || made === 'environs.Env'
  })
  if (reader) return `${reader.name}("${variable}")`
  const os = single.find(({ binding }) => binding.kind === 'import' && binding.module === 'os' && !binding.name)
  return os && `${os.name}.environ["${variable}"]`
}
