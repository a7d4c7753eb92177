/**
 * Owns what files besides Python say of the processes that run Celery: Procfiles, Compose and Kubernetes, supervisor, shell.
 * The text of one file in, plain data out; nothing is run, and no variable is filled in.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml'
import type { Span } from '../core/text.ts'
import { lineTooDeep } from '../core/yaml-depth.ts'
import { type CeleryCommand, celeryCommands } from './command-lines.ts'

export interface CeleryProcess extends CeleryCommand {
  /** What starts and multiplies it; `text` where only the command itself is known. */
  readonly kind: 'compose' | 'kubernetes' | 'procfile' | 'supervisor' | 'text'
  /** The name of the process, service or workload. */
  readonly name?: string
  /** How many of it run at the same time, where that is written as a number. */
  readonly copies?: Count
  /** Where it is told to start a new one before the old one has ended. */
  readonly overlaps?: Span
  /** Whether it runs at times only, as a service of a profile does. */
  readonly isOptional?: boolean
}

export interface Count extends Span {
  readonly count: number
}

/** What may multiply a workload, by the workload's name. */
export interface Scaler extends Count {
  readonly target: string
}

export interface Deployment {
  readonly processes: readonly CeleryProcess[]
  readonly scalers: readonly Scaler[]
  /** Places that are no YAML. */
  readonly errors: readonly Span[]
}

/** What a file says of Celery's processes. */
export function deploymentIn(path: string, text: string): Deployment {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/\.ya?ml$/.test(name)) return inYaml(text)
  const processes = /^Procfile/.test(name)
    ? inProcfile(text)
    : /^\[program:/m.test(text)
      ? inSupervisor(text)
      : inText(text)
  return { processes, scalers: [], errors: [] }
}

const inText = (text: string): CeleryProcess[] =>
  celeryCommands(text, [{ start: 0, end: text.length }], true).map((command) => ({ ...command, kind: 'text' }))

function inProcfile(text: string): CeleryProcess[] {
  return [...text.matchAll(/^([\w-]+):(.*)$/gm)].flatMap((match) => {
    const [line, name] = match
    const part = { start: match.index, end: match.index + line.length }
    return celeryCommands(text, [part], true).map((command): CeleryProcess => ({ ...command, kind: 'procfile', name }))
  })
}

function inSupervisor(text: string): CeleryProcess[] {
  return [...text.matchAll(/^\[program:([^\]\n]+)\]((?:\n(?!\[).*)*)/gm)].flatMap((match) => {
    const start = match.index
    const [section, name] = match
    const copies = /^[ \t]*numprocs[ \t]*=[ \t]*(\d+)/m.exec(section)
    const command = /^[ \t]*command[ \t]*=.*(?:\n[ \t]+[^\s;#].*)*/m.exec(section)
    if (!command) return []
    const part = { start: start + command.index, end: start + command.index + command[0].length }
    return celeryCommands(text, [part], false).map(
      (one): CeleryProcess => ({
        ...one,
        kind: 'supervisor',
        name,
        copies: copies
          ? {
              start: start + copies.index + copies[0].search(/\S/),
              end: start + copies.index + copies[0].length,
              count: Number(copies[1]),
            }
          : undefined,
      }),
    )
  })
}

function inYaml(text: string): Deployment {
  const documents = parsed(text)
  const errors = documents?.flatMap((document) => document.errors.map(({ pos: [start, end] }) => ({ start, end })))
  // A template is no YAML yet: its lines are all that can be read.
  if (!documents || errors!.length > 0) return { processes: inText(text), scalers: [], errors: errors ?? [] }
  const found = documents.map((document) => inDocument(text, new Yaml(document)))
  const isKnown = found.some((one) => one !== undefined)
  return {
    processes: isKnown ? found.flatMap((one) => one?.processes ?? []) : inText(text),
    scalers: found.flatMap((one) => one?.scalers ?? []),
    errors: [],
  }
}

/** No manifest comes near it. */
const deepest = 200

function parsed(text: string): Document.Parsed[] | undefined {
  if (lineTooDeep(text, deepest) !== undefined) return undefined
  try {
    return [...parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' })] as Document.Parsed[]
  } catch {
    return undefined
  }
}

/** What one document says, if it is of a kind that is known. */
function inDocument(text: string, yaml: Yaml): Pick<Deployment, 'processes' | 'scalers'> | undefined {
  const root = yaml.root
  const services = yaml.at(root, 'services')
  if (isMap(services)) return { processes: inCompose(text, yaml, services), scalers: [] }
  const kind = yaml.text(root, 'kind')
  const spec = yaml.at(root, 'spec')
  if (kind === undefined || yaml.at(root, 'apiVersion') === undefined) return undefined
  if (kind === 'HorizontalPodAutoscaler') {
    const target = yaml.text(spec, 'scaleTargetRef', 'name')
    const most = yaml.count(spec, 'maxReplicas')
    return { processes: [], scalers: target !== undefined && most ? [{ ...most, target }] : [] }
  }
  return { processes: inWorkload(text, yaml, kind, spec), scalers: [] }
}

function inCompose(text: string, yaml: Yaml, services: YAMLMap): CeleryProcess[] {
  return services.items.flatMap(({ key, value }) => {
    const service = yaml.resolved(value)
    const name = isScalar(key) ? String(key.value) : undefined
    const copies = yaml.count(service, 'deploy', 'replicas') ?? yaml.count(service, 'scale')
    const isOptional = yaml.at(service, 'profiles') !== undefined
    return ['entrypoint', 'command'].flatMap((field) =>
      commandsAt(text, [yaml.at(service, field)]).map(
        (command): CeleryProcess => ({ ...command, kind: 'compose', name, copies, isOptional }),
      ),
    )
  })
}

function inWorkload(text: string, yaml: Yaml, kind: string, spec: Node | undefined): CeleryProcess[] {
  if (!/^(Deployment|StatefulSet|ReplicaSet|DaemonSet)$/.test(kind)) return []
  const name = yaml.text(yaml.root, 'metadata', 'name')
  const containers = yaml.at(spec, 'template', 'spec', 'containers')
  const strategy = yaml.at(spec, 'strategy', 'type')
  const surge = yaml.text(spec, 'strategy', 'rollingUpdate', 'maxSurge')
  const isRolling = kind === 'Deployment' && yaml.text(spec, 'strategy', 'type') === 'RollingUpdate'
  const overlaps = isRolling && !/^0%?$/.test(surge ?? '') ? spanOf(strategy) : undefined
  const copies = yaml.count(spec, 'replicas')
  return yaml
    .items(containers)
    .flatMap((container) =>
      commandsAt(text, [yaml.at(container, 'command'), yaml.at(container, 'args')]).map(
        (command): CeleryProcess => ({ ...command, kind: 'kubernetes', name, copies, overlaps }),
      ),
    )
}

/** The commands of values that belong together: strings, or lists of words. In a literal block every line is a command. */
function commandsAt(text: string, values: readonly (Node | undefined)[]): CeleryCommand[] {
  const parts = values.flatMap((value) => spanOf(value) ?? [])
  const isLiteral = values.some((value) => isScalar(value) && value.type === 'BLOCK_LITERAL')
  return celeryCommands(text, parts, isLiteral)
}

function spanOf(node: Node | undefined): Span | undefined {
  return node?.range ? { start: node.range[0], end: node.range[1] } : undefined
}

/** How deep keys are looked for in what is merged into a map. */
const mostMerges = 5

/** Looks up what a document holds, through its aliases and what is merged with `<<`. */
class Yaml {
  constructor(readonly document: Document.Parsed) {}

  get root(): Node | undefined {
    return this.resolved(this.document.contents)
  }

  resolved(value: unknown): Node | undefined {
    if (!isNode(value)) return undefined
    return isAlias(value) ? ((value as Alias).resolve(this.document) as Node | undefined) : (value as Node)
  }

  at(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
    let found = node
    for (const key of keys) found = this.#value(found, key, 0)
    return found
  }

  items(node: Node | undefined): Node[] {
    const items = node && 'items' in node && !isMap(node) ? (node.items as unknown[]) : []
    return items.flatMap((item) => this.resolved(item) ?? [])
  }

  text(node: Node | undefined, ...keys: readonly string[]): string | undefined {
    const found = this.at(node, ...keys)
    return isScalar(found) && found.value !== null ? String(found.value) : undefined
  }

  count(node: Node | undefined, ...keys: readonly string[]): Count | undefined {
    const found = this.at(node, ...keys)
    const span = spanOf(found)
    return span && isScalar(found) && Number.isInteger(found.value)
      ? { ...span, count: Number(found.value) }
      : undefined
  }

  #value(node: Node | undefined, key: string, depth: number): Node | undefined {
    if (!isMap(node) || depth > mostMerges) return undefined
    const named = (name: string) => node.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.value
    const own = this.resolved(named(key))
    if (own) return own
    const merged = this.resolved(named('<<'))
    const sources = isMap(merged) ? [merged] : this.items(merged)
    for (const source of sources) {
      const value = this.#value(source, key, depth + 1)
      if (value) return value
    }
    return undefined
  }
}
