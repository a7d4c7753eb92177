/** `shared_task` belongs to the application of the process, and a process that never imports one gets an empty one. */
import { makesApp } from '../../src/celery/apps.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'celery-app-not-loaded',
  reference: 'configuration-guide.md#loading-the-application',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'Nothing that Django loads imports the module of the Celery application',
  messages: {
    unloaded:
      'No module of this project imports {module}, so a web process never makes this application, and its `shared_task`s are sent by a default one: to `amqp://localhost`, with none of these settings. Import it in {package}.',
  },
  *check({ project }) {
    const { namespace } = project
    const files = [...project.files.values()].filter(({ isTest }) => !isTest)
    if (!namespace || !files.some((file) => file.mentions('shared_task'))) return
    const { file } = namespace
    const made = file.calls.filter((call) => makesApp(project.names, file, call))
    const init = file.path.replace(/[^/]+$/, '__init__.py')
    if (made.length !== 1 || !/\/celery\w*\.py$|^celery\w*\.py$/.test(file.path) || !project.paths.includes(init))
      return
    if (files.some((other) => other !== file && importsFrom(project, other, file))) return
    yield { messageId: 'unloaded', data: { module: file.module, package: init }, file, span: made[0]! }
  },
})

/** Whether a file imports a module, or anything from it. */
function importsFrom(project: CeleryProject, from: ProjectFile, { module, path }: ProjectFile): boolean {
  const last = module.slice(module.lastIndexOf('.') + 1)
  if (!from.facts.text.includes(last)) return false
  const isIt = (name: string) => name === module || project.modules.find(name, from.path) === path
  for (const node of descendants(from.facts.module)) {
    if ((node.kind === 'import' || node.kind === 'import-from') && from.namesImported(node).some(isIt)) return true
    // `importlib.import_module("shop.celery")`, and paths of objects in strings.
    if (
      node.kind === 'string' &&
      (node.value === module || node.value.startsWith(`${module}.`) || node.value.startsWith(`${module}:`))
    )
      return true
  }
  return false
}
