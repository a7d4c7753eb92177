/** A slip of the keyboard in what is asked of a task raises an `AttributeError`, in the worker or where the task is sent. */

import { lineage } from '../../src/celery/classes.ts'
import { isCurrentTask } from '../../src/celery/current-task.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { applicationBases, hasForeignApplicationBase, hasForeignBase } from '../../src/celery/task-bases.ts'
import { type Task, taskClasses } from '../../src/celery/tasks.ts'
import { taskAttributes } from '../../src/celery/vocabulary/tasks.ts'
import { nearest } from '../../src/core/nearest.ts'
import type { Attribute, ClassDef } from '../../src/python/syntax.ts'
import { descendants, enclosingClass, enclosingFunction } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Shorter names are within reach of too many others. */
const MIN_LENGTH = 5
const LONG = 7

export default defineRule({
  name: 'unknown-task-attribute',
  reference: 'task-design-patterns.md#what-a-task-has',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A misspelt attribute of a task raises an AttributeError when the code gets there',
  messages: {
    unknown:
      '{task} has no attribute {attribute}, so this raises an `AttributeError` when it runs. Did you mean {meant}?',
  },
  *check({ project }) {
    if (applicationBases(project).length > 0 || hasForeignApplicationBase(project)) return
    const assigned = assignedAttributes(project)
    const meanings = new Map<string, readonly string[]>()
    const meaningsOf = (attribute: string) => {
      const known = meanings.get(attribute)
      if (known) return known
      const swapped = [...taskAttributes].filter((name) => wordsOf(name) === wordsOf(attribute))
      const found = swapped.length > 0 ? swapped : nearest(attribute, taskAttributes, attribute.length < LONG ? 1 : 2)
      meanings.set(attribute, found)
      return found
    }
    for (const file of project.files.values()) {
      for (const node of descendants(file.facts.module)) {
        if (node.kind !== 'attribute' || node.attr.startsWith('_') || node.attr.length < MIN_LENGTH) continue
        if (taskAttributes.has(node.attr) || assigned.has(node.attr)) continue
        const meant = meaningsOf(node.attr)
        const label = meant.length > 0 && labelOf(project, file, node)
        if (!label) continue
        const [only, ...others] = meant
        yield {
          messageId: 'unknown',
          data: { task: label, attribute: node.attr, meant: only! },
          file,
          span: node.attrSpan,
          fix:
            others.length === 0
              ? { title: `Use ${only}`, applicability: 'safe', edits: [{ span: node.attrSpan, replacement: only! }] }
              : undefined,
        }
      }
    }
  },
})

/** The words of a name in one order, so that `async_apply` and `apply_async` are alike. */
const wordsOf = (name: string) => name.split('_').sort().join('_')

/** What to call the task whose attribute is asked for, if it is one and certainly has no attribute of that name. */
function labelOf(project: CeleryProject, file: ProjectFile, { value, attr }: Attribute): string | undefined {
  const named = project.taskOf(file, value)
  if (named) return named.node.kind === 'function' && isClosed(project, named, attr) ? labelled(named) : undefined
  if (value.kind !== 'name' || !isCurrentTask(project, file, value)) return undefined
  const owner = ownerOf(project, file, value)
  if (!owner) return undefined
  if (owner.kind === 'class') return classHas(project, file, owner, attr) ? undefined : owner.name
  return isClosed(project, owner.task, attr) ? labelled(owner.task) : undefined
}

const labelled = (task: Task) => task.name ?? task.node.name

/** The bound task, or the class of tasks, that a name such as `self` stands for. */
function ownerOf(
  project: CeleryProject,
  file: ProjectFile,
  name: Attribute['value'] & { kind: 'name' },
): ClassDef | { kind: 'task'; task: Task } | undefined {
  for (let node = enclosingFunction(name); node; node = enclosingFunction(node)) {
    if (node.parameters[0]?.name !== name.id) continue
    const owner = enclosingClass(node)
    if (owner) return owner
    const task = project.tasksOf(file).find(({ run }) => run === node)
    return task && { kind: 'task', task }
  }
  return undefined
}

/** Whether a task certainly lacks an attribute that Celery's own do not have. */
function isClosed(project: CeleryProject, task: Task, attribute: string): boolean {
  if (task.wrapper || task.optionsOpen || task.inner.length > 0 || task.options.has(attribute)) return false
  if (hasForeignBase(project, task)) return false
  return task.base?.kind !== 'class' || !classHas(project, task.base.file, task.base.node, attribute)
}

/** Whether a class of tasks has an attribute, or may have it. */
function classHas(project: CeleryProject, file: ProjectFile, node: ClassDef, attribute: string): boolean {
  const { own, external, unknown } = lineage(project.names, { kind: 'class', file, node })
  if (unknown || external.some((name) => !taskClasses.has(name) && !/^(builtins|abc)\./.test(name))) return true
  return own.some((one) => {
    const members = one.file.scopeOf(one.node)?.bindings
    return one.node.decorators.length > 0 || members?.has(attribute) || members?.has('__getattr__')
  })
}

/** Every attribute that code of the project gives to anything. */
function assignedAttributes(project: CeleryProject): Set<string> {
  const assigned = new Set<string>()
  for (const file of project.files.values()) {
    for (const { targets } of file.assigns)
      for (const target of targets) if (target.kind === 'attribute') assigned.add(target.attr)
    for (const { callee, args } of file.calls) {
      const name = args[1]?.value
      if (callee.kind === 'name' && callee.id === 'setattr' && name?.kind === 'string') assigned.add(name.value)
    }
  }
  return assigned
}
