/** Owns the queues that a project declares, and the places that send to one by name. */
import type { Expr, StringLiteral } from '../python/syntax.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { literalDicts } from './schedules.ts'
import { elementsIn } from './sequences.ts'
import { stringEntries } from './settings.ts'

export interface DeclaredQueues {
  readonly names: ReadonlySet<string>
  /** Whether there may be others. */
  readonly isOpen: boolean
}

/** The name that the default queue has where no setting says otherwise. */
const usualDefault = 'celery'

/** The names of the queues in `task_queues`, and of the default one. */
export function declaredQueues(project: CeleryProject): DeclaredQueues {
  const names = new Set<string>()
  let isOpen = false
  if (project.settingsFor('task_default_queue').length === 0) names.add(usualDefault)
  for (const { file, value } of project.settingsFor('task_default_queue')) {
    const referent = project.resolve(file, value)
    const expr = referent?.kind === 'value' ? referent.expr : value
    if (expr.kind === 'string') names.add(expr.value)
    else isOpen = true
  }
  for (const { file, value } of project.settingsFor('task_queues')) {
    const dicts = [...literalDicts(project.names, file, value)]
    for (const { dict } of dicts) {
      const entries = [...stringEntries(dict)]
      if (entries.length < dict.entries.length) isOpen = true
      for (const [name] of entries) names.add(name)
    }
    const { elements, open } = elementsIn(project.names, file, value)
    if (open && dicts.length === 0) isOpen = true
    for (const element of elements) {
      const args = element.kind === 'call' ? element.args : []
      const given = args.find(({ name, unpack }) => name === 'name' || (!name && !unpack))?.value
      if (given?.kind === 'string') names.add(given.value)
      else isOpen = true
    }
  }
  return { names, isOpen }
}

/** What the workers that can be seen read from. */
export interface ConsumedQueues {
  /** What their `-Q` names. */
  readonly names: ReadonlySet<string>
  /** The first worker that is told what to read from. */
  readonly first: CeleryProject['processes'][number]
}

/** The queues that workers are told to read from; undefined where none is, or where a variable says what one of them reads. */
export function consumedQueues({ processes }: CeleryProject): ConsumedQueues | undefined {
  const workers = processes.filter(({ process }) => process.runs === 'worker')
  const told = workers.filter(({ process }) => process.queues !== undefined)
  const [first] = told
  if (!first || workers.some(({ process }) => process.isOpen)) return undefined
  return { names: new Set(told.flatMap(({ process }) => process.queues!)), first }
}

export interface QueueUse {
  readonly file: ProjectFile
  readonly name: StringLiteral
  /** Whether what is sent there is certainly a task of this project. */
  readonly isOwn: boolean
}

/** The literals that name a queue to send to: options of tasks, of dispatches and of beat entries, and routes. */
export function* queueUses(project: CeleryProject): Generator<QueueUse> {
  const literal = (file: ProjectFile, value: Expr | undefined, isOwn: boolean): QueueUse[] =>
    value?.kind === 'string' ? [{ file, name: value, isOwn }] : []
  for (const { file, options } of project.tasks) yield* literal(file, options.get('queue')?.value, true)
  for (const { file, options, task } of project.dispatches)
    yield* literal(file, options.get('queue')?.value, task !== undefined)
  for (const { file, fields } of project.beatEntries) yield* literal(file, queueIn(fields.get('options')), false)
  for (const { file, queue } of queueRoutes(project)) yield* literal(file, queue, false)
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
