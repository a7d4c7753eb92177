/** Owns whether code visibly writes to the database before something else happens, directly or in what it calls. */
import type { Span } from '../core/text.ts'
import type { Call, Expr, Node } from '../python/syntax.ts'
import { ancestors, dottedName, isStatement, isSuperCall, statementsAfter } from '../python/walk.ts'
import type { Callees, FunctionFrame } from './callees.ts'
import { type Frame, frameKey } from './known-values.ts'
import type { Names } from './names.ts'
import type { ProjectFile } from './project-file.ts'

/** How many calls deep a write is looked for. */
const MAX_DEPTH = 3

/** Methods of models, managers and querysets that write, and that nothing else has. */
const writing =
  /^a?(save|delete|bulk_create|bulk_update|get_or_create|update_or_create)$|^perform_(create|update|destroy)$/
/** Methods that write when they are those of a manager, a queryset or a serializer. */
const perhapsWriting = /^a?(create|update|add|remove|set|clear)$/
const querysetMethods = /^(filter|exclude|all|select_for_update|select_related|order_by|using)$/

/** Whether a call itself writes to the database. */
export function isWrite(names: Names, file: ProjectFile, call: Call): boolean {
  const { callee } = call
  if (callee.kind !== 'attribute') return false
  if (writing.test(callee.attr)) return !isDraft(call) && names.externalName(file, callee) === undefined
  if (/^execute(many)?$/.test(callee.attr))
    return /(^|_)cursor$/.test(dottedName(callee.value)?.split('.').at(-1) ?? '')
  return (perhapsWriting.test(callee.attr) && isQuerySource(names, file, callee.value)) || isSuperWrite(callee)
}

/** `form.save(commit=False)`, which makes an object and writes nothing. */
export const isDraft = ({ args }: Call): boolean =>
  args.some((arg) => arg.name === 'commit' && arg.value.kind === 'constant' && arg.value.value === false)

const isSuperWrite = ({ value, attr }: Extract<Expr, { kind: 'attribute' }>): boolean =>
  /^(create|update|partial_update|destroy|form_valid|save_model|save_related|delete_model)$/.test(attr) &&
  isSuperCall(value)

/** `Order.objects`, `order.lines`, `Order.objects.filter(…)`. */
function isQuerySource(names: Names, file: ProjectFile, expr: Expr): boolean {
  if (expr.kind === 'call') {
    const { callee } = expr
    if (callee.kind !== 'attribute') return false
    return querysetMethods.test(callee.attr) || isQuerySource(names, file, callee.value)
  }
  if (expr.kind !== 'attribute') return false
  return /objects$|^_default_manager$|_set$/.test(expr.attr)
}

export class Writes {
  constructor(
    readonly names: Names,
    readonly callees: Callees,
  ) {}

  /**
   * Whether a frame writes before it comes to a node.
   * @param from the offset from which on what it does counts
   */
  before(frame: Frame, node: Node, from = 0): boolean {
    const calls = frame.node ? this.callees.callsIn(frame.node) : frame.file.calls
    return calls.some(
      (call) =>
        call.start >= from &&
        call.end <= node.start &&
        canPrecede(call, node) &&
        this.callees.isReachable(frame, call) &&
        this.#writes(frame, call, MAX_DEPTH),
    )
  }

  /** Whether a frame writes anywhere between two offsets. */
  within(frame: Frame, { start, end }: Span): boolean {
    const calls = frame.node ? this.callees.callsIn(frame.node) : frame.file.calls
    return calls.some((call) => start <= call.start && call.end <= end && this.#writes(frame, call, MAX_DEPTH))
  }

  #writes(frame: Frame, call: Call, depth: number): boolean {
    if (isWrite(this.names, frame.file, call)) return true
    return depth > 0 && this.callees.of(frame, call).some((target) => this.#functionWrites(target, depth - 1))
  }

  #functionWrites(frame: FunctionFrame, depth: number): boolean {
    return this.names.remember(
      frame.file,
      `writes ${depth} ${frameKey(frame)}`,
      () => this.callees.callsIn(frame.node).some((call) => this.#writes(frame, call, depth)),
      { answer: false },
    )
  }
}

/** Whether one node of a function can run and another, further down, run after it. */
function canPrecede(first: Node, second: Node): boolean {
  const around = new Set<Node>(ancestors(second))
  let below = first
  for (const up of ancestors(first)) {
    if (around.has(up)) {
      const exclusive = up.kind === 'if' && (up.body as readonly Node[]).includes(below) && !isIn(up.body, second)
      return !exclusive
    }
    const rest = isStatement(below) ? [below, ...statementsAfter(below)] : []
    if (rest.some(({ kind }) => kind === 'return' || kind === 'raise')) return false
    below = up
  }
  return true
}

const isIn = (block: readonly Node[], node: Node): boolean =>
  block.some(({ start, end }) => start <= node.start && node.end <= end)
