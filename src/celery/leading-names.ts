/**
 * Owns a quick answer to whether a call can lead to a dispatch at all, by nothing but the names of functions: it may say
 * yes of a call that leads nowhere, and never says no of one that does.
 */
import type { Expr, FunctionDef } from '../python/syntax.ts'
import { enclosingClass, enclosingFunction } from '../python/walk.ts'
import type { ProjectFile } from './project-file.ts'
import { sendingSignals } from './signals.ts'
import { callersOf } from './vocabulary/framework-methods.ts'
import { applyAsyncMethods, delayMethods } from './vocabulary/methods.ts'

/**
 * The names whose call may lead to a dispatch through functions of these files.
 * @param receivers the functions that run when a signal of the project's own is sent
 */
export function leadingNames(
  files: Iterable<ProjectFile>,
  sending: Iterable<FunctionDef>,
  receivers: Iterable<FunctionDef>,
): ReadonlySet<string> {
  const received = new Set([...receivers].map(nameOf))
  const callers = new Map<string, Set<string>>()
  const leading = new Set<string>()
  const pending: string[] = []
  const add = (name: string) => {
    if (leading.has(name)) return
    leading.add(name)
    pending.push(name)
  }
  for (const node of sending) add(nameOf(node))
  for (const file of files) {
    if (file.isTest || file.isMigration) continue
    for (const { called, caller } of callsOf(file)) {
      // A task may be a parameter, which only its caller knows.
      if (delayMethods.has(called) || applyAsyncMethods.has(called)) add(caller)
      const others = callers.get(called)
      if (others) others.add(caller)
      else callers.set(called, new Set([caller]))
    }
  }
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const caller of callers.get(name) ?? []) add(caller)
    for (const caller of callersOf(name)) add(caller)
    if (received.has(name)) for (const caller of sendingSignals) add(caller)
  }
  return leading
}

const known = new WeakMap<ProjectFile, readonly { called: string; caller: string }[]>()

/** Who calls what in a file, by name. */
function callsOf(file: ProjectFile): readonly { called: string; caller: string }[] {
  let calls = known.get(file)
  if (!calls) {
    calls = file.calls.flatMap((call) => {
      const called = calledName(call.callee)
      const owner = called === undefined ? undefined : enclosingFunction(call)
      return called !== undefined && owner ? [{ called, caller: nameOf(owner) }] : []
    })
    known.set(file, calls)
  }
  return calls
}

/** The name by which a call refers to what it runs. */
export function calledName(callee: Expr): string | undefined {
  if (callee.kind === 'name') return callee.id
  return callee.kind === 'attribute' ? callee.attr : undefined
}

/** The name by which a function is called: its own, or that of the class that it makes objects of. */
function nameOf(node: FunctionDef): string {
  return node.name === '__init__' ? (enclosingClass(node)?.name ?? node.name) : node.name
}
