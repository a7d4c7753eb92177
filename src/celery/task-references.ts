/** Owns the places that name a task by a string, rather than by the function that it is. */
import type { Argument, Call, Expr, StringLiteral } from '../python/syntax.ts'
import { literalString } from './constants.ts'
import type { Names } from './names.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { literalDicts } from './schedules.ts'
import { stringEntries } from './settings.ts'

/** A string that is meant to be the name of a task. */
export interface TaskReference {
  readonly file: ProjectFile
  readonly literal: StringLiteral
  /**
   * Who uses the name: an entry of Beat's schedule, a `PeriodicTask` row of django-celery-beat, a dispatch by name, or a
   * key of `task_routes` or `task_annotations` that is no pattern.
   */
  readonly kind: 'beat' | 'row' | 'dispatch' | 'route' | 'annotation'
}

const periodicTask = 'django_celery_beat.models.PeriodicTask'
const creators: ReadonlySet<string> = new Set(
  ['create', 'get_or_create', 'update_or_create'].flatMap((method) => [method, `a${method}`]),
)

/** Every place of the project that names a task by a literal string, or by a name that was assigned one. */
export function taskReferences(
  project: Pick<CeleryProject, 'names' | 'files' | 'settings' | 'beatEntries' | 'dispatches'>,
): TaskReference[] {
  const { names } = project
  const references = new Map<StringLiteral, TaskReference>()
  const add = (kind: TaskReference['kind'], from: ProjectFile, expr: Expr | undefined) => {
    const { file, literal } = literalString(names, from, expr) ?? {}
    if (file && literal && !references.has(literal)) references.set(literal, { file, literal, kind })
  }
  for (const entry of project.beatEntries) add('beat', entry.file, entry.fields.get('task'))
  for (const file of project.files.values()) {
    for (const value of names.remember(file, 'tasks of rows', () => tasksOfRows(names, file))) add('row', file, value)
  }
  for (const dispatch of project.dispatches) add('dispatch', dispatch.file, dispatch.taskName)
  for (const { key, file, value } of project.settings) {
    const kind = key === 'task_routes' ? 'route' : key === 'task_annotations' ? 'annotation' : undefined
    if (kind) for (const place of mappingKeys(names, file, value)) add(kind, place.file, place.key)
  }
  return [...references.values()]
}

/** What the rows of a file are given for their `task`. */
function tasksOfRows(names: Names, file: ProjectFile): Expr[] {
  if (!file.mentions('PeriodicTask')) return []
  return file.calls.flatMap((call) =>
    rowFields(names, file, call).flatMap(([field, value]) => (field === 'task' ? [value] : [])),
  )
}

const rowArguments = new Set(['task', 'defaults', 'create_defaults'])

/** The fields that `PeriodicTask(…)` and the manager methods that create one are given, also those among `defaults`. */
export function rowFields(names: Names, file: ProjectFile, { callee, args }: Call): [string, Expr][] {
  if (!args.some(({ name }) => name !== undefined && rowArguments.has(name))) return []
  const isCreator =
    callee.kind === 'attribute' &&
    creators.has(callee.attr) &&
    callee.value.kind === 'attribute' &&
    callee.value.attr === 'objects'
  const model = isCreator && callee.value.kind === 'attribute' ? callee.value.value : callee
  if (names.externalName(file, model) !== periodicTask) return []
  const given = ({ name, value }: Argument): [string, Expr][] => {
    if (name !== 'defaults' && name !== 'create_defaults') return name ? [[name, value]] : []
    return [...literalDicts(names, file, value)].flatMap(({ dict }) =>
      [...stringEntries(dict)].map(([key, field]): [string, Expr] => [key, field]),
    )
  }
  return args.flatMap(given)
}

/** The keys of a setting that is a mapping, or a list of mappings, pairs and routers; patterns are left out. */
function* mappingKeys(names: Names, file: ProjectFile, value: Expr): Generator<{ file: ProjectFile; key: Expr }> {
  if (value.kind !== 'list' && value.kind !== 'tuple') yield* entryKeys(names, file, value)
  // A string among the elements is the dotted path of a router, also where a mapping follows it.
  else for (const element of value.elements) yield* entryKeys(names, file, element)
}

/** The keys of a mapping, of a pair such as `("feeds.tasks.pull", {"queue": "feeds"})`, or of a list of these. */
function* entryKeys(names: Names, file: ProjectFile, value: Expr): Generator<{ file: ProjectFile; key: Expr }> {
  if (value.kind === 'list' || value.kind === 'tuple') {
    const [first, second] = value.elements
    if (first?.kind === 'string' && second?.kind === 'dict') yield* exactName(file, first)
    else for (const element of value.elements) yield* entryKeys(names, file, element)
    return
  }
  for (const { file: where, dict } of literalDicts(names, file, value)) {
    for (const [, , key] of stringEntries(dict)) yield* exactName(where, key)
  }
}

function* exactName(file: ProjectFile, key: Expr): Generator<{ file: ProjectFile; key: Expr }> {
  if (key.kind === 'string' && !/[*?[]/.test(key.value)) yield { file, key }
}
