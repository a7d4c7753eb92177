/**
 * Owns the shape of Python code as plain data, in the manner of Python's own `ast` module. Everything above this layer
 * reads these nodes; only `parse.ts` and `convert.ts` know tree-sitter. Nodes serialise to JSON before `linkParents`
 * has been called on them, and again after `parent` is left out.
 */
import type { Span } from '../core/text.ts'

interface Base extends Span {
  /** Set by `linkParents`; absent on a module and never serialised. */
  parent?: Node
  /** The outermost parentheses around an expression, where it has any. */
  parens?: Span
}

export interface Name extends Base {
  kind: 'name'
  id: string
}
export interface Attribute extends Base {
  kind: 'attribute'
  value: Expr
  attr: string
  attrSpan: Span
}
export interface StringLiteral extends Base {
  kind: 'string'
  value: string
  bytes: boolean
  /** The opening quote of the literal's first part, such as `'` or `"""`. */
  quote: string
}
/** An f-string, or a concatenation that has one: literal pieces and interpolated expressions in order. */
export interface FString extends Base {
  kind: 'fstring'
  parts: Expr[]
}
export interface NumberLiteral extends Base {
  kind: 'number'
  value: number
  integer: boolean
}
export interface Constant extends Base {
  kind: 'constant'
  value: true | false | null
}
export interface Sequence extends Base {
  kind: 'list' | 'tuple' | 'set'
  elements: Expr[]
}
export interface DictEntry extends Base {
  kind: 'entry'
  /** Absent for `**mapping`. */
  key?: Expr
  value: Expr
}
export interface Dict extends Base {
  kind: 'dict'
  entries: DictEntry[]
}
export interface Argument extends Base {
  kind: 'argument'
  /** The keyword; absent for a positional argument and for unpacking. */
  name?: string
  unpack?: '*' | '**'
  value: Expr
}
export interface Call extends Base {
  kind: 'call'
  callee: Expr
  args: Argument[]
  /** The parentheses and all between them. A sole generator argument may share them. */
  argsSpan: Span
}
export interface Subscript extends Base {
  kind: 'subscript'
  value: Expr
  index: Expr[]
}
export interface Lambda extends Base {
  kind: 'lambda'
  parameters: Parameter[]
  body: Expr
}
export interface Binary extends Base {
  kind: 'binary'
  /** Arithmetic and bit operators, and `and` and `or`. */
  operator: string
  left: Expr
  right: Expr
}
export interface Compare extends Base {
  kind: 'compare'
  operators: string[]
  operands: Expr[]
}
export interface Unary extends Base {
  kind: 'unary'
  operator: string
  operand: Expr
}
export interface Conditional extends Base {
  kind: 'conditional'
  body: Expr
  test: Expr
  orelse: Expr
}
export interface Await extends Base {
  kind: 'await'
  value: Expr
}
export interface Yield extends Base {
  kind: 'yield'
  value?: Expr
}
export interface Starred extends Base {
  kind: 'starred'
  value: Expr
}
export interface NamedExpr extends Base {
  kind: 'walrus'
  target: Name
  value: Expr
}
export interface ComprehensionFor extends Base {
  kind: 'for-clause'
  target: Expr
  iter: Expr
}
export interface ComprehensionIf extends Base {
  kind: 'if-clause'
  test: Expr
}
export interface Comprehension extends Base {
  kind: 'comprehension'
  type: 'list' | 'set' | 'dict' | 'generator'
  /** The key of a dict comprehension. */
  key?: Expr
  element: Expr
  clauses: (ComprehensionFor | ComprehensionIf)[]
}
/** Syntax that nothing asks about (slices, ellipsis), or that could not be parsed. */
export interface Unknown extends Base {
  kind: 'unknown'
  children: Expr[]
}

export type Expr =
  | Name
  | Attribute
  | StringLiteral
  | FString
  | NumberLiteral
  | Constant
  | Sequence
  | Dict
  | Call
  | Subscript
  | Lambda
  | Binary
  | Compare
  | Unary
  | Conditional
  | Await
  | Yield
  | Starred
  | NamedExpr
  | Comprehension
  | Unknown

export interface Parameter extends Base {
  kind: 'parameter'
  name: string
  nameSpan: Span
  /** `*` and `**` collect; `keyword-only` stands behind `*`; `positional-only` before `/`. */
  form: 'positional-only' | 'positional' | 'keyword-only' | '*' | '**'
  annotation?: Expr
  default?: Expr
}
export interface Decorator extends Base {
  kind: 'decorator'
  expression: Expr
}
export interface FunctionDef extends Base {
  kind: 'function'
  name: string
  nameSpan: Span
  async: boolean
  parameters: Parameter[]
  parametersSpan: Span
  returns?: Expr
  decorators: Decorator[]
  body: Statement[]
  /** From `def` (or `async`) to the end; `start` includes the decorators. */
  definitionStart: number
}
export interface ClassDef extends Base {
  kind: 'class'
  name: string
  nameSpan: Span
  bases: Argument[]
  decorators: Decorator[]
  body: Statement[]
}
export interface Assign extends Base {
  kind: 'assign'
  /** More than one for `a = b = value`. */
  targets: Expr[]
  /** Absent for a bare annotation. */
  value?: Expr
  annotation?: Expr
}
export interface AugAssign extends Base {
  kind: 'augassign'
  target: Expr
  /** Such as `+=`. */
  operator: string
  value: Expr
}
export interface ExprStatement extends Base {
  kind: 'expr'
  value: Expr
}
export interface Return extends Base {
  kind: 'return'
  value?: Expr
}
export interface Raise extends Base {
  kind: 'raise'
  exception?: Expr
  cause?: Expr
}
export interface If extends Base {
  kind: 'if'
  test: Expr
  body: Statement[]
  /** An `elif` is one nested `if`. */
  orelse: Statement[]
}
export interface For extends Base {
  kind: 'for'
  target: Expr
  iter: Expr
  body: Statement[]
  orelse: Statement[]
}
export interface While extends Base {
  kind: 'while'
  test: Expr
  body: Statement[]
  orelse: Statement[]
}
export interface WithItem extends Base {
  kind: 'with-item'
  context: Expr
  target?: Expr
}
export interface With extends Base {
  kind: 'with'
  items: WithItem[]
  body: Statement[]
}
export interface Handler extends Base {
  kind: 'handler'
  /** The caught types: empty for a bare `except`. A tuple is spread. */
  types: Expr[]
  name?: string
  body: Statement[]
}
export interface Try extends Base {
  kind: 'try'
  body: Statement[]
  handlers: Handler[]
  orelse: Statement[]
  finalbody: Statement[]
}
export interface ImportedName extends Base {
  kind: 'imported'
  name: string
  alias?: string
}
export interface Import extends Base {
  kind: 'import'
  names: ImportedName[]
}
export interface ImportFrom extends Base {
  kind: 'import-from'
  /** Without the leading dots; empty for `from . import x`. */
  module: string
  /** The number of leading dots. */
  level: number
  names: ImportedName[]
  star: boolean
}
export interface Scoped extends Base {
  kind: 'global' | 'nonlocal'
  names: string[]
}
export interface MatchCase extends Base {
  kind: 'case'
  /** Names that the pattern binds. */
  names: string[]
  guard?: Expr
  body: Statement[]
}
export interface Match extends Base {
  kind: 'match'
  subject: Expr[]
  cases: MatchCase[]
}
/** `pass`, `assert`, `del`, `print` and the like: only their expressions matter. */
export interface Simple extends Base {
  kind: 'simple'
  keyword: string
  expressions: Expr[]
}

export type Statement =
  | FunctionDef
  | ClassDef
  | Assign
  | AugAssign
  | ExprStatement
  | Return
  | Raise
  | If
  | For
  | While
  | With
  | Try
  | Import
  | ImportFrom
  | Scoped
  | Match
  | Simple

export interface Module extends Base {
  kind: 'module'
  body: Statement[]
}

export interface Comment extends Span {
  /** With the leading `#`. */
  text: string
}

export type Node =
  | Module
  | Statement
  | Expr
  | DictEntry
  | Argument
  | Parameter
  | Decorator
  | WithItem
  | Handler
  | ImportedName
  | MatchCase
  | ComprehensionFor
  | ComprehensionIf

/** What `parsePython` found in one text. */
export interface ParsedModule {
  module: Module
  comments: Comment[]
  /** Places that the grammar could not read. */
  errors: Span[]
}
