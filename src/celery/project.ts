/**
 * Owns the linked project: every parsed file with its tasks, dispatches, settings and schedules, and the questions that
 * rules ask across files. Built from facts alone; does no I/O.
 */
import { grouped } from '../core/grouped.ts'
import type { Call, ClassDef, Expr, FunctionDef, Node, StringLiteral } from '../python/syntax.ts'
import { descendants } from '../python/walk.ts'
import { applicationsIn, isApp } from './apps.ts'
import { CallGraph } from './call-graph.ts'
import { literalString } from './constants.ts'
import { onCommitCallback, type Transaction, transactionAround } from './context.ts'
import type { CeleryProcess } from './deployment.ts'
import { type Derivation, Derived } from './derived.ts'
import { seekLoaders } from './discovery.ts'
import { type Dispatch, DispatchFinder } from './dispatches.ts'
import type { FileFacts } from './facts.ts'
import { heldDispatches } from './held-transactions.ts'
import { annotatedModel, type OrmValue, ormValue } from './models.ts'
import { Modules } from './modules.ts'
import { Names, type Referent } from './names.ts'
import { type ProjectFile, projectFile } from './project-file.ts'
import type { Requirement } from './requirements.ts'
import { type BeatEntry, beatEntries } from './schedules.ts'
import { findServices, type Service, type ServiceDirectories, servicesOf } from './services.ts'
import {
  type CelerySetting,
  type Configuration,
  type ConfigurationSource,
  celeryKey,
  type Namespace,
  type SettingPlace,
  SettingsFinder,
} from './settings.ts'
import { type SignalConnection, signalConnections } from './signals.ts'
import { type TaskReference, taskReferences } from './task-references.ts'
import { type Task, TaskFinder } from './tasks.ts'
import { Versions } from './versions.ts'

export interface LinkOptions {
  /** Source roots besides those that are found by themselves. */
  readonly roots?: readonly string[]
  /** Dotted names of decorators that make tasks, besides those that are recognised. */
  readonly taskDecorators?: readonly string[]
  /** Source roots that only imports tell. */
  readonly importRoots?: readonly string[]
  /** Where the services lie, for a state of a repository that is compared with another one. */
  readonly services?: readonly ServiceDirectories[]
  /** Another state of the repository, linked with the same decorators: what it knows of files that are not affected is kept. */
  readonly like?: CeleryProject
}

/** What is the same for all services of a repository. */
interface LinkedFiles {
  readonly names: Names
  readonly finder: TaskFinder
  readonly dispatcher: DispatchFinder
}

function linkFiles(
  paths: readonly string[],
  facts: ReadonlyMap<string, FileFacts>,
  { roots = [], importRoots = [], taskDecorators }: LinkOptions,
  before?: LinkedFiles,
): LinkedFiles {
  const sources = { paths, roots: [...roots, ...importRoots], applications: applicationsIn(facts) }
  const modules = Modules.of(sources, before?.names.modules)
  const files = [...facts].map(([path, known]) => projectFile(path, modules.nameOf(path), known))
  const names = new Names(modules, new Map(files.map((file) => [file.path, file])), before?.names)
  const finder = new TaskFinder(names, new Set(taskDecorators))
  return { names, finder, dispatcher: new DispatchFinder(names, finder) }
}

/** One service of a repository that has several. */
interface Part extends Service {
  readonly repository: CeleryProject
  /** The same in every state. */
  readonly place: string
}

/** What is configured, and how the project's Celery reads Django's settings. */
interface Configured {
  readonly namespace?: Namespace
  readonly places: readonly SettingPlace[]
}

/** A repository, or one of its services: whoever asks about settings, schedules or tasks by name asks a service. */
export class CeleryProject {
  /** The repository that it is a service of; itself where it is all there is. */
  readonly repository: CeleryProject
  readonly names: Names
  /** What is found out by going through all of it. */
  readonly derived: Derived<CeleryProject>
  readonly #files: ReadonlyMap<string, ProjectFile>
  readonly #linked: LinkedFiles
  readonly #place: string
  readonly #options: LinkOptions
  #callGraph?: CallGraph

  /**
   * Links the facts of files into a project.
   * @param paths every path of the tree, parsed or not: they decide what a dotted name means
   * @param facts the facts of the parsed files by path
   * @param requirements what its requirements and lock files say
   */
  constructor(
    readonly paths: readonly string[],
    facts: ReadonlyMap<string, FileFacts>,
    { like, ...options }: LinkOptions = {},
    readonly requirements: readonly Requirement[] = [],
    part?: Part,
  ) {
    this.#options = options
    this.repository = part?.repository ?? this
    this.#linked = part ? part.repository.#linked : linkFiles(paths, facts, options, like ? like.#linked : undefined)
    this.names = this.#linked.names
    this.#place = part?.place ?? ''
    this.derived = new Derived<CeleryProject>(this.names.reads, this.#place, this)
    this.#files = part?.files ?? this.names.files
    // A module that only a string leads to is worth parsing too, and so is one that holds the value of an option.
    for (const { file, literal } of this.taskReferences) this.names.lookup(literal.value, file)
    for (const { file, options } of [...this.tasks, ...this.dispatches]) {
      for (const { value } of options.values()) this.#lookUpNames(file, value)
    }
  }

  get files(): ReadonlyMap<string, ProjectFile> {
    return this.derived.of(CeleryProject.#allFiles)
  }
  static readonly #allFiles: Derivation<CeleryProject, ReadonlyMap<string, ProjectFile>> = {
    find: (project) => project.#files,
  }

  get modules(): Modules {
    return this.names.modules
  }

  get tasks(): readonly Task[] {
    return this.derived.of(CeleryProject.#allTasks)
  }
  static readonly #allTasks: Derivation<CeleryProject, readonly Task[]> = {
    find: (project) => [...project.files.values()].flatMap((file) => project.tasksOf(file)),
    parts: (tasks) => tasks,
  }

  /** Tasks by the name that messages carry. */
  get tasksByName(): ReadonlyMap<string, readonly Task[]> {
    return this.derived.of(CeleryProject.#allTasksByName)
  }
  static readonly #allTasksByName: Derivation<CeleryProject, ReadonlyMap<string, readonly Task[]>> = {
    find: ({ tasks }) => byName(tasks),
    parts: (_, { tasks }) => tasks,
  }

  get dispatches(): readonly Dispatch[] {
    return this.derived.of(CeleryProject.#allDispatches)
  }
  static readonly #allDispatches: Derivation<CeleryProject, readonly Dispatch[]> = {
    find: (project) => [...project.files.values()].flatMap((file) => project.dispatchesOf(file)),
    parts: (dispatches) => dispatches,
  }

  get #configured(): Configured {
    return this.derived.of(CeleryProject.#configuration)
  }
  static readonly #configuration: Derivation<CeleryProject, Configured> = { find: configurationIn }

  /** Every place that Django's settings or Celery's configuration assign a name. */
  get settingPlaces(): readonly SettingPlace[] {
    return this.derived.of(CeleryProject.#allSettingPlaces)
  }
  static readonly #allSettingPlaces: Derivation<CeleryProject, readonly SettingPlace[]> = {
    find: (project) => project.#configured.places,
    parts: (places) => places.flatMap(({ at, value, source, conditional }) => [at, value, source, conditional]),
  }

  /** The places that Celery reads. */
  get settings(): readonly CelerySetting[] {
    return this.derived.of(CeleryProject.#allSettings)
  }
  static readonly #allSettings: Derivation<CeleryProject, readonly CelerySetting[]> = {
    find: ({ settingPlaces, namespace }) =>
      settingPlaces.flatMap((place): CelerySetting[] => {
        const key = celeryKey(place, namespace)
        return key ? [{ ...place, key }] : []
      }),
    parts: (settings) =>
      settings.flatMap(({ at, value, source, conditional, key }) => [at, value, source, conditional, key]),
  }

  /** How the project's Celery reads Django's settings; undefined when there is none, or more than one that differ. */
  get namespace(): Namespace | undefined {
    return this.derived.of(CeleryProject.#agreedNamespace)
  }
  static readonly #agreedNamespace: Derivation<CeleryProject, Namespace | undefined> = {
    find: (project) => project.#configured.namespace,
    parts: (namespace) => [namespace?.prefix, namespace?.call],
  }

  get beatEntries(): readonly BeatEntry[] {
    return this.derived.of(CeleryProject.#allBeatEntries)
  }
  static readonly #allBeatEntries: Derivation<CeleryProject, readonly BeatEntry[]> = {
    find: ({ names, settings, files }) => beatEntries(names, settings, [...files.values()]),
    parts: (entries) => entries.flatMap(({ keyNode, dict }) => [keyNode, dict]),
  }

  /** The places that name a task by a string. */
  get taskReferences(): readonly TaskReference[] {
    return this.derived.of(CeleryProject.#allTaskReferences)
  }
  static readonly #allTaskReferences: Derivation<CeleryProject, readonly TaskReference[]> = {
    find: taskReferences,
    parts: (references) => references.flatMap(({ literal, kind }) => [literal, kind]),
  }

  /** The commands that start workers and Beat, as far as they are written down outside Python, tests and tools aside. */
  get processes(): readonly { readonly file: ProjectFile; readonly process: CeleryProcess }[] {
    return this.derived.of(CeleryProject.#allProcesses)
  }
  static readonly #allProcesses: Derivation<CeleryProject, CeleryProject['processes']> = {
    find: ({ files }) =>
      [...files.values()].flatMap((file) =>
        file.isTest ? [] : (file.facts.deployment?.processes ?? []).map((process) => ({ file, process })),
      ),
    parts: (processes) => processes.flatMap(({ file, process }) => [file, process]),
  }

  /** What is known of the versions that it runs with. */
  get versions(): Versions {
    return this.derived.of(CeleryProject.#knownVersions)
  }
  static readonly #knownVersions: Derivation<CeleryProject, Versions> = {
    find: ({ requirements }) => new Versions(requirements),
    parts: (_, { requirements }) => [JSON.stringify(requirements)],
  }

  /**
   * Whether tasks can be sent with `delay_on_commit`, which came with Celery 5.4: the project states that, or does it already
   * and states nothing else.
   */
  get hasOnCommitMethods(): boolean {
    return this.derived.of(CeleryProject.#onCommitMethods)
  }
  static readonly #onCommitMethods: Derivation<CeleryProject, boolean> = {
    find: ({ versions, dispatches }) =>
      versions.isAtLeast('celery', '5.4') ||
      (!versions.isBelow('celery', '5.4') && dispatches.some((dispatch) => dispatch.onCommit)),
    parts: (has) => [has],
  }

  /** Paths of files that names led to although they were not parsed; linking again with their facts tells more. */
  get unparsed(): ReadonlySet<string> {
    return this.names.unparsed
  }

  /** Forgets what is known of other states that it shares its memory with. */
  forgetOthers(): void {
    this.names.forgetOthers()
  }

  /**
   * Follows the calls that are made in transactions, and the imports that lead to tasks, which may add to `unparsed`: the
   * way to a dispatch or to a task can lead through a file that says nothing of either.
   */
  followCalls(): void {
    for (const service of this.services) {
      heldDispatches(service)
      seekLoaders(service)
    }
  }

  /** Its source roots that only imports tell. */
  get importRoots(): readonly string[] {
    return this.#options.importRoots ?? []
  }

  /** The directories of its services; empty when it is a single one. */
  get serviceDirectories(): readonly ServiceDirectories[] {
    return this.derived.of(CeleryProject.#allServiceDirectories)
  }
  static readonly #allServiceDirectories: Derivation<CeleryProject, readonly ServiceDirectories[]> = {
    find: (project) => project.#options.services ?? findServices(project.names, project.paths),
  }

  /** Its services, in the order of their directories; itself where it is a single one. */
  get services(): readonly CeleryProject[] {
    return this.derived.of(CeleryProject.#allServices)
  }
  static readonly #allServices: Derivation<CeleryProject, readonly CeleryProject[]> = {
    find: (project) => {
      const { serviceDirectories, names, paths, requirements } = project
      if (serviceDirectories.length === 0) return [project]
      return servicesOf(serviceDirectories, names).map((service, index) => {
        const stated = requirements.filter(({ path }) => path === undefined || service.mayHold(path))
        const part = { ...service, repository: project, place: JSON.stringify(serviceDirectories[index]) }
        return new CeleryProject(paths, new Map(), project.#options, stated, part)
      })
    },
  }

  /** The service that a file belongs to, the first of several. */
  serviceOf(file: ProjectFile): CeleryProject {
    return this.services.find(({ files }) => files.has(file.path)) ?? this
  }

  /** The places anywhere in the repository that mean a task of this service by its name. */
  referencesTo(name: string): TaskReference[] {
    const others = this.repository.services.filter((one) => one !== this && one.tasksByName.has(name))
    return this.repository.taskReferences.filter(
      ({ file, literal }) =>
        literal.value === name && (this.files.has(file.path) || others.every(({ files }) => !files.has(file.path))),
    )
  }

  tasksOf(file: ProjectFile): readonly Task[] {
    return this.#linked.finder.tasksOf(file)
  }

  dispatchesOf(file: ProjectFile): readonly Dispatch[] {
    return this.#linked.dispatcher.dispatchesOf(file)
  }

  /** The task that an expression refers to. */
  taskOf(file: ProjectFile, expr: Expr): Task | undefined {
    return this.#linked.dispatcher.taskOf(file, expr)
  }

  /** What a call of a method does with a task that its receiver is known to be, such as one that was passed to a function. */
  dispatchOf(file: ProjectFile, call: Call, task: Task): Dispatch | undefined {
    return this.#linked.dispatcher.dispatchOf(file, call, task)
  }

  /** Who calls whom, on the way to a dispatch. */
  get callGraph(): CallGraph {
    this.#callGraph ??= new CallGraph(this)
    return this.#callGraph
  }

  /** The task that a dispatch sends, known by reference or by a constant name that no other task of its source root has. */
  taskSentBy({ task, taskName, file }: Dispatch): Task | undefined {
    const name = task ? undefined : literalString(this.names, file, taskName)?.literal.value
    if (name === undefined) return task
    const named = this.tasksByName.get(name) ?? []
    const root = this.modules.rootOf(file.path)
    // Where services of one repository have tasks of one name, each sends its own.
    const own = named.length > 1 ? named.filter((one) => this.modules.rootOf(one.file.path) === root) : named
    return own.length === 1 ? own[0] : undefined
  }

  /** The task whose body, not whose nested functions, runs a node. */
  taskAround(file: ProjectFile, node: Node): Task | undefined {
    for (let up = node.parent; up; up = up.parent) {
      if (up.kind !== 'function' && up.kind !== 'lambda') continue
      return this.tasksOf(file).find((task) => task.run === up)
    }
    return undefined
  }

  /** The answer to a question about a file that others ask, too: see `Names.remember`. */
  remember<Answer>(file: ProjectFile, question: string, ask: () => Answer): Answer {
    return this.names.remember(file, this.#asked(question), ask)
  }

  /** A question as it is told from the same one of other services. */
  #asked(question: string): string {
    return this.#place === '' ? question : `${question} ${this.#place}`
  }

  /** What is found in each of its files: see `Names.inFiles`. */
  inFiles<Found>(question: string, find: (file: ProjectFile) => Iterable<Found>): Found[] {
    return this.names.inFiles(this.#asked(question), find, this.files)
  }

  /** The answer to a question about all of it: see `Names.rememberAcross`. */
  rememberAcross<Answer>(question: string, ask: () => Answer): Answer {
    return this.names.rememberAcross(this.#asked(question), ask)
  }

  /** An option of a task: from its decorator, else from its base classes; `open` says that it may be set unseen. */
  taskOption(task: Task, option: string): { value?: Expr; file: ProjectFile; open: boolean } {
    return this.#linked.finder.option(task, option)
  }

  /** Whether a class is a task, or a base class of tasks. */
  isTaskClass(file: ProjectFile, node: ClassDef): boolean {
    return this.#linked.finder.isTaskClass({ kind: 'class', file, node })
  }

  /** What an expression refers to, through names that were assigned other names. */
  resolve(file: ProjectFile, expr: Expr): Referent | undefined {
    return this.names.follow(file, expr)
  }

  /** The dotted name of something outside the project that an expression refers to, such as `celery.schedules.crontab`. */
  externalName(file: ProjectFile, expr: Expr): string | undefined {
    const referent = this.names.follow(file, expr)
    return referent?.kind === 'external' ? referent.name : undefined
  }

  /** The calls of a file whose callee is known outside the project by one of these dotted names, through any alias. */
  callsOf(file: ProjectFile, callees: ReadonlySet<string>): Call[] {
    return this.names.callsOf(file, callees)
  }

  /** The transaction that a node visibly runs in. */
  transactionAround(file: ProjectFile, node: Node): Transaction | undefined {
    return transactionAround(this.names, file, node)
  }

  /** The callback that a call hands to Django to run after the commit, directly or through a function of the project. */
  onCommitCallback(file: ProjectFile, call: Call): Expr | undefined {
    return onCommitCallback(this.names, file, call)
  }

  /** What an expression is in terms of Django's ORM; undefined when not sure. */
  ormValue(file: ProjectFile, expr: Expr): OrmValue | undefined {
    return ormValue(this.names, file, expr)
  }

  /** The model that an annotation names. */
  annotatedModel(file: ProjectFile, annotation: Expr): OrmValue | undefined {
    return annotatedModel(this.names, file, annotation)
  }

  /** The model signals that a function is connected to, here or in another file. */
  signalConnections(node: FunctionDef): readonly SignalConnection[] {
    return signalConnections(this.names, node)
  }

  isSignature(file: ProjectFile, expr: Expr): boolean {
    return this.#linked.dispatcher.isSignature(file, expr)
  }

  isCanvas(file: ProjectFile, expr: Expr): boolean {
    return this.#linked.dispatcher.isCanvas(file, expr)
  }

  isApp(file: ProjectFile, expr: Expr): boolean {
    return isApp(this.names, file, expr)
  }

  /** Whether something stands in the text of one of its files: a constant, as for `ProjectFile.mentions`. */
  mentions(words: string | RegExp): boolean {
    return [...this.files.values()].some((file) => file.mentions(words))
  }

  /** The places that set one of Celery's settings, by its lower-case name. */
  settingsFor(key: string): readonly CelerySetting[] {
    return this.settings.filter((setting) => setting.key === key)
  }

  #lookUpNames(file: ProjectFile, expr: Expr): void {
    for (const node of descendants(expr)) {
      if (node.kind === 'name' || node.kind === 'attribute') this.names.resolve(file, node)
    }
  }
}

function configurationIn({ names, files }: CeleryProject): Configured {
  const finder = new SettingsFinder(names, new Set(names.inFiles('declared settings', declaredSettings, files)))
  const places: SettingPlace[] = []
  const namespaces: Configuration[] = []
  const settings = new Set<ProjectFile>()
  const configurations = new Map<Node, Configuration>()
  for (const file of files.values()) {
    if (file.isTest) continue
    if (finder.isSettings(file)) settings.add(file)
    places.push(...names.remember(file, 'conf places', () => finder.confPlaces(file)))
    for (const configuration of names.remember(file, 'configurations', () => finder.configurationsOf(file))) {
      const { reads, prefix } = configuration
      if (reads.kind === 'django' || prefix !== '') namespaces.push(configuration)
      if (reads.kind === 'module' && prefix !== '') settings.add(reads.file)
      else if (reads.kind !== 'django') configurations.set(nodeOf(reads), configuration)
    }
  }
  // Classes may share a base, and what it says is said once.
  const given = new Map(
    [...configurations.values()].flatMap((one) => finder.configurationPlaces(one)).map((place) => [place.at, place]),
  )
  for (const file of settings) {
    if (configurations.has(file.facts.module)) continue
    places.push(
      ...names.remember(file, 'django places', () => finder.djangoPlaces(file)).filter(({ at }) => !given.has(at)),
    )
  }
  places.push(...given.values())
  return { namespace: agreedNamespace(namespaces), places }
}

const nodeOf = (reads: Exclude<ConfigurationSource, { kind: 'django' }>): Node =>
  reads.kind === 'module' ? reads.file.facts.module : reads.kind === 'class' ? reads.node : reads.dict

/** What all calls say in one voice; undefined when one of them cannot be read, or they differ. */
function agreedNamespace(calls: readonly Configuration[]): Namespace | undefined {
  const [first] = calls
  if (first?.prefix === undefined || calls.some(({ prefix }) => prefix !== first.prefix)) return undefined
  return { prefix: first.prefix, file: first.file, call: first.call }
}

/** The modules that `os.environ.setdefault("DJANGO_SETTINGS_MODULE", …)` names. */
function* declaredSettings(file: ProjectFile): Generator<string> {
  if (!file.mentions('DJANGO_SETTINGS_MODULE')) return
  for (const call of file.calls) {
    const [first, second] = call.args.map((arg) => arg.value)
    if (
      isSetdefault(call) &&
      first?.kind === 'string' &&
      first.value === 'DJANGO_SETTINGS_MODULE' &&
      second?.kind === 'string'
    ) {
      yield (second as StringLiteral).value
    }
  }
}

const isSetdefault = ({ callee }: Call) => callee.kind === 'attribute' && callee.attr === 'setdefault'

function byName(tasks: readonly Task[]): Map<string, Task[]> {
  return grouped(tasks.flatMap((task): [string, Task][] => (task.name === undefined ? [] : [[task.name, task]])))
}
