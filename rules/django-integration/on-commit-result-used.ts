/** What waits for the commit has not been sent yet: there is no result and no task id to give back, only `None`. */
import { onCommitNames } from '../../src/celery/context.ts'
import { dispatchLabel } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { scopeOf } from '../../src/python/scopes.ts'
import type { Call, Name, Node } from '../../src/python/syntax.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'on-commit-result-used',
  reference: 'django-integration.md#no-result-before-the-commit',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'The result of delay_on_commit or on_commit is used, which is always None',
  messages: {
    attribute:
      '{call} returns `None`, because nothing has been sent yet, so {attribute} raises an `AttributeError`. If you need the id of the task, make one up before and pass it as `task_id=` to `apply_async_on_commit`.',
    value:
      '{call} returns `None`, because nothing has been sent yet, and that is what is used here. If you need the id of the task, make one up before and pass it as `task_id=` to `apply_async_on_commit`.',
  },
  *check({ project, file }) {
    const calls = new Map<Call, string>()
    for (const dispatch of project.dispatchesOf(file))
      if (dispatch.onCommit) calls.set(dispatch.call, dispatchLabel(dispatch))
    for (const call of project.callsOf(file, onCommitNames)) calls.set(call, file.textOf(call.callee))
    for (const [call, label] of calls) {
      const { parent } = call
      if (parent?.kind === 'attribute')
        yield { messageId: 'attribute', data: { call: label, attribute: `.${parent.attr}` }, span: parent }
      else if (isUsed(project, file, call))
        yield { messageId: 'value', data: { call: label, attribute: '' }, span: call }
    }
  },
})

/** Whether something is done with the value of a call. What is only returned may not interest the caller. */
function isUsed(project: CeleryProject, file: ProjectFile, call: Call): boolean {
  const { parent } = call
  switch (parent?.kind) {
    case 'argument':
      return !isCallback(project, file, parent)
    case 'entry':
    case 'compare':
    case 'subscript':
      return true
    case 'assign':
      return parent.targets.some((target) => {
        if (target.kind === 'name') return isReadAfter(file, target, parent)
        return target.kind === 'attribute' || target.kind === 'subscript'
      })
  }
  return false
}

/** Whether an argument is one of `on_commit`, which is the concern of `on-commit-called-immediately`. */
const isCallback = (project: CeleryProject, file: ProjectFile, argument: Node) =>
  argument.parent?.kind === 'call' && project.onCommitCallback(file, argument.parent) !== undefined

/** Whether a name is read below the assignment, while it has no other value. */
function isReadAfter(file: ProjectFile, target: Name, assign: Node): boolean {
  const scope = scopeOf(target.id, file.scopeAt(target))
  if (scope?.bindings.get(target.id)?.length !== 1) return false
  for (const node of descendants(scope.node)) {
    if (node.kind === 'name' && node.id === target.id && node.start > assign.end) return true
  }
  return false
}
