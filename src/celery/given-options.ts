/** Owns where a file itself gives an option to a task or to a class of tasks, and what else that one is given. */
import type { Span } from '../core/text.ts'
import type { Expr } from '../python/syntax.ts'
import { attributeIn, type ClassReferent, classAttribute, lineage } from './classes.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { type Task, taskClasses, taskLabel } from './tasks.ts'

export interface GivenOption {
  readonly value: Expr
  /** The whole argument of the decorator, or the value of the attribute. */
  readonly at: Span
  /** What to call the owner. */
  readonly label: string
  /** The decorated task; undefined for a class. */
  readonly task?: Task
  /** The class that the owner is, or is made of. */
  readonly base?: ClassReferent
  /** Another option of the same owner; `open` says that it may be set unseen. */
  readonly option: (name: string) => { value?: Expr; open: boolean }
}

/** The places where a file gives an option: in the decorator of a task, or in the body of a class of tasks. */
export function* givenOptions(project: CeleryProject, file: ProjectFile, name: string): Generator<GivenOption> {
  for (const task of project.tasksOf(file)) {
    const { decorator } = task
    const given = task.options.get(name)
    // Options of a decorator that was prepared elsewhere belong to that place.
    if (!given || !decorator || given.start < decorator.start || decorator.end < given.end) continue
    yield {
      value: given.value,
      at: given,
      label: taskLabel(task),
      task,
      base: task.base?.kind === 'class' ? task.base : undefined,
      option: (other) => project.taskOption(task, other),
    }
  }
  for (const node of file.classes) {
    const value = attributeIn(node, name)
    if (!value || !project.isTaskClass(file, node)) continue
    const base: ClassReferent = { kind: 'class', file, node }
    const { external, unknown } = lineage(project.names, base)
    const open = unknown || external.some((one) => !taskClasses.has(one) && one !== 'builtins.object')
    yield {
      value,
      at: value,
      label: node.name,
      base,
      option: (other) => {
        const found = classAttribute(project.names, base, other)
        return found ? { value: found.value, open: false } : { open }
      },
    }
  }
}
