/** Messages carry the task's name, and the name comes from where the function is: moving or renaming it leaves them without a taker. */
import { renamedTasks } from '../../src/celery/change.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import { addKeyword } from '../../src/python/edits.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-renamed-or-moved',
  reference: 'task-design-patterns.md#renaming-or-moving-a-task',
  scope: 'change',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task gets another name, so workers discard the messages that carry the old one',
  messages: {
    renamed:
      'This task was {old} and is {now} after this change: messages that are already queued, scheduled or waiting for a retry carry the old name, and workers discard what they do not know. Keep the old name with {option}, at least until nothing sends it any more.',
    unused:
      'This task was {old} and is {now} after this change. Nothing in this project seems to send it, but a worker discards a message of the old name from anywhere else, such as a row of django-celery-beat. Keep the old name with {option} if there may be one.',
  },
  *check(change) {
    for (const { old, now } of renamedTasks(change)) {
      const used = isUsed(change.before, old, old.name)
      // Whoever sends the task has called it by the new name all along: the change puts that right.
      if (!used && change.before.referencesTo(now.name).length > 0) continue
      yield {
        messageId: used ? 'renamed' : 'unused',
        data: { old: old.name, now: now.name, option: option(old.name) },
        file: now.file,
        span: now.nameArgument ?? now.decorator ?? (now.node.kind === 'class' ? now.node.nameSpan : now.run.nameSpan),
        severity: used ? undefined : 'info',
        fix: keepingName(now, old.name),
      }
    }
  },
})

const option = (name: string) => `name=${JSON.stringify(name)}`

/** Whether a project sends a task, names it where it is sent from, or hands it to code that may do either. */
function isUsed(project: CeleryProject, task: Task, name: string): boolean {
  const isNamed = project.referencesTo(name).some(({ kind }) => kind !== 'annotation')
  if (isNamed || project.repository.dispatches.some((dispatch) => dispatch.task === task)) return true
  const files = [...project.files.values()].filter(
    ({ isTest, facts }) => !isTest && facts.text.includes(task.node.name),
  )
  return files.some((file) => {
    for (const node of descendants(file.facts.module)) {
      if (node.kind !== 'name' && node.kind !== 'attribute') continue
      const isCalled = node.parent?.kind === 'call' && node.parent.callee === node
      if (!isCalled && project.taskOf(file, node) === task) return true
    }
    return false
  })
}

/** Names the task in its decorator, unless somebody chose the new name there. */
function keepingName({ file, decorator, wrapper, optionsOpen, nameArgument }: Task, name: string): Fix | undefined {
  if (!decorator || wrapper || optionsOpen || nameArgument) return undefined
  const edit = addKeyword(file.facts.text, decorator, option(name))
  return edit && { title: 'Keep the old name', applicability: 'safe', edits: [edit] }
}
