/** Owns the classes that a project puts under its tasks, and what they change about how a task is sent or called. */
import type { Expr, FunctionDef } from '../python/syntax.ts'
import { type ClassReferent, classAttribute, findMethod, lineage } from './classes.ts'
import type { Derivation } from './derived.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { type Task, taskClasses } from './tasks.ts'
import { onCommitMethods } from './vocabulary/methods.ts'

/**
 * The classes that the application makes all its tasks of: `app.Task = Base`, `Celery(task_cls=Base)`, and `task_cls` of
 * a class of applications.
 */
export const applicationBases = (project: CeleryProject): readonly ClassReferent[] =>
  project.derived.of(ownApplicationBases)

const ownApplicationBases: Derivation<CeleryProject, readonly ClassReferent[]> = {
  find: findApplicationBases,
  parts: (bases) => bases.map(({ node }) => node),
}

function findApplicationBases(project: CeleryProject): ClassReferent[] {
  const bases: ClassReferent[] = []
  for (const file of project.files.values()) {
    if (file.isTest) continue
    for (const value of applicationBaseExprs(project, file)) {
      const referent =
        value.kind === 'string'
          ? project.names.lookup(value.value.replace(':', '.'), file)
          : project.resolve(file, value)
      if (referent?.kind === 'class') bases.push(referent)
    }
  }
  return bases
}

/** Whether the application makes all its tasks of a class from outside of the project that is not Celery's own. */
export const hasForeignApplicationBase = (project: CeleryProject): boolean => project.derived.of(foreignApplicationBase)

const foreignApplicationBase: Derivation<CeleryProject, boolean> = {
  find: findForeignApplicationBase,
  parts: (is) => [is],
}

function findForeignApplicationBase(project: CeleryProject): boolean {
  for (const file of project.files.values()) {
    if (file.isTest) continue
    for (const value of applicationBaseExprs(project, file)) {
      const referent = project.resolve(file, value)
      const isOwn = referent?.kind === 'class' || (referent?.kind === 'external' && taskClasses.has(referent.name))
      if (!isOwn) return true
    }
  }
  return false
}

const applicationBaseExprs = (project: CeleryProject, file: ProjectFile): readonly Expr[] =>
  project.names.remember(file, 'application bases', () => [...findApplicationBaseExprs(project, file)])

const applicationBase = /task_cls|\.Task\b/

function* findApplicationBaseExprs(project: CeleryProject, file: ProjectFile): Generator<Expr> {
  if (!file.mentions(applicationBase)) return
  for (const { args } of file.calls) for (const arg of args) if (arg.name === 'task_cls') yield arg.value
  for (const { targets, value } of file.assigns) {
    const [target] = targets
    if (value && target?.kind === 'attribute' && target.attr === 'Task' && project.isApp(file, target.value))
      yield value
  }
  for (const node of file.classes) {
    const own = classAttribute(project.names, { kind: 'class', file, node }, 'task_cls')
    if (own && own.file === file) yield own.value
  }
}

/** The first of these methods that a class under a task defines in the project, the task's own class included. */
export function taskMethod(project: CeleryProject, task: Task, methods: readonly string[]): FunctionDef | undefined {
  const own = task.base?.kind === 'class' ? [task.base] : []
  for (const base of [...own, ...applicationBases(project)]) {
    for (const method of methods) {
      const found = findMethod(project.names, base, method)
      if (found) return found.node
    }
  }
  return undefined
}

/**
 * The classes from outside of the project that are under a task; none where the application's own class is. Undefined when
 * they cannot all be seen.
 */
export function externalBases(project: CeleryProject, task: Task): readonly string[] | undefined {
  if (task.optionsOpen || hasForeignApplicationBase(project)) return undefined
  if (task.base?.kind === 'external') return [task.base.name]
  if (task.base?.kind !== 'class' && task.options.has('base')) return undefined
  const bases = task.base?.kind === 'class' ? [task.base] : applicationBases(project)
  const names: string[] = []
  for (const base of bases) {
    const { external, unknown } = lineage(project.names, base)
    if (unknown) return undefined
    names.push(...external)
  }
  return names
}

/** The class of Celery's that gives tasks `delay_on_commit`. Source: celery/contrib/django/task.py of Celery 5.4. */
const djangoTask = 'celery.contrib.django.task.DjangoTask'

/**
 * The class that keeps `delay_on_commit` from a task: its base, or that of all tasks of the application, when it certainly
 * descends from another of Celery's task classes. Undefined when the task has the method, or may have it.
 */
export function plainTaskBase(project: CeleryProject, task: Task): string | undefined {
  if (task.optionsOpen && task.node.kind === 'function') return undefined
  if (task.base || task.options.has('base')) return task.base && plainBase(project, task.base)
  const bases = hasForeignApplicationBase(project) ? [] : applicationBases(project)
  const plain = bases.map((base) => plainBase(project, base))
  return plain.includes(undefined) ? undefined : plain[0]
}

function plainBase(project: CeleryProject, base: NonNullable<Task['base']>): string | undefined {
  if (base.kind === 'external') return taskClasses.has(base.name) && base.name !== djangoTask ? base.name : undefined
  if (base.kind !== 'class') return undefined
  const { external, unknown } = lineage(project.names, base)
  const isSeen = !unknown && external.every((name) => taskClasses.has(name) || /^(builtins|abc|typing)\./.test(name))
  const isPlain = external.some((name) => taskClasses.has(name)) && !external.includes(djangoTask)
  const isOwn = [...onCommitMethods].some((method) => findMethod(project.names, base, method))
  return isSeen && isPlain && !isOwn ? base.node.name : undefined
}

/** Whether a class under a task comes from outside of the project and is not Celery's own: it may change anything. */
export function hasForeignBase(project: CeleryProject, { base, options }: Task): boolean {
  if (!base) return options.has('base')
  if (base.kind === 'external') return !taskClasses.has(base.name)
  if (base.kind !== 'class') return true
  return lineage(project.names, base).own.some(({ file, node }) =>
    node.bases.some(({ name, value }) => !name && !isKnownBase(project, file, value)),
  )
}

function isKnownBase(project: CeleryProject, file: ProjectFile, base: Expr): boolean {
  const referent = project.resolve(file, base)
  if (referent?.kind === 'class') return true
  if (referent?.kind === 'external') return taskClasses.has(referent.name) || /^(builtins|abc)\./.test(referent.name)
  return base.kind === 'attribute' && base.attr === 'Task' && project.isApp(file, base.value)
}
