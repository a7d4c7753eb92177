/**
 * Owns who gives a task its arguments: dispatches, entries of Beat's schedule, rows of django-celery-beat that code creates,
 * and helpers that are handed a task and its arguments.
 */
import { grouped } from '../core/grouped.ts'
import type { Expr, Node, Parameter } from '../python/syntax.ts'
import { ancestors, isStatement } from '../python/walk.ts'
import { literalString } from './constants.ts'
import type { DerivedMap } from './derived.ts'
import { type Dispatch, elementsOf, entriesOf, type TaskArguments } from './dispatches.ts'
import type { Names } from './names.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { rowFields } from './task-references.ts'
import type { Task } from './tasks.ts'

/** A place that writes messages for a task, with what they hold. */
export interface Sender {
  readonly file: ProjectFile
  readonly at: Expr
  readonly args: TaskArguments
  /** A signature whose place in a canvas puts a result before its own arguments. */
  readonly partial: boolean
}

/** The senders that are found by going through all dispatches, by the task that they send. */
const dispatchers: DerivedMap<CeleryProject, Task, readonly Sender[]> = {
  find: (project) => grouped(inFiles(project, 'dispatched', dispatched)),
  partsOf: (known) => known,
}

/** Those that are found by going through all calls. */
const callers: DerivedMap<CeleryProject, Task, readonly Sender[]> = {
  find: (project) =>
    grouped([
      ...inFiles(project, 'iterated', iterated),
      ...inFiles(project, 'prepared', prepared),
      ...inFiles(project, 'given to helpers', helpersGiven),
    ]),
  partsOf: (known) => known,
}

const inFiles = (
  project: CeleryProject,
  question: string,
  find: (project: CeleryProject, file: ProjectFile) => Iterable<[Task, Sender]>,
) => project.inFiles(question, (file) => (file.isTest ? [] : find(project, file)))

/** Rows of django-celery-beat by the name of the task that they send. */
const rowsByName: DerivedMap<CeleryProject, string, readonly Sender[]> = {
  find: ({ files, names }) => grouped(names.inFiles('rows', (file) => rows(names, file), files)),
  partsOf: (known) => known,
}

/** Every place outside tests that visibly writes messages for a task. */
export function sendersOf(project: CeleryProject, task: Task): Sender[] {
  const { derived } = project.repository
  const scheduled: Sender[] = []
  for (const { file, dict, fields, open } of project.beatEntries) {
    const named = fields.get('task')
    if (file.isTest || named?.kind !== 'string' || named.value !== task.name) continue
    scheduled.push({ file, at: dict, args: given(fields.get('args'), fields.get('kwargs'), open), partial: false })
  }
  const [sent, called] = [derived.get(dispatchers, task) ?? [], derived.get(callers, task) ?? []]
  return [...sent, ...scheduled, ...rowsOf(project, task), ...called]
}

function rowsOf(project: CeleryProject, { name }: Task): readonly Sender[] {
  return name === undefined ? [] : (project.derived.get(rowsByName, name) ?? [])
}

function* dispatched(project: CeleryProject, file: ProjectFile): Generator<[Task, Sender]> {
  for (const dispatch of project.dispatchesOf(file)) {
    if (dispatch.kind === 'inline') continue
    const task = project.taskSentBy(dispatch)
    if (!task) continue
    const partial = dispatch.kind === 'signature' && dispatch.method !== 'si' && followsAnother(project, dispatch)
    yield [task, { file, at: dispatch.call, args: dispatch.args, partial }]
  }
}

/** `PeriodicTask.objects.create(task="shop.tasks.ship", args=json.dumps([1]))`, in a migration too: its row lives on. */
function* rows(names: Names, file: ProjectFile): Generator<[string, Sender]> {
  if (file.isTest || !file.mentions('PeriodicTask')) return
  for (const call of file.calls) {
    const fields = rowFields(names, file, call)
    const tasks = fields.flatMap(([field, value]) =>
      field === 'task' ? (literalString(names, file, value)?.literal.value ?? []) : [],
    )
    if (tasks.length === 0) continue
    const [args, kwargs] = ['args', 'kwargs'].map((wanted) => fields.find(([field]) => field === wanted)?.[1])
    const sender = { file, at: call, args: given(fromJson(args), fromJson(kwargs), false), partial: false }
    for (const task of new Set(tasks)) yield [task, sender]
  }
}

/** What `json.dumps(…)` is given; other text is left as it is. */
const fromJson = (text: Expr | undefined): Expr | undefined =>
  text?.kind === 'call' && text.callee.kind === 'attribute' && text.callee.attr === 'dumps' ? text.args[0]?.value : text

/** `ship.map(…)`, `ship.starmap(…)` and `ship.chunks(…)`: what each message holds comes out of an iterable. */
function* iterated(project: CeleryProject, file: ProjectFile): Generator<[Task, Sender]> {
  for (const call of file.calls) {
    const { callee } = call
    if (callee.kind !== 'attribute' || !/^(map|starmap|chunks)$/.test(callee.attr)) continue
    const task = project.taskOf(file, callee.value)
    if (!task) continue
    yield [
      task,
      { file, at: call, args: { positional: [], keywords: new Map(), open: true, openPlaces: true }, partial: false },
    ]
  }
}

/** `partial(ship.delay, pk)`: whoever calls it may pass more, except for Django after the commit. */
function* prepared(project: CeleryProject, file: ProjectFile): Generator<[Task, Sender]> {
  for (const call of file.calls) {
    const [first, ...passed] = call.args
    const callee = first?.value
    if (callee?.kind !== 'attribute' || project.externalName(file, call.callee) !== 'functools.partial') continue
    const task = project.taskOf(file, callee.value)
    const dispatch = task && project.dispatchOf(file, { ...call, callee, args: passed }, task)
    if (dispatch?.kind !== 'send') continue
    const user = call.parent?.kind === 'argument' ? call.parent.parent : undefined
    const isAll = user?.kind === 'call' && project.onCommitCallback(file, user) === call
    const open = dispatch.args.open || !isAll
    const args = { ...dispatch.args, open, openPlaces: dispatch.args.openPlaces || !isAll }
    yield [task!, { file, at: call, args, partial: false }]
  }
}

/** Whether a signature visibly stands behind another one in a chain, is the body of a chord, or a callback. */
function followsAnother(project: CeleryProject, { file, call }: Dispatch): boolean {
  let below: Node = call
  for (const up of ancestors(call)) {
    if (isStatement(up) || up.kind === 'lambda') return false
    if (up.kind === 'binary' && up.operator === '|' && up.right === below) return true
    if (up.kind === 'call' && below.kind === 'argument') {
      if (below.name) {
        if (/^(body|callback|link|link_error)$/.test(below.name)) return true
      } else if (up.args.indexOf(below) > 0) {
        if (/\.(chain|chord)$/.test(project.externalName(file, up.callee) ?? '')) return true
      } else if (up.callee.kind === 'attribute' ? up.callee.attr === 'link' : project.isCanvas(file, up.callee))
        return true
    }
    below = up
  }
  return false
}

/** `broadcast(task=clear, args=[pk])`: calls that are given a task and what it shall receive. */
function* helpersGiven(project: CeleryProject, file: ProjectFile): Generator<[Task, Sender]> {
  for (const call of file.calls) {
    const named = (name: string) => call.args.find((arg) => arg.name === name)?.value
    const [args, kwargs] = [named('args'), named('kwargs')]
    if (!args && !kwargs) continue
    const open = call.args.some((arg) => arg.unpack)
    const sender = { file, at: call, args: given(args, kwargs, open), partial: false }
    for (const task of new Set(call.args.map(({ value }) => project.taskOf(file, value)))) {
      if (task) yield [task, sender]
    }
  }
}

function given(args: Expr | undefined, kwargs: Expr | undefined, open: boolean): TaskArguments {
  const positional = elementsOf(args)
  const keywords = entriesOf(kwargs)
  return {
    positional: positional ?? [],
    keywords: keywords ?? new Map(),
    open: open || positional === undefined || keywords === undefined,
    openPlaces: open || positional === undefined,
  }
}

/** Whether a sender may fill a parameter by its name. */
export const passesByName = ({ args }: Sender, { name }: Parameter): boolean => args.keywords.has(name)

/** Whether what a sender passes by keyword, and only that, cannot all be seen. */
export const hidesKeywords = ({ args }: Sender): boolean => args.open && !args.openPlaces

/** Whether a sender visibly leaves a parameter to its default. */
export const leavesOut = (sender: Sender, parameter: Parameter, place: number): boolean =>
  !sender.args.open && !passesByName(sender, parameter) && (place < 0 || !passesByPlace(sender, place))

/** Whether a sender fills the place of a parameter, counted from zero, or may do so where that cannot be seen. */
export const passesByPlace = ({ args, partial }: Sender, place: number): boolean =>
  args.openPlaces || args.positional.length + (partial ? 1 : 0) > place
