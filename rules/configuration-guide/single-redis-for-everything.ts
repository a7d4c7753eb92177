/** A cache may lose anything at any time, a broker nothing: one Redis database cannot be both. */
import { environmentOf } from '../../src/celery/environments.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { literalDicts } from '../../src/celery/schedules.ts'
import { stringEntries } from '../../src/celery/settings.ts'
import type { Dict, Expr } from '../../src/python/syntax.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'single-redis-for-everything',
  reference: 'configuration-guide.md#one-redis-for-cache-and-queue',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'never',
  summary: "Django's cache and Celery's queues are in the same Redis database",
  messages: {
    shared:
      'This cache lives in the Redis database that {setting} gives to Celery for its queues. `cache.clear()` empties that database with all waiting tasks in it, and a Redis that evicts keys to make room for the cache can drop them too. Give the broker a database of its own, better an instance of its own.',
  },
  *check({ project }) {
    const brokers = new Map<string, { written: string; file: ProjectFile; at: Expr }>()
    for (const { file, at, value, written } of project.settingsFor('broker_url')) {
      const address = environmentOf(file, at) === 'development' ? undefined : addressOf(project, file, value)
      if (address) brokers.set(address, { written, file, at: value })
    }
    if (brokers.size === 0) return
    for (const { file, value } of cacheLocations(project)) {
      const address = addressOf(project, file, value)
      const broker = address === undefined ? undefined : brokers.get(address)
      if (!broker) continue
      const related = [{ file: broker.file, span: broker.at, note: "Celery's queues are in the same database" }]
      yield { messageId: 'shared', data: { setting: broker.written }, file, span: value, related }
    }
  },
})

interface Place {
  readonly file: ProjectFile
  readonly value: Expr
}

/** The addresses of the caches in Redis, outside of development. */
function* cacheLocations(project: CeleryProject): Generator<Place> {
  for (const setting of project.settingPlaces) {
    if (setting.written !== 'CACHES' || environmentOf(setting.file, setting.at) === 'development') continue
    for (const { file, dict } of literalDicts(project.names, setting.file, setting.value)) {
      for (const [, cache] of stringEntries(dict)) if (cache.kind === 'dict') yield* locationsOf(file, cache)
    }
  }
}

function* locationsOf(file: ProjectFile, cache: Dict): Generator<Place> {
  const fields = new Map<string, Expr>()
  for (const [key, value] of stringEntries(cache)) fields.set(key, value)
  const backend = fields.get('BACKEND')
  const location = fields.get('LOCATION')
  if (backend?.kind !== 'string' || !/redis/i.test(backend.value) || !location) return
  const options = fields.get('OPTIONS')
  // The number of the database may stand there.
  if (options && /["']db["']/i.test(file.textOf(options))) return
  if (location.kind === 'list') for (const value of location.elements) yield { file, value }
  else yield { file, value: location }
}

/** What stands for one Redis database: its normalised URL, or how a value that is not at hand is looked up. */
function addressOf(project: CeleryProject, file: ProjectFile, value: Expr): string | undefined {
  const referent = project.resolve(file, value)
  const [where, expr] = referent?.kind === 'value' ? [referent.file, referent.expr] : [file, value]
  if (expr.kind === 'string') return databaseOf(expr.value)
  if (expr.kind === 'call' || expr.kind === 'subscript') {
    const isLookup = [...descendants(expr)].some(
      (node) => node.kind === 'string' && /redis|broker|celery/i.test(node.value),
    )
    return isLookup ? where.textOf(expr).replace(/\s+/g, '') : undefined
  }
  return expr.kind === 'fstring' ? `${where.path}:${where.textOf(expr)}` : undefined
}

/** Host, port and database of a URL; undefined for one's own machine. Source: the defaults of redis-py. */
function databaseOf(url: string): string | undefined {
  const match = /^rediss?:\/\/(?:[^@/]*@)?([^:/?#]+)(?::(\d+))?(?:\/(\d*))?/.exec(url)
  if (!match || /^(localhost|127\.0\.0\.1|0\.0\.0\.0)$/.test(match[1]!)) return undefined
  return `${match[1]}:${match[2] ?? 6379}/${match[3] || 0}`
}
