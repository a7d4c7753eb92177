/** Owns what the project itself does with a setting, besides leaving it to Celery. */
import type { Expr, Node } from '../python/syntax.ts'
import { descendants } from '../python/walk.ts'
import type { CeleryProject } from './project.ts'

/**
 * `assigned` is a plain assignment; `changed` is `NAME["key"] = …`, `NAME += …` or `NAME.update(…)`; `read` is
 * `settings.NAME`, `getattr(settings, "NAME")`, an import of it, or the plain name.
 */
export type SettingUse = 'assigned' | 'changed' | 'read'

/** How the files of a project use a setting, by its name as written. */
export function settingUses(project: CeleryProject, name: string): ReadonlySet<SettingUse> {
  const uses = new Set<SettingUse>()
  for (const file of project.files.values()) {
    if (!file.facts.text.includes(name)) continue
    for (const node of descendants(file.facts.module)) {
      const use = useIn(node, name)
      if (use) uses.add(use)
    }
  }
  return uses
}

function useIn(node: Node, name: string): SettingUse | undefined {
  switch (node.kind) {
    case 'name':
      return node.id === name ? useOf(node) : undefined
    case 'attribute':
      return node.attr === name ? useOf(node) : undefined
    case 'imported':
      return node.name === name ? 'read' : undefined
    case 'call': {
      const { callee, args } = node
      const key = args[1]?.value
      const isLookup = callee.kind === 'name' && /^(get|has)attr$/.test(callee.id)
      return isLookup && key?.kind === 'string' && key.value === name ? 'read' : undefined
    }
  }
  return undefined
}

function useOf(node: Expr): SettingUse {
  if (isAssigned(node)) return 'assigned'
  const up = node.parent
  if (up?.kind === 'augassign' && up.target === node) return 'changed'
  if (up?.kind === 'subscript' && up.value === node && (isAssigned(up) || up.parent?.kind === 'simple'))
    return 'changed'
  // A method whose result nobody uses is called for what it changes.
  const isMethod = up?.kind === 'attribute' && up.parent?.kind === 'call' && up.parent.callee === up
  return isMethod && up.parent?.parent?.kind === 'expr' ? 'changed' : 'read'
}

function isAssigned(node: Expr): boolean {
  const up = node.parent
  if (up?.kind === 'tuple' || up?.kind === 'list') return isAssigned(up)
  return up?.kind === 'assign' && up.targets.includes(node)
}
