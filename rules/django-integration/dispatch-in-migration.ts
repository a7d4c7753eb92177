/** A migration runs in a transaction, and before the code that it belongs to has reached the workers. */
import { runsIn } from '../../src/celery/context.ts'
import { sentLabel } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Node } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'dispatch-in-migration',
  reference: 'django-integration.md#sending-a-task-from-a-migration',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'A migration sends a task, which runs before the migration is committed and on workers that are still old',
  replaces: ['dispatch-in-atomic'],
  messages: {
    sent: 'This sends {task} while the migration is still under way: a worker may run it before the changes are committed, with the code of the last release, and again for each database that is ever set up. Send it by a command or a one-off task after the deployment.',
  },
  *check({ project, file }) {
    if (!file.isMigration) return
    const operations = operationsOf(project, file)
    for (const dispatch of project.dispatchesOf(file)) {
      const runner = runsIn(dispatch.call)
      if (dispatch.kind !== 'send' || dispatch.onCommit || !runner || !operations.has(runner)) continue
      yield { messageId: 'sent', data: { task: sentLabel(dispatch) }, span: dispatch.call }
    }
  },
})

/**
 * The functions and lambdas that a migration hands to `RunPython`. What they only define, such as a callback for `on_commit`
 * or a receiver of `post_migrate`, runs later.
 */
function operationsOf(project: CeleryProject, file: ProjectFile): Set<Node> {
  const operations = new Set<Node>()
  for (const { callee, args } of file.calls) {
    if (project.externalName(file, callee)?.endsWith('.RunPython') !== true) continue
    for (const { value } of args) {
      const referent = project.resolve(file, value)
      if (referent?.kind === 'function') operations.add(referent.node)
      else if (value.kind === 'lambda') operations.add(value)
    }
  }
  return operations
}
