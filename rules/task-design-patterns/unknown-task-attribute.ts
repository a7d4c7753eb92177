/** A slip of the keyboard in what is asked of a task raises an `AttributeError`, in the worker or where the task is sent. */

import { lineage } from '../../src/celery/classes.ts'
import { isCurrentTask } from '../../src/celery/current-task.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { applicationBases, hasForeignApplicationBase, hasForeignBase } from '../../src/celery/task-bases.ts'
import { type Task, taskClasses, taskLabel } from '../../src/celery/tasks.ts'
import { taskAttributes, taskSince } from '../../src/celery/vocabulary/tasks.ts'
import { grouped } from '../../src/core/grouped.ts'
import { nearest } from '../../src/core/nearest.ts'
import type { Attribute, ClassDef } from '../../src/python/syntax.ts'
import { enclosingClass, enclosingFunction } from '../../src/python/walk.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

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
    itself:
      '{self} is the task {task} itself and has no attribute `task`, so this raises an `AttributeError` when it runs. Did you mean {meant}?',
    stranger:
      '{self} is a {owner} here, which is no task and has no {attribute}, so this raises an `AttributeError` when it runs. Give it the task that is running, or use `celery.current_task`.',
  },
  *check({ project }) {
    if (applicationBases(project).length > 0 || hasForeignApplicationBase(project)) return
    const assigned = assignedAttributes(project)
    const existing = [...taskAttributes].filter((name) => !project.versions.missing('celery', taskSince.get(name)))
    const byWords = grouped(existing.map((name) => [wordsOf(name), name]))
    const meanings = new Map<string, readonly string[]>()
    const meaningsOf = (attribute: string) => {
      const known = meanings.get(attribute)
      if (known) return known
      const found = byWords.get(wordsOf(attribute)) ?? nearest(attribute, existing, attribute.length < LONG ? 1 : 2)
      meanings.set(attribute, found)
      return found
    }
    for (const file of project.files.values()) {
      yield* strangers(project, file, assigned)
      for (const node of file.attributes) {
        if (node.attr === 'task' && !assigned.has('task')) yield* taskOfTask(project, file, node)
        if (node.attr.startsWith('_') || node.attr.length < MIN_LENGTH) continue
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
              ? {
                  title: `Use \`${only}\``,
                  applicability: 'safe',
                  edits: [{ span: node.attrSpan, replacement: only! }],
                }
              : undefined,
        }
      }
    }
  },
})

/** `self.task.retry(…)` in a task, as one writes it in an object that holds one. */
function* taskOfTask(project: CeleryProject, file: ProjectFile, node: Attribute): Generator<Problem> {
  const { value, parent, attrSpan } = node
  if (parent?.kind !== 'attribute' || !taskAttributes.has(parent.attr) || value.kind !== 'name') return
  const task = labelOf(project, file, node)
  const owner = task && ownerOf(project, file, value)
  if (!owner || (owner.kind === 'class' && isDefinedBelow(project, owner, node.attr))) return
  yield {
    messageId: 'itself',
    data: { self: value.id, task, meant: `${value.id}.${parent.attr}` },
    file,
    span: attrSpan,
    fix: {
      title: `Use \`${value.id}\` itself`,
      applicability: 'safe',
      edits: [{ span: { start: value.end, end: attrSpan.end }, replacement: '' }],
    },
  }
}

/** Methods that are called on a running task alone, with keywords that only Celery has. Source: celery/app/task.py. */
const ownMethods: ReadonlyMap<string, RegExp> = new Map([
  ['retry', /^(exc|throw|countdown|max_retries)$/],
  ['update_state', /^(state|meta)$/],
])

/** `self.retry(…)` in an object that does a task's work but is none, and is certainly made as it is. */
function* strangers(project: CeleryProject, file: ProjectFile, assigned: ReadonlySet<string>): Generator<Problem> {
  for (const { callee, args } of file.calls) {
    if (callee.kind !== 'attribute' || callee.value.kind !== 'name' || assigned.has(callee.attr)) continue
    const keywords = ownMethods.get(callee.attr)
    if (!keywords || !args.some(({ name }) => name && keywords.test(name))) continue
    const method = enclosingFunction(callee)
    const owner = method?.parameters[0]?.name === callee.value.id ? enclosingClass(method) : undefined
    if (!owner || method?.decorators.length !== 0 || project.isTaskClass(file, owner)) continue
    if (classHas(project, file, owner, callee.attr) || !isMade(project, owner)) continue
    yield {
      messageId: 'stranger',
      data: { self: callee.value.id, owner: owner.name, attribute: callee.attr },
      file,
      span: callee.attrSpan,
    }
  }
}

/** Whether code of the project makes an object of a very class. */
const isMade = (project: CeleryProject, node: ClassDef): boolean =>
  [...project.files.values()].some(
    (file) =>
      !file.isTest &&
      file.facts.text.includes(node.name) &&
      file.calls.some(({ callee }) => {
        const made = project.resolve(file, callee)
        return made?.kind === 'class' && made.node === node
      }),
  )

/** Whether a class that derives from another gives it an attribute. */
const isDefinedBelow = (project: CeleryProject, base: ClassDef, attribute: string): boolean =>
  [...project.files.values()].some((file) =>
    file.classes.some(
      (node) =>
        file.scopeOf(node)?.bindings.has(attribute) &&
        lineage(project.names, { kind: 'class', file, node }).own.some((own) => own.node === base),
    ),
  )

/** The words of a name in one order, so that `async_apply` and `apply_async` are alike. */
const wordsOf = (name: string) => name.split('_').sort().join('_')

/** What to call the task whose attribute is asked for, if it is one and certainly has no attribute of that name. */
function labelOf(project: CeleryProject, file: ProjectFile, { value, attr }: Attribute): string | undefined {
  const named = project.taskOf(file, value)
  if (named) return named.node.kind === 'function' && isClosed(project, named, attr) ? taskLabel(named) : undefined
  if (value.kind !== 'name' || !isCurrentTask(project, file, value)) return undefined
  const owner = ownerOf(project, file, value)
  if (!owner) return undefined
  if (owner.kind === 'class') return classHas(project, file, owner, attr) ? undefined : owner.name
  return isClosed(project, owner.task, attr) ? taskLabel(owner.task) : undefined
}

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

/** Every attribute that code of the project, tests aside, gives to anything. */
function assignedAttributes(project: CeleryProject): Set<string> {
  const assigned = new Set<string>()
  for (const file of project.files.values()) {
    if (file.isTest) continue
    for (const { targets } of file.assigns)
      for (const target of targets) if (target.kind === 'attribute') assigned.add(target.attr)
    for (const { callee, args } of file.calls) {
      const name = args[1]?.value
      if (callee.kind === 'name' && callee.id === 'setattr' && name?.kind === 'string') assigned.add(name.value)
    }
  }
  return assigned
}
