/** Owns whether a name can be one that a task answers to, given that names are also made where nobody can read them. */
import type { FunctionDef, Node } from '../python/syntax.ts'
import { ancestors, dottedName } from '../python/walk.ts'
import { attributeIn } from './classes.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import type { Task } from './tasks.ts'

/** Why a name belongs to no task. */
export type Missing =
  /** Its module is at hand, or cannot exist, and defines nothing of the kind. */
  | { readonly kind: 'undefined'; readonly moduleFound: boolean }
  /** It leads to a function that no decorator makes a task. */
  | { readonly kind: 'undecorated'; readonly file: ProjectFile; readonly node: FunctionDef }
  /** It leads to a task that has another name. */
  | { readonly kind: 'renamed'; readonly task: Task }
  /** Nothing is known about where it would be defined. */
  | { readonly kind: 'elsewhere' }

/** The names that tasks of a project answer to, as far as they can be seen. */
export class TaskNames {
  readonly #project: CeleryProject
  readonly #taskOf: ReadonlyMap<Node, Task>

  constructor(project: CeleryProject) {
    this.#project = project
    this.#taskOf = new Map(project.repository.tasks.map((task) => [task.node, task]))
  }

  /** Whether the application names tasks by a rule of its own. */
  get areGenerated(): boolean {
    return [...this.#project.files.values()].some(
      (file) => file.mentions('gen_task_name') && file.functions.some(({ name }) => name === 'gen_task_name'),
    )
  }

  /** Names that decorators and registering calls give, also where it was not recognised that they make tasks. */
  get #given(): ReadonlySet<string> {
    this.#knownGiven ??= new Set(this.#project.inFiles('given names', givenNames))
    return this.#knownGiven
  }
  #knownGiven?: ReadonlySet<string>

  /** Whether tasks may have names that are computed, or that a decorator from outside makes. */
  get #open(): boolean {
    this.#knownOpen ??=
      this.#project.tasks.some((task) => task.name === undefined && !task.file.isTest) ||
      [...this.#project.files.values()].some((file) => file.functions.some((node) => this.#isMadeOutside(node)))
    return this.#knownOpen
  }
  #knownOpen?: boolean

  /** Why no task answers to a name; undefined when one does or may. */
  missing(name: string, from: ProjectFile): Missing | undefined {
    if (this.#project.tasksByName.has(name) || this.#given.has(name) || name.startsWith('celery.')) return undefined
    const dot = name.lastIndexOf('.')
    if (dot < 0) return this.#open ? undefined : { kind: 'elsewhere' }
    const module = name.slice(0, dot)
    if (this.#project.modules.candidates(module).length > 0) return this.#missingIn(module, name.slice(dot + 1), from)
    return this.#isInOwnPackage(module) && !this.#open
      ? { kind: 'undefined', moduleFound: false }
      : { kind: 'elsewhere' }
  }

  #missingIn(module: string, member: string, from: ProjectFile): Missing | undefined {
    const { modules, files, names } = this.#project
    const file = files.get(modules.find(module, from.path) ?? '')
    if (!file || file.facts.errors.length > 0) return undefined
    const referent = names.lookup(`${module}.${member}`, from)
    if (referent?.kind === 'function') {
      const task = this.#taskOf.get(referent.node)
      // The module has another name here than it will have when it runs: its source root was not recognised.
      if (task && !task.nameArgument && task.file === file && file.module !== module) return undefined
      if (task) return task.name === undefined ? undefined : { kind: 'renamed', task }
      const { node } = referent
      if (node.decorators.length > 0 || isPassedOn(referent.file, node.name) || isPassedOn(file, member))
        return undefined
      return { kind: 'undecorated', file: referent.file, node }
    }
    const { bindings, stars } = file.moduleScope
    if (bindings.has(member) || stars.length > 0 || this.#makesTasksUnseen(file)) return undefined
    return { kind: 'undefined', moduleFound: true }
  }

  /** Whether a module that does not exist would lie in a package of the project, not in one that others extend too. */
  #isInOwnPackage(module: string): boolean {
    for (let end = module.lastIndexOf('.'); end > 0; end = module.lastIndexOf('.', end - 1)) {
      if (this.#project.modules.candidates(module.slice(0, end)).length > 0) return true
    }
    return false
  }

  /** Whether a module has tasks whose names cannot be seen: computed, or made without a decorator. */
  #makesTasksUnseen(file: ProjectFile): boolean {
    if (this.#project.tasksOf(file).some((task) => task.name === undefined)) return true
    return file.calls.some((call) => {
      if ([...ancestors(call)].some((up) => up.kind === 'decorator')) return false
      const { callee, args } = call
      if (callee.kind === 'attribute' && callee.attr === 'task') return this.#project.isApp(file, callee.value)
      if (callee.kind === 'attribute' && callee.attr === 'register_task') {
        const given = args[0]?.value
        const made = given && this.#project.resolve(file, given.kind === 'call' ? given.callee : given)
        return made?.kind !== 'class' || !this.#taskOf.has(made.node)
      }
      return this.#project.externalName(file, callee) === 'celery.shared_task'
    })
  }

  /** Whether a decorator that speaks of tasks makes a function one in a way that nobody here can follow. */
  #isMadeOutside(node: FunctionDef): boolean {
    return (
      !this.#taskOf.has(node) &&
      node.decorators.some(({ expression }) => {
        const name = dottedName(expression.kind === 'call' ? expression.callee : expression) ?? ''
        // Celery's signals speak of tasks too: `@task_failure.connect`.
        return /task/i.test(name) && !name.endsWith('.connect')
      })
    )
  }
}

/** Every `name=` of a decorator or of a call such as `app.task(…)`, and the `name` of every class that can be run. */
function givenNames(file: ProjectFile): string[] {
  const decorators = [...file.functions, ...file.classes].flatMap(({ decorators }) => decorators)
  const makers = [
    ...decorators.flatMap(({ expression }) => (expression.kind === 'call' ? [expression] : [])),
    ...file.calls.filter(({ callee }) => /(^|\.)(task|shared_task|register_task)$/.test(dottedName(callee) ?? '')),
  ]
  const runnable = file.classes.filter(({ body }) =>
    body.some((node) => node.kind === 'function' && node.name === 'run'),
  )
  return [
    ...makers.flatMap(({ args }) => args.flatMap(({ name, value }) => (name === 'name' ? [value] : []))),
    ...runnable.flatMap((node) => attributeIn(node, 'name') ?? []),
  ].flatMap((value) => (value.kind === 'string' ? [value.value] : []))
}

/** Whether a function is given to a call in a module that defines or imports it, which may register it. */
export const isPassedOn = (file: ProjectFile, name: string): boolean =>
  file.calls.some(({ args }) => args.some(({ value }) => value.kind === 'name' && value.id === name))
