/** Owns the queues that a project declares, and the places that send to one by name. */
import type { Expr, StringLiteral } from '../python/syntax.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { literalDicts } from './schedules.ts'
import { elementsIn } from './sequences.ts'
import { stringEntries } from './settings.ts'

/** The names of the queues in `task_queues`, and of the default one. */
export function declaredQueues(project: CeleryProject): Set<string> {
  const names = new Set<string>()
  for (const { file, value } of project.settingsFor('task_default_queue')) {
    const referent = project.resolve(file, value)
    const expr = referent?.kind === 'value' ? referent.expr : value
    if (expr.kind === 'string') names.add(expr.value)
  }
  for (const { file, value } of project.settingsFor('task_queues')) {
    for (const { dict } of literalDicts(project.names, file, value))
      for (const [name] of stringEntries(dict)) names.add(name)
    for (const element of elementsIn(project.names, file, value).elements) {
      if (element.kind !== 'call') continue
      const given = element.args.find(({ name, unpack }) => name === 'name' || (!name && !unpack))?.value
      if (given?.kind === 'string') names.add(given.value)
    }
  }
  return names
}

export interface QueueUse {
  readonly file: ProjectFile
  readonly name: StringLiteral
}

/** The literals that name a queue to send to: options of tasks, of dispatches and of beat entries, and routes. */
export function* queueUses(project: CeleryProject): Generator<QueueUse> {
  const literal = (file: ProjectFile, value: Expr | undefined): QueueUse[] =>
    value?.kind === 'string' ? [{ file, name: value }] : []
  for (const { file, options } of [...project.tasks, ...project.dispatches])
    yield* literal(file, options.get('queue')?.value)
  for (const { file, fields } of project.beatEntries) yield* literal(file, queueIn(fields.get('options')))
  for (const { file, queue } of queueRoutes(project)) yield* literal(file, queue)
}

/** What `task_routes` says of the tasks that a pattern matches. */
export interface QueueRoute {
  readonly file: ProjectFile
  readonly pattern: string
  /** The queue, as far as the route names one. */
  readonly queue: Expr
}

/** The literal routes of a project that may name a queue. */
export function* queueRoutes(project: CeleryProject): Generator<QueueRoute> {
  for (const setting of project.settingsFor('task_routes')) {
    for (const { file, dict } of literalDicts(project.names, setting.file, setting.value))
      for (const [pattern, route] of stringEntries(dict)) yield { file, pattern, queue: queueIn(route) ?? route }
  }
}

function queueIn(options: Expr | undefined): Expr | undefined {
  if (options?.kind !== 'dict') return undefined
  for (const [key, value] of stringEntries(options)) if (key === 'queue') return value
  return undefined
}
