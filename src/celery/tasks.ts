/** Owns finding tasks, decorated functions and classes, and what is known of each. */
import type { Argument, ClassDef, Decorator, Expr, FunctionDef, Parameter, StringLiteral } from '../python/syntax.ts'
import { enclosingClass, enclosingFunction } from '../python/walk.ts'
import { isApp } from './apps.ts'
import { attributeIn, type ClassReferent, classAttribute, findMethod, inheritsFrom, lineage } from './classes.ts'
import { literalString } from './constants.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'
import { TaskMakers } from './task-makers.ts'

export interface Task {
  readonly file: ProjectFile
  /** The decorated function, or the class of a class-based task. */
  readonly node: FunctionDef | ClassDef
  /** The function that a message's arguments go to. */
  readonly run: FunctionDef
  /** The name that messages carry; undefined when it is computed. Celery uses `__name__`, not `__qualname__`. */
  readonly name?: string
  /** The `name=` argument or attribute, where there is one. */
  readonly nameArgument?: Expr
  /** The string that it is, or that the name which it gives was assigned. */
  readonly nameLiteral?: StringLiteral
  /** The decorator that makes the function a task. */
  readonly decorator?: Decorator
  /** Keyword arguments of that decorator. */
  readonly options: ReadonlyMap<string, Argument>
  /** The options hold `**unpacked`, come through a wrapper, or otherwise cannot all be seen. */
  readonly optionsOpen: boolean
  /** Whether the first parameter receives the task; undefined when that cannot be seen. */
  readonly bound: boolean | undefined
  /** What a caller can fill: the parameters of `run` without `self`. */
  readonly parameters: readonly Parameter[]
  /** Decorators between the task decorator and `def`; they may change what a caller can pass. */
  readonly inner: readonly Decorator[]
  /** `base=`, where it is given. */
  readonly base?: Referent
  /** The project's own decorator that makes the task, where it is not Celery's. */
  readonly wrapper?: string
}

/** How a task is spoken of: by the name that messages carry or, where that is computed, as its code calls it. */
export const taskLabel = ({ name, node }: Pick<Task, 'name' | 'node'>): string => name ?? node.name

/** Celery's own task classes. */
export const taskClasses: ReadonlySet<string> = new Set([
  'celery.Task',
  'celery.app.task.Task',
  'celery.task.Task',
  'celery.task.base.Task',
  'celery.contrib.django.task.DjangoTask',
  'celery.contrib.abortable.AbortableTask',
])

export class TaskFinder {
  readonly #makers: TaskMakers

  /** @param configured dotted names of decorators that configuration says make tasks */
  constructor(
    readonly names: Names,
    configured: ReadonlySet<string>,
  ) {
    this.#makers = new TaskMakers(names, configured)
  }

  /** The tasks that a file defines, in source order. */
  tasksOf(file: ProjectFile): readonly Task[] {
    return this.names.remember(file, 'tasks', () => this.#findTasks(file))
  }

  #findTasks(file: ProjectFile): Task[] {
    const tasks: Task[] = []
    for (const node of file.functions) {
      const task = this.#functionTask(file, node)
      if (task) tasks.push(task)
    }
    for (const node of file.classes) {
      const task = this.#classTask(file, node)
      if (task) tasks.push(task)
    }
    return tasks.sort((a, b) => a.node.start - b.node.start)
  }

  #functionTask(file: ProjectFile, node: FunctionDef): Task | undefined {
    for (const [index, decorator] of node.decorators.entries()) {
      const maker = this.#makers.makerOf(file, decorator.expression)
      if (!maker) continue
      const call = decorator.expression.kind === 'call' ? decorator.expression : undefined
      const args = [...maker.preset, ...(call?.args ?? [])]
      const options = new Map(args.flatMap((arg): [string, Argument][] => (arg.name ? [[arg.name, arg]] : [])))
      const isUnpacked = args.some((arg) => arg.unpack)
      const optionsOpen = maker.open || isUnpacked
      const nameArgument = options.get('name')?.value
      // What a wrapper presets is written in another file.
      const isOwn = call?.args.some(({ value }) => value === nameArgument)
      const nameLiteral = isOwn ? literalString(this.names, file, nameArgument)?.literal : undefined
      const bound = boundBy(options.get('bind')?.value, optionsOpen)
      const base = options.get('base')?.value
      return {
        file,
        node,
        run: node,
        name: nameArgument
          ? nameLiteral?.value
          : maker.wrapper && (isUnpacked || !maker.keepsName)
            ? undefined
            : `${file.module}.${node.name}`,
        nameArgument,
        nameLiteral,
        decorator,
        options,
        optionsOpen,
        bound,
        parameters: bound || isMethod(node) ? node.parameters.slice(1) : node.parameters,
        inner: node.decorators.slice(index + 1),
        base: base && this.names.follow(file, base),
        wrapper: maker.wrapper,
      }
    }
    return undefined
  }

  #classTask(file: ProjectFile, node: ClassDef): Task | undefined {
    const referent: ClassReferent = { kind: 'class', file, node }
    if (!this.isTaskClass(referent)) return undefined
    const own = node.body.find((statement) => statement.kind === 'function' && statement.name === 'run')
    const run = own?.kind === 'function' ? own : findMethod(this.names, referent, 'run')?.node
    const abstract = attributeIn(node, 'abstract')
    if (!run || (abstract?.kind === 'constant' && abstract.value === true)) return undefined
    const nameArgument = attributeIn(node, 'name')
    const nameLiteral = literalString(this.names, file, nameArgument)?.literal
    return {
      file,
      node,
      run,
      name: nameArgument ? nameLiteral?.value : `${file.module}.${node.name}`,
      nameArgument,
      nameLiteral,
      options: new Map(),
      optionsOpen: true,
      bound: true,
      parameters: run.parameters.slice(1),
      inner: run.decorators,
      base: referent,
    }
  }

  /** Whether a class is a task class: a descendant of `celery.Task` or of an application's `Task`. */
  isTaskClass(referent: ClassReferent): boolean {
    if (inheritsFrom(this.names, referent, taskClasses)) return true
    for (const { file, node } of lineage(this.names, referent).own) {
      for (const base of node.bases) {
        if (base.value.kind === 'attribute' && base.value.attr === 'Task' && isApp(this.names, file, base.value.value))
          return true
      }
    }
    return false
  }

  /** An option of a task: from its decorator, else from its base classes. `open` says that it may be set unseen. */
  option(task: Task, option: string): { value?: Expr; file: ProjectFile; open: boolean } {
    const given = task.options.get(option)
    if (given) return { value: given.value, file: task.file, open: false }
    if (task.base?.kind === 'class') {
      const inherited = classAttribute(this.names, task.base, option)
      if (inherited) return { ...inherited, open: false }
      const { external, unknown } = lineage(this.names, task.base)
      return {
        file: task.file,
        open:
          task.optionsOpen && task.node.kind === 'function'
            ? true
            : unknown || external.some((name) => !taskClasses.has(name) && name !== 'builtins.object'),
      }
    }
    const openBase = task.options.has('base') && !(task.base?.kind === 'external' && taskClasses.has(task.base.name))
    return { file: task.file, open: task.optionsOpen || openBase }
  }
}

const isMethod = (node: FunctionDef) => {
  const owner = enclosingClass(node)
  return owner !== undefined && node.parameters[0]?.name === 'self'
}

function boundBy(value: Expr | undefined, open: boolean): boolean | undefined {
  if (!value) return open ? undefined : false
  return value.kind === 'constant' ? value.value === true : undefined
}

/** Whether a task is defined inside a function or a class, where workers may never see it. */
export const isNested = (task: Task): boolean =>
  task.node.kind === 'function' &&
  (enclosingClass(task.node) !== undefined || enclosingFunction(task.node) !== undefined)
