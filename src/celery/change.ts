/** Owns matching the tasks of a project before and after a change: which kept their name, and which go by another one now. */
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { TaskNames } from './task-names.ts'
import type { Task } from './tasks.ts'

/** A task whose messages reach the same name before and after. */
export interface SurvivingTask {
  readonly old: Task
  readonly now: Task
}

/** The tasks that keep their name over a change. A name that more than one task has is left out. */
export function survivingTasks(before: CeleryProject, after: CeleryProject): SurvivingTask[] {
  const pairs: SurvivingTask[] = []
  for (const [name, [now, ...others]] of after.tasksByName) {
    const known = before.tasksByName.get(name)
    if (now && others.length === 0 && known?.length === 1) pairs.push({ old: known[0]!, now })
  }
  return pairs
}

/** A task that goes by another name after a change, and whose old name nothing answers to any more. */
export interface RenamedTask {
  readonly old: Task & { readonly name: string }
  readonly now: Task & { readonly name: string }
}

type NamedTask = RenamedTask['old']

/** How much of a function must stay the same for it to be known by a new name, or in a new place by its old one. */
const SAME_CODE = 0.8
const SAME_NAME = 0.5
/** Shorter functions are alike by chance. */
const MIN_TOKENS = 12

/**
 * The tasks that a change renames: by `name=`, by moving them to another module, or by renaming the function. Each task
 * is matched once, the surest match first; where two would do equally well there is none.
 * @param previousPath the path that a file of `after` had in `before`
 */
export function renamedTasks(
  before: CeleryProject,
  after: CeleryProject,
  previousPath: (path: string) => string | undefined,
): RenamedTask[] {
  const names = new TaskNames(after)
  if (names.areGenerated || new TaskNames(before).areGenerated) return []
  const gone = named(before).filter(
    ({ name, file }) => !after.tasksByName.has(name) && (isUnparsed(after, file) || names.missing(name, file)),
  )
  const added = named(after).filter(({ name }) => !before.tasksByName.has(name))
  const matches = gone
    .flatMap((old) => added.map((now) => ({ old, now, likeness: likeness(old, now, previousPath) })))
    .filter((match) => match.likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
  const taken = new Set<Task>()
  const pairs: RenamedTask[] = []
  for (const { old, now, likeness: degree } of matches) {
    if (taken.has(old) || taken.has(now)) continue
    taken.add(old).add(now)
    const equals = matches.filter((other) => other.likeness === degree && (other.old === old || other.now === now))
    if (equals.length === 1 && !isSamePlace(before, old, after, now)) pairs.push({ old, now })
  }
  return pairs
}

/** The tasks that have a name of their own, those of tests left out. */
const named = (project: CeleryProject): NamedTask[] =>
  project.tasks.filter((task): task is NamedTask => task.name !== undefined && !task.file.isTest)

/** Whether a module is still there, but holds nothing any more for which it would be parsed. */
function isUnparsed({ modules, files }: CeleryProject, { module, path }: ProjectFile): boolean {
  const now = modules.find(module, path)
  return now !== undefined && !files.has(now)
}

/** How much a task looks like another under a new name: above 1 when its place says so too, 0 when it is another task. */
function likeness(old: Task, now: Task, previousPath: (path: string) => string | undefined): number {
  const sameFile = previousPath(now.file.path) === old.file.path
  const sameName = now.node.name === old.node.name
  if (!sameFile && !sameName) return 0
  const [a, b] = [tokensOf(old), tokensOf(now)]
  const code = similarity(a, b)
  if (sameFile && sameName) return 2 + code
  if (sameName) return code >= SAME_NAME ? 1 + code : 0
  const isLong = Math.min(a.length, b.length) >= MIN_TOKENS
  return code > SAME_CODE && isLong && takesTheSame(old, now) ? code : 0
}

/** Whether a task takes the messages of another: by the same parameters, and others only where they have a default. */
function takesTheSame(old: Task, now: Task): boolean {
  const added = now.parameters.slice(old.parameters.length)
  return (
    old.parameters.every(({ name }, index) => now.parameters[index]?.name === name) &&
    added.every(({ default: value, form }) => value !== undefined || form === '*' || form === '**')
  )
}

/** The words and signs of a task's parameters and body. */
const tokensOf = ({ file, run }: Task): string[] =>
  file.textOf({ start: run.parametersSpan.start, end: run.end }).match(/\w+|[^\s\w]/g) ?? []

/** The share of pairs of neighbours that two lists have in common, between 0 and 1. */
function similarity(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const pair of pairsOf(a)) counts.set(pair, (counts.get(pair) ?? 0) + 1)
  let common = 0
  for (const pair of pairsOf(b)) {
    const left = counts.get(pair) ?? 0
    if (left > 0) common++
    counts.set(pair, left - 1)
  }
  return (2 * common) / Math.max(1, a.length + b.length - 2)
}

const pairsOf = (tokens: readonly string[]): string[] =>
  tokens.slice(1).map((token, index) => `${tokens[index]} ${token}`)

/**
 * Whether two names may be one to Python although they read differently here: nothing moved but the directory that is
 * taken to be the root of the imports.
 */
function isSamePlace(before: CeleryProject, old: Task, after: CeleryProject, now: Task): boolean {
  if (old.nameArgument || now.nameArgument || old.node.name !== now.node.name) return false
  if (old.file.path === now.file.path) return true
  return isBelowOpenRoot(before, old.file, now.file.module) || isBelowOpenRoot(after, now.file, old.file.module)
}

/** Whether a file's module is `module` with a directory before it that is no package, and so may not be part of the name. */
function isBelowOpenRoot({ paths }: CeleryProject, { path, module: own }: ProjectFile, module: string): boolean {
  if (!own.endsWith(`.${module}`)) return false
  const segments = path.replace(/(\/__init__)?\.py$/, '').split('/')
  const root = segments.slice(0, segments.length - module.split('.').length).join('/')
  return !paths.includes(`${root}/__init__.py`)
}
