/** Owns what the settings of a project say about its broker. */
import type { Expr } from '../python/syntax.ts'
import { descendants } from '../python/walk.ts'
import { numberOf } from './constants.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { literalDicts } from './schedules.ts'
import { stringEntries } from './settings.ts'

export type Broker = 'Redis' | 'SQS' | 'RabbitMQ'

/**
 * Seconds until a broker hands a message out again that nobody has acknowledged. RabbitMQ has no such time. Source:
 * kombu/transport/redis.py and kombu/transport/SQS.py.
 */
export const visibilityDefaults = { Redis: 3_600, SQS: 1_800 } as const

const schemes: ReadonlyMap<string, Broker> = new Map([
  ['redis', 'Redis'],
  ['rediss', 'Redis'],
  ['sentinel', 'Redis'],
  ['sqs', 'SQS'],
  ['amqp', 'RabbitMQ'],
  ['amqps', 'RabbitMQ'],
  ['pyamqp', 'RabbitMQ'],
])

/** A value, and the file that it stands in. */
export interface Place {
  readonly file: ProjectFile
  readonly value: Expr
}

/** The broker of a project, if every address that its settings show is of one kind. */
export function brokerOf(project: CeleryProject): Broker | undefined {
  const kinds = new Set<Broker | undefined>()
  for (const { file, value } of project.settingsFor('broker_url')) {
    const referent = project.resolve(file, value)
    for (const node of descendants(referent?.kind === 'value' ? referent.expr : value)) {
      const scheme = node.kind === 'string' ? /^(\w+)(?:\+\w+)?:\/\//.exec(node.value)?.[1] : undefined
      if (scheme && scheme !== 'memory') kinds.add(schemes.get(scheme))
    }
  }
  const [kind, ...others] = kinds
  return others.length === 0 ? kind : undefined
}

/** Where the settings say how long a broker hides a message that it has handed out; undefined when they say more than can be seen. */
export function visibilityTimeouts(project: CeleryProject): Place[] | undefined {
  const places: Place[] = []
  for (const setting of project.settingsFor('broker_transport_options')) {
    const dicts = [...literalDicts(project.names, setting.file, setting.value)]
    if (dicts.length === 0) return undefined
    for (const { file, dict } of dicts) {
      if (dict.entries.some(({ key }) => key?.kind !== 'string')) return undefined
      for (const [key, value] of stringEntries(dict)) if (key === 'visibility_timeout') places.push({ file, value })
    }
  }
  const isReadable = ({ file, value }: Place) =>
    numberOf(project, file, value) !== undefined || isWrongType(project, file, value)
  return places.every(isReadable) ? places : undefined
}

const isWrongType = (project: CeleryProject, file: ProjectFile, value: Expr) =>
  value.kind === 'string' ||
  (value.kind === 'call' && project.externalName(file, value.callee) === 'datetime.timedelta')
