/**
 * Owns which dispatches are reached from a place in the code through calls of the project's own functions, and by which
 * way. Follows calls forward from where something is known, so that each function is met with what its caller passed.
 */
import { grouped } from '../core/grouped.ts'
import type { Call, FunctionDef } from '../python/syntax.ts'
import { enclosingClass } from '../python/walk.ts'
import { Callees, type FunctionFrame } from './callees.ts'
import { runsIn, standsInFailure } from './context.ts'
import type { DerivedMap } from './derived.ts'
import type { Dispatch } from './dispatches.ts'
import { type Frame, frameKey, frameOf, type KnownValue, knownValue } from './known-values.ts'
import { calledName, leadingNames } from './leading-names.ts'
import { defersToCommit, hasOnlyConstants } from './on-commit.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { ownReceivers } from './signals.ts'
import { Writes } from './writes.ts'

/** How many calls may lie between the place that is asked about and the dispatch. */
export const MAX_CALLS = 6

/** One call on the way to a dispatch. */
export interface Step {
  /** Where the call stands. */
  readonly frame: Frame
  readonly call: Call
  /** What the call runs. */
  readonly runs: FunctionFrame
}

/** A dispatch with the way that leads to it, from the first call to the last. */
export interface Reached<Origin> {
  readonly dispatch: Dispatch
  readonly origin: Origin
  readonly steps: readonly [Step, ...Step[]]
}

/** A call from which a search goes forward. */
export interface Start<Origin> {
  readonly origin: Origin
  readonly frame: Frame
  readonly call: Call
}

interface State<Origin> {
  readonly origin: Origin
  readonly frame: FunctionFrame
  readonly steps: readonly [Step, ...Step[]]
}

/** Tells functions that are not entered. */
export type Boundary = (file: ProjectFile, node: FunctionDef) => boolean

/** The dispatches by the functions that make them. */
const dispatchesByFunction: DerivedMap<CeleryProject, FunctionDef, readonly Dispatch[]> = {
  find: ({ dispatches }) =>
    grouped(
      dispatches.flatMap((dispatch): [FunctionDef, Dispatch][] => {
        const owner = runsIn(dispatch.call)
        return owner?.kind === 'function' ? [[owner, dispatch]] : []
      }),
    ),
  partsOf: (dispatches) => dispatches,
}

/** The names whose call may lead to a dispatch. */
const leading: DerivedMap<CeleryProject, string, true> = {
  find: (project) =>
    leadingNames(project.files.values(), project.derived.of(dispatchesByFunction).keys(), ownReceivers(project.names)),
  partsOf: (is) => [is],
}

export class CallGraph {
  readonly callees: Callees
  readonly writes: Writes
  readonly #project: CeleryProject

  constructor(project: CeleryProject) {
    this.#project = project
    this.callees = new Callees(project)
    this.writes = new Writes(project.names, this.callees)
  }

  /**
   * Every dispatch that is reached from these calls within `MAX_CALLS` calls, each once, by a shortest way. What a
   * function sends from a transaction of its own, what waits for the commit, and what is sent because something failed,
   * is left out.
   */
  reached<Origin>(starts: Iterable<Start<Origin>>, isBoundary: Boundary = () => false): Reached<Origin>[] {
    const found = new Map<Call, Reached<Origin>>()
    const seen = new Set<string>()
    let states: State<Origin>[] = []
    const enter = (into: State<Origin>[], { frame, call, origin }: Start<Origin>, way: readonly Step[]) => {
      if (!this.leads(frame, call)) return
      const [first, ...others] = way
      for (const target of this.callees.of(frame, call)) {
        if (isBoundary(target.file, target.node)) continue
        const key = frameKey(target)
        if (seen.has(key)) continue
        seen.add(key)
        const step: Step = { frame, call, runs: target }
        into.push({ origin, frame: target, steps: first ? [first, ...others, step] : [step] })
      }
    }
    for (const start of starts) enter(states, start, [])
    for (let calls = 1; states.length > 0; calls++) {
      const next: State<Origin>[] = []
      for (const { frame, origin, steps } of states) {
        for (const dispatch of this.sentIn(frame)) {
          if (!found.has(dispatch.call)) found.set(dispatch.call, { dispatch, origin, steps })
        }
        if (calls === MAX_CALLS) continue
        for (const call of this.callees.callsIn(frame.node)) {
          if (!this.leads(frame, call) || !this.callees.isReachable(frame, call) || standsInFailure(call)) continue
          enter(next, { frame, call, origin }, steps)
        }
      }
      states = next
    }
    return [...found.values()]
  }

  /**
   * Whether something is visibly written to the database on the way to a dispatch.
   * @param from the offset from which on what happens before the first call counts
   */
  wroteOnTheWay({ dispatch, steps }: Reached<unknown>, from = 0): boolean {
    const [first] = steps
    const last = steps.at(-1)!.runs
    return (
      this.writes.before(last, dispatch.call) ||
      steps.some(({ frame, call }) => this.writes.before(frame, call, call === first.call ? from : 0))
    )
  }

  /** The dispatches that a function itself makes there and then, outside of any transaction of its own. */
  sentIn(frame: FunctionFrame): Dispatch[] {
    const { file, node } = frame
    const own = (this.#project.derived.get(dispatchesByFunction, node) ?? []).filter(
      (dispatch) => dispatch.kind === 'send' && !dispatch.onCommit && !defersToCommit(this.#project, dispatch),
    )
    return [...own, ...this.#handed(frame)].filter(
      (dispatch) =>
        !hasOnlyConstants(dispatch) &&
        !standsInFailure(dispatch.call) &&
        !this.#project.transactionAround(file, dispatch.call) &&
        this.callees.isReachable(frame, dispatch.call),
    )
  }

  /** `task.apply_async(…)` where the task is a parameter that the caller filled. */
  #handed(frame: FunctionFrame): Dispatch[] {
    const handed = [...frame.known.values()].some((value) => value.kind === 'function' && this.#taskOf(value))
    if (!handed) return []
    return this.callees.callsIn(frame.node).flatMap((call) => {
      const receiver = call.callee.kind === 'attribute' && call.callee.value
      const task =
        receiver && receiver.kind === 'name' && this.#taskOf(knownValue(this.#project.names, frame, receiver))
      const dispatch = task && this.#project.dispatchOf(frame.file, call, task)
      return dispatch && dispatch.kind === 'send' && !dispatch.onCommit && !defersToCommit(this.#project, dispatch)
        ? [dispatch]
        : []
    })
  }

  /** Whether a call can lead to a dispatch; one that leads into a file that was not parsed makes it known. */
  leads({ file }: Pick<Frame, 'file'>, { callee }: Call): boolean {
    const isLeading = (name: string | undefined) =>
      name !== undefined && this.#project.derived.get(leading, name) === true
    const name = calledName(callee)
    // An alias may stand for any name.
    const referent = this.#project.names.follow(file, callee)
    const meant = referent?.kind === 'function' || referent?.kind === 'class' ? referent.node.name : name
    return isLeading(name) || (meant !== name && isLeading(meant))
  }

  #taskOf(value: KnownValue | undefined) {
    if (value?.kind !== 'function' || !this.callees.isTask(value.node)) return undefined
    return this.#project.tasksOf(value.file).find(({ run }) => run === value.node)
  }
}

/** How a function is spoken of: `Order.fulfil`, `notify`. */
export function functionLabel(node: FunctionDef): string {
  const owner = enclosingClass(node)
  return owner ? `${owner.name}.${node.name}` : node.name
}

/** The way to a dispatch in words: `path` as a whole, and `call0`, `call1`… as its steps are spoken of in `placesOnTheWay`. */
export const namesOnTheWay = (steps: readonly Step[]): Record<string, string> => ({
  path: steps.map(({ runs }) => functionLabel(runs.node)).join(' → '),
  ...Object.fromEntries(steps.map(({ runs }, index) => [`call${index}`, functionLabel(runs.node)])),
})

/** Where each step is taken, with a note for `namesOnTheWay` to fill. */
export const placesOnTheWay = (steps: readonly Step[]): { file: ProjectFile; span: Call; note: string }[] =>
  steps.map(({ frame, call }, index) => ({ file: frame.file, span: call, note: `{call${index}} is called here` }))

/** The frame in which a call of a file runs; nothing is known of who called it. */
export function frameAround(file: ProjectFile, call: Call): Frame | undefined {
  const owner = runsIn(call)
  return owner?.kind === 'lambda' ? undefined : frameOf(file, owner)
}
