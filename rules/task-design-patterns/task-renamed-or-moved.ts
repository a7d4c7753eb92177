/** Messages carry the task's name, and the name comes from where the function is: moving or renaming it leaves them without a taker. */
import { type NamedTask, renamedTasks } from '../../src/celery/change.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import { addKeyword } from '../../src/python/edits.ts'
import type { StringLiteral } from '../../src/python/syntax.ts'
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
    unseen:
      'This task was {old} and is {now} after this change. No code that sends it is seen here, but a worker discards a message of the old name from anywhere else, such as a script or a row of django-celery-beat. Keep the old name with {option} if there may be one.',
    composed:
      'This task was {old} and is {now} after this change, and the old name may be put together elsewhere: a worker discards a message that carries it. Keep the old name with {option}, at least until nothing sends it any more.',
  },
  *check(change) {
    const renamed = renamedTasks(change)
    const strings = renamed.length > 0 ? stringsOf(change.before.repository) : []
    for (const { old, now } of renamed) {
      const isUsed = isSent(change.before, old) || strings.some((string) => isNameOf(old, string))
      const isComposed = strings.some((string) => isPartOf(old, string))
      // Whoever sends the task has called it by the new name all along: the change puts that right.
      if (!isUsed && !isComposed && change.before.referencesTo(now.name).length > 0) continue
      yield {
        messageId: isUsed ? 'renamed' : isComposed ? 'composed' : 'unseen',
        data: { old: old.name, now: now.name, option: option(old.name) },
        file: now.file,
        span: now.nameArgument ?? now.decorator ?? (now.node.kind === 'class' ? now.node.nameSpan : now.run.nameSpan),
        severity: isUsed ? undefined : isComposed ? 'warning' : 'info',
        fix: keepingName(now, old.name),
      }
    }
  },
})

const option = (name: string) => `name=${JSON.stringify(name)}`

/** Whether a project sends a task, names it where it is sent from, or hands it to code that may do either. */
function isSent(project: CeleryProject, task: NamedTask): boolean {
  const isNamed = project.referencesTo(task.name).some(({ kind }) => kind !== 'annotation')
  if (isNamed || project.repository.dispatches.some((dispatch) => dispatch.task === task)) return true
  const files = [...project.files.values()].filter(
    ({ isTest, facts }) => !isTest && facts.text.includes(task.node.name),
  )
  return files.some((file) =>
    [...file.names, ...file.attributes].some((node) => {
      const isCalled = node.parent?.kind === 'call' && node.parent.callee === node
      return !isCalled && project.taskOf(file, node) === task
    }),
  )
}

/**
 * The strings outside tests by which code may send a task that is not known to: literals, and files that say how processes
 * are started. A docstring sends nothing, and neither does what `task_annotations` says.
 */
function stringsOf({ files, taskReferences }: CeleryProject): (string | StringLiteral)[] {
  const silent = new Set(taskReferences.flatMap(({ kind, literal }) => (kind === 'annotation' ? literal : [])))
  return [...files.values()].flatMap(({ isTest, facts }): (string | StringLiteral)[] => {
    if (isTest) return []
    if (facts.deployment) return [facts.text]
    return [...descendants(facts.module)].flatMap((node) =>
      node.kind === 'string' && node.parent?.kind !== 'expr' && !silent.has(node) ? node : [],
    )
  })
}

/** Whether a string holds the name of a task, other than where it is given. */
function isNameOf({ name, nameLiteral }: NamedTask, string: string | StringLiteral): boolean {
  const text = typeof string === 'string' ? string : string.value
  const at = string === nameLiteral ? -1 : text.indexOf(name)
  return at >= 0 && !/[\w.]/.test(`${text[at - 1] ?? ''}${text[at + name.length] ?? ''}`)
}

/** Whether a string is what a name is put together from: `f"shop.tasks.{step}"`, `getattr(tasks, "ship")`. */
function isPartOf({ name, node }: NamedTask, string: string | StringLiteral): boolean {
  if (typeof string === 'string') return false
  const { value, parent } = string
  if (isGetattr(string)) return value === node.name
  if (parent?.kind !== 'fstring' && !(parent?.kind === 'binary' && parent.operator === '+')) return false
  return /\w\.$/.test(value) ? name.startsWith(value) : /^\.\w/.test(value) && name.endsWith(value)
}

/** `getattr(tasks, "ship")` */
function isGetattr(string: StringLiteral): boolean {
  const argument = string.parent
  const call = argument?.kind === 'argument' ? argument.parent : undefined
  return (
    call?.kind === 'call' && call.callee.kind === 'name' && call.callee.id === 'getattr' && call.args[1] === argument
  )
}

/** Names the task in its decorator, unless somebody chose the new name there. */
function keepingName({ file, decorator, wrapper, optionsOpen, nameArgument }: Task, name: string): Fix | undefined {
  if (!decorator || wrapper || optionsOpen || nameArgument) return undefined
  const edit = addKeyword(file.facts.text, decorator, option(name))
  return edit && { title: 'Keep the old name', applicability: 'safe', edits: [edit] }
}
