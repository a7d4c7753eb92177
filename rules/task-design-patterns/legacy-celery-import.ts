/** Celery 5 took modules away that older code imports. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { removedModules } from '../../src/celery/vocabulary/removed-modules.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Import, ImportFrom, Node } from '../../src/python/syntax.ts'
import { ancestors } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'legacy-celery-import',
  reference: 'task-design-patterns.md#imports-that-celery-5-does-not-have',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'An import of a module that Celery 5 does not have any more',
  messages: {
    moved:
      'Celery 5 has no {module}: this import fails, and with it the worker and whatever else loads this file. What it held is in {home} now.',
    task: 'Celery 5 has no {module}: this import fails, and with it the worker and whatever else loads this file. Use `shared_task` or the `task` of the application, and `celery.Task` for classes.',
    gone: 'Celery 5 has no {module}: this import fails, and with it the worker and whatever else loads this file. Use what replaces it in the current Celery.',
  },
  *check({ project, file }) {
    if (!file.mentionsCelery || project.versions.isBelow('celery', '5')) return
    for (const node of file.imports) {
      const module = removedModule(project, file, node)
      if (module === undefined || isPrepared(file, node)) continue
      const home = removedModules.get(module)
      const isTask = /^celery\.(task|decorators)(\.base)?$/.test(module)
      yield {
        messageId: home ? 'moved' : isTask ? 'task' : 'gone',
        data: { module, home: home ?? '' },
        span: node,
        fix: home ? importingFrom(file, node, module, home) : undefined,
      }
    }
  },
})

/** The removed module that a statement imports, or imports from. A project may have a module of that name itself. */
function removedModule(project: CeleryProject, file: ProjectFile, node: Import | ImportFrom): string | undefined {
  const imported =
    node.kind === 'import'
      ? node.names.map(({ name }) => name)
      : node.level > 0
        ? []
        : [node.module, ...node.names.map(({ name }) => `${node.module}.${name}`)]
  return imported
    .map((name) => (name.startsWith('djcelery.') ? 'djcelery' : name))
    .find((name) => removedModules.has(name) && project.modules.find(name, file.path) === undefined)
}

/** Whether the import may fail, or is made for an old version only. */
function isPrepared(file: ProjectFile, node: Node): boolean {
  for (const up of ancestors(node)) {
    if (up.kind === 'try' || up.kind === 'handler') return true
    if (up.kind === 'if' && /version|TYPE_CHECKING/i.test(file.textOf(up.test))) return true
  }
  return false
}

function importingFrom(file: ProjectFile, node: Import | ImportFrom, module: string, home: string): Fix | undefined {
  if (node.kind !== 'import-from' || node.module !== module) return undefined
  const start = node.start + file.textOf(node).indexOf(module)
  return {
    title: `Import from \`${home}\``,
    applicability: 'safe',
    edits: [{ span: { start, end: start + module.length }, replacement: home }],
  }
}
