/**
 * Owns matching the tasks of a project before and after a change: which kept their name and
 * what became of their parameters, and which go by another one now.
 */
import type { Span } from '../core/text.ts'
import type { ClassDef, FunctionDef, Parameter } from '../python/syntax.ts'
import { mismatchOf } from './bind-arguments.ts'
import { receivesMessages } from './forwarding.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { type Sender, sendersOf } from './senders.ts'
import { instancesIn, mayConvertArguments } from './sent-values.ts'
import { taskSerializer } from './serializers.ts'
import { TaskNames } from './task-names.ts'
import type { Task } from './tasks.ts'

/** A project before and after a change. */
export interface ProjectChange {
  /** The project at the merge base. */
  readonly before: CeleryProject
  /** The project at the head. */
  readonly after: CeleryProject
  /** The path that a file of `after` had in `before`; undefined when it is new. */
  readonly previousPath: (path: string) => string | undefined
  /** Paths of `after` that could not be analysed: nobody knows what they hold. */
  readonly unread: ReadonlySet<string>
}

/** A task whose messages reach the same name before and after. */
export interface SurvivingTask {
  readonly old: Task
  readonly now: Task
}

/** The tasks that keep their name over a change. Left out are names that more than one task has, and what cannot be parsed. */
export function survivingTasks(before: CeleryProject, after: CeleryProject): SurvivingTask[] {
  const pairs: SurvivingTask[] = []
  for (const [name, [now, ...others]] of after.tasksByName) {
    const known = before.tasksByName.get(name)
    const [old] = known?.length === 1 ? known : []
    if (now && old && others.length === 0 && isReadable(old) && isReadable(now)) pairs.push({ old, now })
  }
  return pairs
}

/** Whether no part of a task's source is one that the parser could not read. */
const isReadable = ({ file, node }: Task) =>
  !file.facts.errors.some(({ start, end }) => start < node.end && node.start < end)

/** What stands behind something that is gone and is still there, or else what stood before it, the nearest first. */
export function survivorNear<T, U>(all: readonly T[], gone: T, find: (one: T) => U | undefined): U | undefined {
  const index = all.indexOf(gone)
  for (const one of [...all.slice(index + 1), ...all.slice(0, index).reverse()]) {
    const found = find(one)
    if (found) return found
  }
  return undefined
}

/** What became of the parameters that messages fill. Empty lists say that old messages still fit. */
export interface SignatureChange extends SurvivingTask {
  /** Parameters that the messages of before can fill, and those of now. `self` is left out. */
  readonly was: readonly Parameter[]
  readonly is: readonly Parameter[]
  /** New parameters, those that only replace another left out. */
  readonly added: readonly Parameter[]
  /** Parameters that had a default, and have none now. */
  readonly demanded: readonly { readonly from: Parameter; readonly to: Parameter }[]
  readonly removed: readonly Parameter[]
  /** Parameters that stand where another one stood, which is gone. */
  readonly renamed: readonly { readonly from: Parameter; readonly to: Parameter }[]
  /** Parameters by position that kept their names and not their order. */
  readonly reordered: readonly Parameter[]
}

/**
 * The tasks whose parameters change. Left out are tasks whose decorators below the task's own change too: those may fill
 * parameters, or take them away. So may those that cannot be seen to hand their arguments on, unless somebody sends just
 * what the parameters say, before and after. Left out, too, are tasks of which no message can be under way.
 */
export function signatureChanges(before: CeleryProject, after: CeleryProject): SignatureChange[] {
  return survivingTasks(before, after).flatMap((task): SignatureChange[] => {
    const { old, now } = task
    if (now.file.isTest || innerText(old) !== innerText(now)) return []
    const [was, is] = [meantToBeFilled(task), fillable(now)]
    const gone = was.filter((parameter) => !collects(parameter) && !named(is, parameter))
    const fresh = is.filter((parameter) => !collects(parameter) && !named(was, parameter))
    const renamed = replacements(was, is, gone, fresh)
    const isFilled = (project: CeleryProject, one: Task, parameters: readonly Parameter[]) =>
      receivesMessages(project, one) || sendersOf(project, one).some((sender) => fits(sender, parameters))
    if (!isFilled(before, old, was) || !isFilled(after, now, is) || isNeverSent(before, old)) return []
    return [
      {
        ...task,
        was,
        is,
        demanded: is.flatMap((to) => {
          const from = named(was, to)
          return from?.default && !to.default && !collects(to) ? [{ from, to }] : []
        }),
        added: fresh.filter((parameter) => !renamed.some(({ to }) => to === parameter)),
        removed: gone.filter((parameter) => !renamed.some(({ from }) => from === parameter)),
        renamed,
        reordered: reordered(was, is),
      },
    ]
  })
}

/** Whether all that send a task hand it what JSON has no form for: what they sent failed at once. */
function isNeverSent(project: CeleryProject, task: Task): boolean {
  const senders = sendersOf(project, task)
  const choosesSerializer = ({ at }: Sender) => at.kind === 'call' && at.args.some(({ name }) => name === 'serializer')
  const isRefused = (sender: Sender) =>
    !choosesSerializer(sender) &&
    [...sender.args.positional, ...sender.args.keywords.values()].some((value) =>
      instancesIn(project, sender.file, value),
    )
  return (
    senders.length > 0 &&
    senders.every(isRefused) &&
    taskSerializer(project, task) === 'json' &&
    !mayConvertArguments(project, task)
  )
}

/** The parameter that a message filled, and that the task itself is passed in now: `bind=True` came without a `self`. */
export function takenByBinding({ old, now }: SurvivingTask): Parameter | undefined {
  const [first] = now.run.parameters
  return old.bound === false && now.bound && first && named(old.parameters, first) ? first : undefined
}

/** The parameters that are filled by position, in order. */
export const byPosition = (parameters: readonly Parameter[]): Parameter[] =>
  parameters.filter(({ form }) => form === 'positional' || form === 'positional-only')

const collects = ({ form }: Parameter) => form === '*' || form === '**'
const named = (parameters: readonly Parameter[], { name }: Parameter) =>
  parameters.find((parameter) => parameter.name === name)

/** Whether a sender visibly passes what parameters ask for, neither more nor less. */
const fits = ({ args, partial }: Sender, parameters: readonly Parameter[]): boolean =>
  !args.open && !partial && mismatchOf(parameters, args.positional, args.keywords, false) === undefined

/** What a message can fill. A first `self` is meant for the task, whether or not it is seen to be bound. */
const fillable = ({ bound, parameters }: Task): readonly Parameter[] =>
  !bound && parameters[0]?.name === 'self' ? parameters.slice(1) : parameters

/** What messages of before fill: also a parameter that was bound by mistake, and that comes behind a `self` now. */
function meantToBeFilled({ old, now }: SurvivingTask): readonly Parameter[] {
  const [first] = old.run.parameters
  return old.bound && first && named(now.parameters, first) ? old.run.parameters : fillable(old)
}

const innerText = ({ file, inner }: Task) => inner.map((decorator) => file.textOf(decorator)).join('\n')

/** Pairs what is gone with what is new in its place: between the same neighbours by position, or as the only one by keyword. */
function replacements(
  was: readonly Parameter[],
  is: readonly Parameter[],
  gone: readonly Parameter[],
  fresh: readonly Parameter[],
): { from: Parameter; to: Parameter }[] {
  const pairs: { from: Parameter; to: Parameter }[] = []
  const places = byPosition(is)
  const anchors = byPosition(was)
  let shift = 0
  for (const [index, from] of anchors.entries()) {
    if (!gone.includes(from)) {
      const place = places.findIndex(({ name }) => name === from.name)
      if (place >= 0) shift = place - index
      continue
    }
    const to = places[index + shift]
    if (to && fresh.includes(to)) pairs.push({ from, to })
    else shift--
  }
  const keywordOnly = (parameters: readonly Parameter[]) => parameters.filter(({ form }) => form === 'keyword-only')
  const [from, ...otherGone] = keywordOnly(gone)
  const [to, ...otherFresh] = keywordOnly(fresh)
  if (from && to && otherGone.length === 0 && otherFresh.length === 0) pairs.push({ from, to })
  return pairs
}

/** The parameters that both have by position, in their new order, from the first to the last that changed its rank. */
function reordered(was: readonly Parameter[], is: readonly Parameter[]): Parameter[] {
  const old = byPosition(was).filter((parameter) => named(byPosition(is), parameter))
  const now = byPosition(is).filter((parameter) => named(byPosition(was), parameter))
  return now.filter(({ name }, rank) => old[rank]?.name !== name)
}

/** A task that goes by another name after a change, and whose old name nothing answers to any more. */
export interface RenamedTask {
  readonly old: Task & { readonly name: string }
  readonly now: Task & { readonly name: string }
}

/** A task whose name is known. */
export type NamedTask = RenamedTask['old']

/** The tasks whose name nothing answers to after a change, those included that go by another one now. */
export function goneTasks({ before, after, unread }: ProjectChange): NamedTask[] {
  const unanswered = namedTasks(before).filter(
    ({ name }) => !after.tasksByName.has(name) && !isTakenOver(name, before, after),
  )
  if (unanswered.length === 0) return []
  const names = new TaskNames(after)
  if (names.areGenerated || new TaskNames(before).areGenerated) return []
  return unanswered.filter(({ name, file }) => {
    const path = after.modules.find(file.module, file.path)
    if (path !== undefined && unread.has(path)) return false
    // A module that is still there, but holds nothing any more for which it would be parsed.
    return (path !== undefined && !after.files.has(path)) || names.missing(name, file) !== undefined
  })
}

/** Whether another service has taken a task over, under its name. */
const isTakenOver = (name: string, before: CeleryProject, after: CeleryProject): boolean => {
  const [were = [], are = []] = [before, after].map(({ repository }) => repository.tasksByName.get(name))
  return are.length >= were.length
}

/** Where in the head a task stood that is gone: at the function or class that followed it in its module, or at the one before. */
export function whereItStood(
  gone: Task,
  after: CeleryProject,
  previousPath: (path: string) => string | undefined,
): { file: ProjectFile; span: Span } | undefined {
  const file = [...after.files.values()].find(({ path }) => previousPath(path) === gone.file.path)
  const definitions = (where: ProjectFile) =>
    where.facts.module.body.filter((node) => node.kind === 'function' || node.kind === 'class')
  const near =
    file &&
    survivorNear<FunctionDef | ClassDef, FunctionDef | ClassDef>(definitions(gone.file), gone.node, ({ kind, name }) =>
      definitions(file).find((node) => node.kind === kind && node.name === name),
    )
  if (!near) return undefined
  // Its decorators are nearer to what stood above it than its name is.
  const first = file.lines.endOf(file.lines.lineAt(near.start))
  return { file, span: { start: near.start, end: Math.min(first, near.end) } }
}

/** How much of a function must stay the same for it to be known by a new name, or in a new place by its old one. */
const SAME_CODE = 0.8
const SAME_NAME = 0.5
/** Shorter functions are alike by chance. */
const MIN_TOKENS = 12

/**
 * The tasks that a change renames: by `name=`, by moving them to another module, or by renaming the function. Each task
 * is matched once, the surest match first; where two would do equally well there is none.
 */
export function renamedTasks(change: ProjectChange): RenamedTask[] {
  const { before, after, previousPath } = change
  const gone = goneTasks(change)
  const added = namedTasks(after).filter(({ name }) => !before.tasksByName.has(name))
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
const namedTasks = (project: CeleryProject): NamedTask[] =>
  project.tasks.filter((task): task is NamedTask => task.name !== undefined && !task.file.isTest)

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
