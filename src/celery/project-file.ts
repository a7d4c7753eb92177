/** Owns one file of a linked project: its facts, its place among the modules, and what can be asked about it alone. */
import { grouped } from '../core/grouped.ts'
import { type LineRange, Lines, type Span } from '../core/text.ts'
import { absoluteModule } from '../python/imports.ts'
import { type Scope, scopeAt, scopesOf } from '../python/scopes.ts'
import type {
  Assign,
  Attribute,
  Binary,
  Call,
  ClassDef,
  ExprStatement,
  FunctionDef,
  Import,
  ImportFrom,
  Name,
  Node,
} from '../python/syntax.ts'
import { forEachChild, linkParents } from '../python/walk.ts'
import type { FileFacts } from './facts.ts'
import { pathKind } from './relevance.ts'

const known = new WeakMap<FileFacts, ProjectFile[]>()

/**
 * The file of a path and its facts. The same for the same arguments, so that linking again costs little. No two files
 * share nodes, also when their content is the same: nodes are what everything else is remembered by.
 */
export function projectFile(path: string, module: string, facts: FileFacts): ProjectFile {
  const twins = known.get(facts) ?? []
  const before = twins.find((file) => file.path === path && file.module === module)
  if (before) return before
  const file = new ProjectFile(path, module, twins.length > 0 ? structuredClone(facts) : facts)
  known.set(facts, [...twins, file])
  return file
}

const celery = /celery/i

/** A call of an attribute: `task.retry(…)`. */
export type MethodCall = Call & { readonly callee: Attribute }

const isMethodCall = (call: Call): call is MethodCall => call.callee.kind === 'attribute'

export class ProjectFile {
  /** Whether it holds tests or what tests are made of; most rules are silent there. */
  readonly isTest: boolean
  readonly isMigration: boolean
  readonly isPackage: boolean
  readonly calls: Call[] = []
  readonly functions: FunctionDef[] = []
  readonly classes: ClassDef[] = []
  readonly assigns: Assign[] = []
  readonly imports: (Import | ImportFrom)[] = []
  readonly names: Name[] = []
  readonly attributes: Attribute[] = []
  /** What is joined by `|`: canvases, but sets and types, too. */
  readonly unions: Binary[] = []
  /** Expressions that stand as statements. */
  readonly expressions: ExprStatement[] = []
  readonly #scopes: ReadonlyMap<Node, Scope>
  #methodCalls?: ReadonlyMap<string, readonly MethodCall[]>
  #lines?: Lines
  readonly #mentions = new Map<string | RegExp, boolean>()

  constructor(
    readonly path: string,
    /** The dotted name that other modules import it by. */
    readonly module: string,
    readonly facts: FileFacts,
  ) {
    this.isTest = pathKind(path) === 'test'
    this.isMigration = pathKind(path) === 'migration'
    this.isPackage = path.endsWith('__init__.py')
    linkParents(facts.module)
    this.#scopes = scopesOf(facts.module)
    this.#collect(facts.module)
  }

  /** Whether something stands in the text: one that is a constant, since each is looked for once and then known. */
  mentions(words: string | RegExp): boolean {
    let is = this.#mentions.get(words)
    if (is === undefined) {
      is = typeof words === 'string' ? this.facts.text.includes(words) : words.test(this.facts.text)
      this.#mentions.set(words, is)
    }
    return is
  }

  /** Whether the file says anything of Celery by name; only then can it make or configure an application. */
  get mentionsCelery(): boolean {
    return this.mentions(celery)
  }

  /** The calls `….name(…)`, in the order of the source. */
  methodCalls(name: string): readonly MethodCall[] {
    this.#methodCalls ??= grouped(
      this.calls.filter(isMethodCall).map((call): [string, MethodCall] => [call.callee.attr, call]),
    )
    return this.#methodCalls.get(name) ?? []
  }

  /** Where a name stands by itself or behind a dot. */
  usesOf(id: string): (Name | Attribute)[] {
    if (!this.facts.text.includes(id)) return []
    return [...this.names.filter((name) => name.id === id), ...this.attributes.filter(({ attr }) => attr === id)]
  }

  /** The dotted names that an import statement gives: of modules, and of what it takes out of one, which may be a module too. */
  namesImported(node: Import | ImportFrom): string[] {
    if (node.kind === 'import') return node.names.map(({ name }) => name)
    const module = absoluteModule(this.module, this.isPackage, node.module, node.level)
    return [module, ...node.names.map(({ name }) => `${module}.${name}`)]
  }

  get lines(): Lines {
    this.#lines ??= new Lines(this.facts.text)
    return this.#lines
  }

  /** The source of a node, as written. */
  textOf(span: Span): string {
    return this.facts.text.slice(span.start, span.end)
  }

  rangeOf(span: Span): LineRange {
    return this.lines.rangeOf(span)
  }

  /** The scope in which names at a node are looked up. */
  scopeAt(node: Node): Scope {
    return scopeAt(this.#scopes, node)
  }

  /** The scope that a module, function, class, lambda or comprehension opens. */
  scopeOf(node: Node): Scope | undefined {
    return this.#scopes.get(node)
  }

  get moduleScope(): Scope {
    return this.#scopes.get(this.facts.module)!
  }

  #collect(node: Node): void {
    if (node.kind === 'call') this.calls.push(node)
    else if (node.kind === 'function') this.functions.push(node)
    else if (node.kind === 'class') this.classes.push(node)
    else if (node.kind === 'assign') this.assigns.push(node)
    else if (node.kind === 'import' || node.kind === 'import-from') this.imports.push(node)
    else if (node.kind === 'name') this.names.push(node)
    else if (node.kind === 'attribute') this.attributes.push(node)
    else if (node.kind === 'binary' && node.operator === '|') this.unions.push(node)
    else if (node.kind === 'expr') this.expressions.push(node)
    forEachChild(node, (child) => this.#collect(child))
  }
}
