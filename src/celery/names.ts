/**
 * Owns what an expression refers to, across files: follows imports, re-exports, aliases and attributes to a definition in
 * the project or to the dotted name of something outside it. Answers undefined rather than guess.
 */
import { grouped } from '../core/grouped.ts'
import { absoluteModule } from '../python/imports.ts'
import { type Binding, MAX_BINDINGS, type Scope, scopeOf } from '../python/scopes.ts'
import type { Call, ClassDef, Expr, FunctionDef, Name, Node } from '../python/syntax.ts'
import { ancestors, dottedName, enclosingFunction } from '../python/walk.ts'
import { type Derivation, Derived, type Kept, Reads } from './derived.ts'
import type { Modules } from './modules.ts'
import type { ProjectFile } from './project-file.ts'

export type Referent =
  | { readonly kind: 'function'; readonly file: ProjectFile; readonly node: FunctionDef }
  | { readonly kind: 'class'; readonly file: ProjectFile; readonly node: ClassDef }
  /** A name that was assigned once; `expr` is what it was assigned. */
  | { readonly kind: 'value'; readonly file: ProjectFile; readonly expr: Expr }
  /** A module of the project. */
  | { readonly kind: 'module'; readonly file: ProjectFile }
  /** Something outside the project, or in a file of it that was not parsed, by its dotted name. */
  | { readonly kind: 'external'; readonly name: string }

const noCalls: readonly Call[] = []

/** Imports that lead in a circle, and chains longer than anyone writes, end here. */
const MAX_HOPS = 20

/** What a name means is remembered when it is asked within so many hops, and found out as if it were this one. */
const REMEMBERED_HOPS = 3

/** Longer dotted names are nobody's. */
const MAX_PARTS = 100

/** Places that one question may lead to: star imports and base classes branch, and may branch again at each hop. */
const MAX_STEPS = 500

/** Which file a dotted name of a module means, and whether that file was parsed. */
interface Lookup {
  /** Undefined when it means none, or when the choice is a guess. */
  readonly path: string | undefined
  readonly isParsed: boolean
}

/**
 * What is known of one file, shared by all states of a project in which it is the same and its imports lead to the same
 * files. Each answer says what else it went by.
 */
class Answers {
  readonly referents = new Map<Node, Kept<Referent | undefined>>()
  /** What names mean by what binds them, asked early enough on the way that it does not matter where from. */
  readonly bound = new Map<readonly Binding[], Kept<Referent | undefined>>()
  readonly remembered = new Map<string, Kept<unknown>>()
  /** What was found by the names of modules; the same in every state that goes by these answers. */
  readonly lookups = new Map<string, Lookup>()
  readonly unparsed = new Set<string>()
  /** Those of which some answer goes by this file. */
  readonly dependents = new Set<Answers>()

  constructor(readonly file: ProjectFile) {}

  /** Keeps an answer of its own. That it goes by these answers is said once for all of them, not by each. */
  keep<K, Answer>(known: Map<K, Kept<Answer>>, key: K, kept: Kept<Answer>): void {
    const files = kept.files.filter((file) => file !== this)
    known.set(key, { ...kept, files })
    for (const file of files) (file as Answers).dependents.add(this)
  }
}

/** What all states share that are derived from each other. */
class Memory {
  readonly answers = new Set<Answers>()
  /** Answers that go by many files. */
  readonly across = new Map<string, Kept<unknown>>()
}

/** The answers that a state goes by, and how many of their lookups it is known to agree with. */
interface Slot {
  answers: Answers
  agreed: number
}

export class Names {
  /** What the answers of this state go by. */
  readonly reads = new Reads((answers) => this.#isKnown(answers as Answers))
  readonly derived = new Derived<Names>(this.reads, 'names', this)
  readonly #slots = new Map<ProjectFile, Slot>()
  readonly #memory: Memory
  readonly #modules: Modules
  readonly #files: ReadonlyMap<string, ProjectFile>
  /** Left for the question that is being answered. */
  #steps = 0

  /** @param before names of another state of the project, whose answers go for what is still the same */
  constructor(modules: Modules, files: ReadonlyMap<string, ProjectFile>, before?: Names) {
    this.#modules = modules
    this.#files = files
    this.#memory = before ? before.#memory : new Memory()
    for (const [file, { answers }] of before ? before.#slots : [])
      if (this.#has(file)) this.#slots.set(file, { answers, agreed: 0 })
  }

  get modules(): Modules {
    return this.derived.of(Names.#allModules)
  }
  static readonly #allModules: Derivation<Names, Modules> = {
    find: (names) => names.#modules,
    parts: (modules) => [modules],
  }

  /** All parsed files of the repository, by path. */
  get files(): ReadonlyMap<string, ProjectFile> {
    return this.derived.of(Names.#allFiles)
  }
  static readonly #allFiles: Derivation<Names, ReadonlyMap<string, ProjectFile>> = { find: (names) => names.#files }

  /** Paths of project files that a reference led to although they were not parsed. */
  get unparsed(): ReadonlySet<string> {
    const led = [...this.#slots.values()].flatMap(({ answers }) => [...answers.unparsed])
    return new Set(led.filter((path) => !this.#files.has(path)))
  }

  /**
   * The answer to a question about a file. It is asked once, and not again in other states of the project where the file
   * and what else the answer went by are the same.
   * @param question tells it from other questions
   * @param inCircle the answer for whoever asks the same while it is being answered
   */
  remember<Answer>(
    file: ProjectFile,
    question: string,
    ask: () => Answer,
    inCircle?: { readonly answer: Answer },
  ): Answer {
    const answers = this.#answersOf(file)
    const known = answers.remembered.get(question)
    if (known && this.#holds(answers, known)) return known.answer as Answer
    if (inCircle) answers.remembered.set(question, { ...inCircle, files: [], reads: [] })
    try {
      const kept = this.reads.watch(() => {
        this.reads.noteFile(answers)
        return ask()
      })
      answers.keep(answers.remembered, question, kept)
      return kept.answer
    } catch (error) {
      answers.remembered.delete(question)
      throw error
    }
  }

  /**
   * What is found in each file, in their order: asked of those alone of which it is not known.
   * @param question tells it from other questions
   */
  inFiles<Found>(
    question: string,
    find: (file: ProjectFile) => Iterable<Found>,
    files: ReadonlyMap<string, ProjectFile> = this.files,
  ): Found[] {
    return [...files.values()].flatMap((file) => this.remember(file, question, () => [...find(file)]))
  }

  /** The answer to a question about the whole project, kept likewise. One that goes through `files` is asked in every state. */
  rememberAcross<Answer>(question: string, ask: () => Answer): Answer {
    const { across } = this.#memory
    const known = across.get(question)
    if (known && this.reads.holds(known)) return known.answer as Answer
    const kept = this.reads.watch(ask)
    across.set(question, kept)
    return kept.answer
  }

  /** Forgets all that does not hold in this state. Other states that share its memory find it out anew. */
  forgetOthers(): void {
    const { answers: all, across } = this.#memory
    // Who asks about a file of another state leaves a slot behind, which a later state that has the file would take up.
    for (const file of this.#slots.keys()) if (!this.#has(file)) this.#slots.delete(file)
    const gone = new Set([...all].filter((answers) => !this.#isKnown(answers)))
    const affected = new Set([...gone].flatMap(({ dependents }) => [...dependents]))
    for (const answers of gone) all.delete(answers)
    for (const answers of all) {
      for (const other of gone) answers.dependents.delete(other)
      const isAffected = affected.has(answers)
      for (const known of [answers.referents, answers.bound, answers.remembered]) this.#forget(known, isAffected)
    }
    this.#forget(across, true)
  }

  /** @param isAffected whether one of them may go by a file that is gone */
  #forget(known: Map<unknown, Kept<unknown>>, isAffected: boolean): void {
    for (const [question, kept] of known)
      if ((isAffected || kept.reads.length > 0) && !this.reads.holds(kept)) known.delete(question)
  }

  /** Whether an answer that this state goes by holds in it. */
  #holds(answers: Answers, kept: Kept<unknown>): boolean {
    if (!this.reads.holds(kept)) return false
    this.reads.noteFile(answers)
    return true
  }

  /** Whether this state goes by these answers. */
  #isKnown(answers: Answers): boolean {
    return this.#has(answers.file) && this.#answersOf(answers.file) === answers
  }

  #has(file: ProjectFile): boolean {
    return this.#files.get(file.path) === file
  }

  #answersOf(file: ProjectFile): Answers {
    let slot = this.#slots.get(file)
    if (!slot) {
      slot = { answers: this.#newAnswers(file), agreed: 0 }
      this.#slots.set(file, slot)
    }
    // Other states that share the answers may have looked up more since.
    if (slot.agreed < slot.answers.lookups.size) {
      if (!this.#agrees(slot)) slot.answers = this.#newAnswers(file)
      slot.agreed = slot.answers.lookups.size
    }
    return slot.answers
  }

  #newAnswers(file: ProjectFile): Answers {
    const answers = new Answers(file)
    this.#memory.answers.add(answers)
    return answers
  }

  #agrees({ answers: { file, lookups }, agreed }: Slot): boolean {
    return [...lookups]
      .slice(agreed)
      .every(
        ([module, { path, isParsed }]) =>
          this.#modules.find(module, file.path) === path && this.#isParsed(path) === isParsed,
      )
  }

  #find(module: string, from: ProjectFile): string | undefined {
    const answers = this.#answersOf(from)
    this.reads.noteFile(answers)
    const known = answers.lookups.get(module)
    if (known) return known.path
    const path = this.#modules.find(module, from.path)
    answers.lookups.set(module, { path, isParsed: this.#isParsed(path) })
    this.#slots.get(from)!.agreed = answers.lookups.size
    return path
  }

  #isParsed(path: string | undefined): boolean {
    return path !== undefined && this.#files.has(path)
  }

  #fileAt(path: string | undefined): ProjectFile | undefined {
    const file = path === undefined ? undefined : this.#files.get(path)
    if (file) this.goThrough(file)
    return file
  }

  /** Notes that an answer goes by a file. */
  goThrough(file: ProjectFile): void {
    this.reads.noteFile(this.#answersOf(file))
  }

  /** What an expression in a file refers to. */
  resolve(file: ProjectFile, expr: Expr): Referent | undefined {
    const answers = this.#answersOf(file)
    const known = answers.referents.get(expr)
    if (known && this.#holds(answers, known)) return known.answer
    this.#steps = MAX_STEPS
    const bindings = expr.kind === 'name' ? scopeOf(expr.id, file.scopeAt(expr))?.bindings.get(expr.id) : undefined
    const kept = bindings ? this.#bound(file, bindings) : this.reads.watch(() => this.#resolve(file, expr, 0))
    answers.keep(answers.referents, expr, kept)
    return kept.answer
  }

  /** The dotted name of something outside the project that an expression refers to. */
  externalName(file: ProjectFile, expr: Expr): string | undefined {
    const referent = this.resolve(file, expr)
    return referent?.kind === 'external' ? referent.name : undefined
  }

  /** The dotted name by which a call's callee is known outside the project. */
  calleeName(file: ProjectFile, call: Call): string | undefined {
    return this.externalName(file, call.callee)
  }

  /** What a dotted name means to an importing file. */
  lookup(dotted: string, from: ProjectFile): Referent | undefined {
    this.#steps = MAX_STEPS
    return this.#lookup(dotted, from, 0)
  }

  /** The dotted names that a name is imported as: there are several where one is tried and, failing that, another. */
  imports(file: ProjectFile, name: Name): string[] {
    const bindings = scopeOf(name.id, file.scopeAt(name))?.bindings.get(name.id) ?? []
    return bindings.flatMap((binding) => {
      if (binding.kind !== 'import') return []
      const module = absoluteModule(file.module, file.isPackage, binding.module, binding.level)
      return binding.name ? `${module}.${binding.name}` : module
    })
  }

  /** The module of a dotted name. One that has not been parsed is asked for. */
  module(dotted: string, from: ProjectFile): ProjectFile | undefined {
    const path = this.#find(dotted, from)
    if (path && !this.#files.has(path)) this.#answersOf(from).unparsed.add(path)
    return this.#fileAt(path)
  }

  /** Like `resolve`, but goes on through names that were assigned another name. */
  follow(file: ProjectFile, expr: Expr): Referent | undefined {
    let referent = this.resolve(file, expr)
    for (let hop = 0; referent?.kind === 'value' && hop < MAX_HOPS; hop++) {
      const { expr: value, file: where } = referent
      if (value.kind !== 'name' && value.kind !== 'attribute') break
      const next = this.resolve(where, value)
      if (!next) break
      referent = next
    }
    return referent
  }

  /** The calls of a file whose callee is known outside the project by one of these dotted names, through any alias. */
  callsOf(file: ProjectFile, callees: ReadonlySet<string>): Call[] {
    const calls = this.remember(file, 'calls', () =>
      grouped(
        file.calls.flatMap((call): [string, Call][] => {
          const callee = this.follow(file, call.callee)
          return callee?.kind === 'external' ? [[callee.name, call]] : []
        }),
      ),
    )
    const found = [...callees].flatMap((callee) => calls.get(callee) ?? noCalls)
    return found.sort((a, b) => a.start - b.start)
  }

  #resolve(file: ProjectFile, expr: Expr, hops: number): Referent | undefined {
    if (hops > MAX_HOPS) return undefined
    if (expr.kind === 'name') return this.#name(file, expr.id, file.scopeAt(expr), hops)
    if (expr.kind === 'attribute')
      return this.#attribute(file, this.#resolve(file, expr.value, hops + 1), expr.attr, hops)
    return undefined
  }

  /** What a name means by what binds it. */
  #bound(file: ProjectFile, bindings: readonly Binding[]): Kept<Referent | undefined> {
    const answers = this.#answersOf(file)
    const known = answers.bound.get(bindings)
    if (known && this.#holds(answers, known)) return known
    const kept = this.reads.watch(() => {
      this.goThrough(file)
      return this.#binding(file, bindings, REMEMBERED_HOPS)
    })
    answers.keep(answers.bound, bindings, kept)
    return kept
  }

  #name(file: ProjectFile, id: string, from: Scope, hops: number): Referent | undefined {
    const scope = scopeOf(id, from)
    if (scope) {
      const bindings = scope.bindings.get(id)!
      if (hops <= REMEMBERED_HOPS) return this.#bound(file, bindings).answer
      this.goThrough(file)
      return this.#binding(file, bindings, hops)
    }
    this.goThrough(file)
    const star = this.#throughStars(file, id, hops)
    if (star) return star
    return file.moduleScope.stars.length > 0 ? undefined : { kind: 'external', name: `builtins.${id}` }
  }

  #binding(file: ProjectFile, bindings: readonly Binding[], hops: number): Referent | undefined {
    const binding = definitive(bindings)
    switch (binding?.kind) {
      case 'function':
      case 'class':
        return { kind: binding.kind, file, node: binding.at } as Referent
      case 'import': {
        const module = absoluteModule(file.module, file.isPackage, binding.module, binding.level)
        if (!binding.name) return this.#lookup(module, file, hops + 1)
        return (
          this.#reexport(module, binding.name, file, hops + 1) ??
          this.#lookup(`${module}.${binding.name}`, file, hops + 1)
        )
      }
      case 'assignment':
        if (!binding.value || binding.path.length > 0) return undefined
        return { kind: 'value', file, expr: binding.value }
    }
    return undefined
  }

  /** What a package binds under a name, which Python takes before a module that the package holds under the same name. */
  #reexport(module: string, name: string, from: ProjectFile, hops: number): Referent | undefined {
    if (hops > MAX_HOPS || !this.#find(`${module}.${name}`, from)) return undefined
    const target = this.#fileAt(this.#find(module, from))
    const bindings = target !== from && target?.isPackage ? target.moduleScope.bindings.get(name) : undefined
    return bindings && this.#binding(target!, bindings, hops)
  }

  #throughStars(file: ProjectFile, id: string, hops: number): Referent | undefined {
    if (hops > MAX_HOPS) return undefined
    for (const star of file.moduleScope.stars) {
      if (--this.#steps < 0) return undefined
      const module = absoluteModule(file.module, file.isPackage, star.module, star.level)
      const target = this.#fileAt(this.#find(module, file))
      if (!target || target === file) continue
      const bindings = target.moduleScope.bindings.get(id)
      const found = bindings ? this.#binding(target, bindings, hops + 1) : this.#throughStars(target, id, hops + 1)
      if (found) return found
    }
    return undefined
  }

  #attribute(from: ProjectFile, owner: Referent | undefined, attr: string, hops: number): Referent | undefined {
    if (!owner || hops > MAX_HOPS) return undefined
    switch (owner.kind) {
      case 'external': {
        // `import shop.tasks` binds `shop`, which need not be a file of its own.
        const name = `${owner.name}.${attr}`
        return this.#find(name, from) ? this.#lookup(name, from, hops + 1) : { kind: 'external', name }
      }
      case 'module':
        return this.#member(owner.file, attr, hops + 1)
      case 'class':
        return this.#classMember(owner, attr, hops + 1)
      case 'value': {
        const { expr, file } = owner
        if (expr.kind === 'call') return this.#attribute(file, this.#importedModule(file, expr, hops), attr, hops + 1)
        if (expr.kind !== 'name' && expr.kind !== 'attribute') return undefined
        return this.#attribute(file, this.#resolve(file, expr, hops + 1), attr, hops + 1)
      }
      case 'function':
        return undefined
    }
  }

  /** The module that `import_module("shop.tasks")` returns. */
  #importedModule(file: ProjectFile, { callee, args }: Call, hops: number): Referent | undefined {
    const [name] = args
    if (name?.value.kind !== 'string' || name.value.value.startsWith('.')) return undefined
    const called = this.#resolve(file, callee, hops + 1)
    const imports = called?.kind === 'external' && called.name === 'importlib.import_module'
    return imports ? this.#lookup(name.value.value, file, hops + 1) : undefined
  }

  #classMember(owner: { file: ProjectFile; node: ClassDef }, attr: string, hops: number): Referent | undefined {
    if (hops > MAX_HOPS) return undefined
    this.goThrough(owner.file)
    const bindings = owner.file.scopeOf(owner.node)?.bindings.get(attr)
    if (bindings) return this.#binding(owner.file, bindings, hops)
    for (const base of owner.node.bases) {
      if (base.name || base.unpack) continue
      if (--this.#steps < 0) return undefined
      const parent = this.#resolve(owner.file, base.value, hops + 1)
      const found = parent?.kind === 'class' ? this.#classMember(parent, attr, hops + 1) : undefined
      if (found) return found
    }
    return undefined
  }

  #lookup(dotted: string, from: ProjectFile, hops: number): Referent | undefined {
    if (hops > MAX_HOPS) return undefined
    const parts = dotted.split('.', MAX_PARTS + 1)
    if (parts.length > MAX_PARTS) return undefined
    for (let length = parts.length; length > 0; length--) {
      const module = parts.slice(0, length).join('.')
      const path = this.#find(module, from)
      if (!path) continue
      const rest = parts.slice(length)
      const file = this.#fileAt(path)
      if (!file) {
        if (rest.length > 0) this.#answersOf(from).unparsed.add(path)
        return { kind: 'external', name: dotted }
      }
      let referent: Referent | undefined = { kind: 'module', file }
      for (const part of rest) referent = this.#attribute(from, referent, part, hops + 1)
      return referent
    }
    return { kind: 'external', name: dotted }
  }

  #member(file: ProjectFile, name: string, hops: number): Referent | undefined {
    this.goThrough(file)
    const bindings = file.moduleScope.bindings.get(name)
    const bound = bindings && this.#binding(file, bindings, hops)
    if (bound) return bound
    if (file.isPackage) {
      const path = this.#find(`${file.module}.${name}`, file)
      const submodule = this.#fileAt(path)
      if (submodule) return { kind: 'module', file: submodule }
      if (path) return { kind: 'external', name: `${file.module}.${name}` }
    }
    return bindings ? undefined : this.#throughStars(file, name, hops)
  }
}

/**
 * The one binding that gives a name its meaning: a definition with fallbacks for failed imports counts as one, a name
 * that is rebound otherwise has none.
 */
function definitive(bindings: readonly Binding[]): Binding | undefined {
  if (bindings.length === 1) return bindings[0]
  if (bindings.length > MAX_BINDINGS) return undefined
  const primary = bindings.filter((binding) => !isFallback(binding.at))
  const values = primary.filter((binding) => !(binding.kind === 'assignment' && !binding.value))
  if (values.length === 1) return values[0]
  const [first, ...others] = values
  if (first?.kind === 'assignment' && isInstance(first) && others.every(isPassedOn)) return first
  if (first?.kind === 'import') {
    const same = others.every(
      (other) => other.kind === 'import' && other.module === first.module && other.name === first.name,
    )
    if (same) return first
  }
  return undefined
}

type Assignment = Extract<Binding, { kind: 'assignment' }>

/** `app = Celery("shop")`, by its looks, at the top of a module. */
const isInstance = ({ at, value, path }: Assignment): boolean =>
  value?.kind === 'call' &&
  path.length === 0 &&
  /(^|\.)[A-Z]\w*$/.test(dottedName(value.callee) ?? '') &&
  enclosingFunction(at) === undefined

/** Whether a name keeps what a function was given under it, and gave back: `app = instrumented(app)`. */
function isPassedOn(binding: Binding): boolean {
  if (binding.kind !== 'assignment' || binding.at.kind !== 'name' || binding.value?.kind !== 'call') return false
  const { id } = binding.at
  return binding.value.args.some(({ value }) => value.kind === 'name' && value.id === id)
}

/** Whether a node stands where a failed import is made up for, or under `TYPE_CHECKING`. */
function isFallback(node: Node): boolean {
  for (const up of ancestors(node)) {
    if (up.kind === 'handler') return true
    if (up.kind === 'if' && up.test.kind === 'name' && up.test.id === 'TYPE_CHECKING') return true
  }
  return false
}
