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
): ReadonlyMap<string, true> {
  const received = new Set([...receivers].map(nameOf))
  const callers = new Map<string, ReadonlySet<string>[]>()
  const leading = new Map<string, true>()
  const pending: string[] = []
  const add = (name: string) => {
    if (leading.has(name)) return
    leading.set(name, true)
    pending.push(name)
  }
  for (const node of sending) add(nameOf(node))
  for (const file of files) {
    if (file.isTest || file.isMigration) continue
    for (const [called, by] of callersIn(file)) {
      // A task may be a parameter, which only its caller knows.
      if (delayMethods.has(called) || applyAsyncMethods.has(called)) by.forEach(add)
      const others = callers.get(called)
      if (others) others.push(by)
      else callers.set(called, [by])
    }
  }
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const by of callers.get(name) ?? []) by.forEach(add)
    for (const caller of callersOf(name)) add(caller)
    if (received.has(name)) for (const caller of sendingSignals) add(caller)
  }
  return leading
}

const known = new WeakMap<ProjectFile, ReadonlyMap<string, ReadonlySet<string>>>()

/** By the names of what is called in a file, the names of the functions that call it. */
function callersIn(file: ProjectFile): ReadonlyMap<string, ReadonlySet<string>> {
  let callers = known.get(file)
  if (!callers) {
    const found = new Map<string, Set<string>>()
    for (const call of file.calls) {
      const called = calledName(call.callee)
      const owner = called === undefined ? undefined : enclosingFunction(call)
      if (called === undefined || !owner) continue
      const by = found.get(called)
      if (by) by.add(nameOf(owner))
      else found.set(called, new Set([nameOf(owner)]))
    }
    callers = found
    known.set(file, callers)
  }
  return callers
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
