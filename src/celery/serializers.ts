/** Owns which serializer carries the arguments of a message. */
import type { Expr } from '../python/syntax.ts'
import type { Derivation } from './derived.ts'
import type { Dispatch } from './dispatches.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import type { Task } from './tasks.ts'

/** `other` also stands for a choice that cannot be seen, and for a JSON that the project taught more types. */
export type Serializer = 'json' | 'pickle' | 'other'

/** The serializer of a dispatch: its own option, else the task's, else the project's, else Celery's default. */
export function serializerOf(project: CeleryProject, dispatch: Dispatch): Serializer {
  const given = dispatch.options.get('serializer')
  return given ? named(given.value) : taskSerializer(project, project.taskSentBy(dispatch))
}

/** The serializer of a task's messages where the dispatch does not choose another. */
export function taskSerializer(project: CeleryProject, task: Task | undefined): Serializer {
  const own = task && project.taskOption(task, 'serializer').value
  return own ? named(own) : projectSerializer(project)
}

const projectSerializer = (project: CeleryProject): Serializer => project.derived.of(chosenSerializer)

const chosenSerializer: Derivation<CeleryProject, Serializer> = {
  find: (project) => {
    const chosen = project.settingsFor('task_serializer').map(({ value }) => named(value))
    const [first = defaultSerializer(project)] = chosen
    const serializer = chosen.every((one) => one === first) ? first : 'other'
    return serializer === 'json' && hasExtendedJson(project) ? 'other' : serializer
  },
  parts: (serializer) => [serializer],
}

/** Celery's own choice was pickle up to version 3: https://docs.celeryq.dev/en/v4.0.0/whatsnew-4.0.html */
const defaultSerializer = ({ versions }: CeleryProject): Serializer =>
  versions.isBelow('celery', '4') ? 'pickle' : 'json'

/** A choice that is left to the environment is what the code falls back to. */
function named(value: Expr): Serializer {
  const fallback = value.kind === 'call' ? value.args.find(({ name }) => name === 'default')?.value : undefined
  if (fallback) return named(fallback)
  if (value.kind !== 'string') return 'other'
  if (/^(application\/)?json$/.test(value.value)) return 'json'
  return /^(application\/x-python-serialize|pickle)$/.test(value.value) ? 'pickle' : 'other'
}

/** Whether the project's JSON knows more types than Celery's. */
export const hasExtendedJson = (project: CeleryProject): boolean => project.derived.of(extendedJson)

const extendedJson: Derivation<CeleryProject, boolean> = {
  find: (project) => [...project.files.values()].some((file) => extendsJson(project, file)),
  parts: (is) => [is],
}

/** Whether a file teaches kombu's JSON another type, or replaces it. Source: kombu/utils/json.py, kombu/serialization.py. */
function extendsJson(project: CeleryProject, file: ProjectFile): boolean {
  if (!file.mentions('register')) return false
  return file.calls.some((call) => {
    const name = project.externalName(file, call.callee)
    if (name === 'kombu.utils.json.register_type') return true
    if (name !== 'kombu.serialization.register' && name !== 'kombu.register') return false
    const [registered] = call.args
    return registered?.value.kind === 'string' && registered.value.value === 'json'
  })
}
