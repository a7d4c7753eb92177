/** Owns which functions Django calls while it saves or deletes an object, as far as their place and name show it. */
import type { FunctionDef } from '../python/syntax.ts'
import { enclosingClass } from '../python/walk.ts'
import { isModelClass } from './models.ts'
import type { Names } from './names.ts'
import type { ProjectFile } from './project-file.ts'
import { signalConnections } from './signals.ts'

/** Who calls a hook: the model that is saved or deleted, the admin, or a view that has checked its form. */
export type SavingHook = 'save' | 'delete' | 'admin' | 'view'

const hooks: ReadonlyMap<string, SavingHook> = new Map([
  ['save', 'save'],
  ['delete', 'delete'],
  ['save_model', 'admin'],
  ['save_related', 'admin'],
  ['form_valid', 'view'],
  ['perform_create', 'view'],
  ['perform_update', 'view'],
])

/** The kind of hook that a method is by its name; `save` and `delete` are hooks of models only. */
export function savingHook(names: Names, file: ProjectFile, node: FunctionDef): SavingHook | undefined {
  const owner = enclosingClass(node)
  const hook = owner && hooks.get(node.name)
  if (hook !== 'save' && hook !== 'delete') return hook
  return isModelClass(names, { kind: 'class', file, node: owner! }) ? hook : undefined
}

/** Whether a function runs in the transaction of whoever saves, whoever that is. */
export function isInSaversTransaction(names: Names, file: ProjectFile, node: FunctionDef): boolean {
  const hook = savingHook(names, file, node)
  return (hook !== undefined && hook !== 'view') || signalConnections(names, node).length > 0
}
