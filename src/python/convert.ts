/** Owns the step from the grammar's concrete tree to the nodes of `syntax.ts`. Knows the grammar's node names; nothing else does. */
import type { Span } from '../core/text.ts'
import type { ConcreteNode } from './parse.ts'
import type {
  Argument,
  Comprehension,
  Decorator,
  DictEntry,
  Expr,
  FunctionDef,
  Handler,
  If,
  ImportedName,
  MatchCase,
  Module,
  Parameter,
  Statement,
  StringLiteral,
  WithItem,
} from './syntax.ts'

/** Converts a whole file. Never throws: what it does not know becomes `unknown` or is left out. */
export function convertModule(root: ConcreteNode, text: string): Module {
  return new Converter(text).module(root)
}

const spanOf = ({ start, end }: Span): Span => ({ start, end })

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

const decodeEscapes = (raw: string): string =>
  raw.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|\r?\n|([\s\S]))/g,
    (all, x, u, big, octal, simple) => {
      const code = x ?? u ?? big
      if (code) {
        const point = Number.parseInt(code, 16)
        return point <= 0x10ffff ? String.fromCodePoint(point) : all
      }
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
      if (simple === undefined) return ''
      return escapes[simple] ?? all
    },
  )

class Converter {
  constructor(readonly text: string) {}

  #text(node: Span): string {
    return this.text.slice(node.start, node.end)
  }

  #field(node: ConcreteNode, field: string): ConcreteNode | undefined {
    return node.children.find((child) => child.field === field)
  }

  #fields(node: ConcreteNode, field: string): ConcreteNode[] {
    return node.children.filter((child) => child.field === field && child.named)
  }

  #child(node: ConcreteNode, type: string): ConcreteNode | undefined {
    return node.children.find((child) => child.type === type)
  }

  #named(node: ConcreteNode): ConcreteNode[] {
    return node.children.filter((child) => child.named)
  }

  module(root: ConcreteNode): Module {
    return { kind: 'module', ...spanOf(root), body: this.#statements(root) }
  }

  #statements(block: ConcreteNode | undefined): Statement[] {
    return (block?.children ?? []).flatMap((child) => {
      // What can still be read inside a piece that the grammar could not.
      if (child.type === 'ERROR') return this.#statements(child)
      return (child.named && this.#statement(child)) || []
    })
  }

  /** The block of a compound statement, wherever the grammar puts it. */
  #block(node: ConcreteNode | undefined, field = 'body'): Statement[] {
    if (!node) return []
    return this.#statements(this.#field(node, field) ?? this.#child(node, 'block'))
  }

  #statement(node: ConcreteNode): Statement | undefined {
    const span = spanOf(node)
    switch (node.type) {
      case 'decorated_definition': {
        const definition = this.#field(node, 'definition')
        if (!definition) return undefined
        const statement = this.#statement(definition)
        if (statement?.kind !== 'function' && statement?.kind !== 'class') return statement
        const decorators = node.children
          .filter((child) => child.type === 'decorator')
          .map((child): Decorator => ({ kind: 'decorator', ...spanOf(child), expression: this.#only(child) }))
        return { ...statement, ...span, decorators }
      }
      case 'function_definition':
        return this.#function(node)
      case 'class_definition': {
        const name = this.#field(node, 'name')
        if (!name) return undefined
        const bases = this.#field(node, 'superclasses')
        return {
          kind: 'class',
          ...span,
          name: this.#text(name),
          nameSpan: spanOf(name),
          bases: bases ? this.#arguments(bases) : [],
          decorators: [],
          body: this.#block(node),
        }
      }
      case 'expression_statement': {
        const parts = this.#named(node)
        const only = parts[0]
        if (!only) return undefined
        if (parts.length === 1 && (only.type === 'assignment' || only.type === 'augmented_assignment')) {
          return this.#assignment(only, span)
        }
        const value: Expr =
          parts.length === 1
            ? this.#expr(only)
            : { kind: 'tuple', ...span, elements: parts.map((part) => this.#expr(part)) }
        return { kind: 'expr', ...span, value }
      }
      case 'assignment':
      case 'augmented_assignment':
        return this.#assignment(node, span)
      case 'return_statement':
        return { kind: 'return', ...span, value: this.#maybe(this.#named(node)[0]) }
      case 'raise_statement': {
        const cause = this.#field(node, 'cause')
        const exception = this.#named(node).find((child) => child !== cause)
        return { kind: 'raise', ...span, exception: this.#maybe(exception), cause: this.#maybe(cause) }
      }
      case 'if_statement':
        return this.#if(node)
      case 'for_statement':
        return {
          kind: 'for',
          ...span,
          target: this.#expr(this.#field(node, 'left')),
          iter: this.#expr(this.#field(node, 'right')),
          body: this.#block(node),
          orelse: this.#block(this.#field(node, 'alternative')),
        }
      case 'while_statement':
        return {
          kind: 'while',
          ...span,
          test: this.#expr(this.#field(node, 'condition')),
          body: this.#block(node),
          orelse: this.#block(this.#field(node, 'alternative')),
        }
      case 'with_statement': {
        const clause = this.#child(node, 'with_clause')
        const items = (clause?.children ?? []).filter((child) => child.type === 'with_item')
        return { kind: 'with', ...span, items: items.flatMap((item) => this.#withItem(item)), body: this.#block(node) }
      }
      case 'try_statement':
        return {
          kind: 'try',
          ...span,
          body: this.#block(node),
          handlers: node.children
            .filter((child) => child.type === 'except_clause')
            .map((child) => this.#handler(child)),
          orelse: this.#block(this.#child(node, 'else_clause')),
          finalbody: this.#block(this.#child(node, 'finally_clause')),
        }
      case 'import_statement':
        return { kind: 'import', ...span, names: this.#fields(node, 'name').map((name) => this.#imported(name)) }
      case 'future_import_statement':
        return {
          kind: 'import-from',
          ...span,
          module: '__future__',
          level: 0,
          star: false,
          names: this.#fields(node, 'name').map((name) => this.#imported(name)),
        }
      case 'import_from_statement': {
        const from = this.#field(node, 'module_name')
        const written = from ? this.#text(from).replace(/\s+/g, '') : ''
        const module = written.replace(/^\.+/, '')
        return {
          kind: 'import-from',
          ...span,
          module,
          level: written.length - module.length,
          star: this.#child(node, 'wildcard_import') !== undefined,
          names: this.#fields(node, 'name').map((name) => this.#imported(name)),
        }
      }
      case 'global_statement':
      case 'nonlocal_statement':
        return {
          kind: node.type === 'global_statement' ? 'global' : 'nonlocal',
          ...span,
          names: this.#named(node).map((name) => this.#text(name)),
        }
      case 'match_statement': {
        const body = this.#field(node, 'body')
        const clauses = (body?.children ?? []).filter((child) => child.type === 'case_clause')
        return {
          kind: 'match',
          ...span,
          subject: this.#fields(node, 'subject').map((subject) => this.#expr(subject)),
          cases: clauses.map((clause) => this.#case(clause)),
        }
      }
      default:
        if (node.type.endsWith('_statement')) {
          const expressions = this.#named(node).map((child) => this.#expr(child))
          return { kind: 'simple', ...span, keyword: node.type.replace(/_statement$/, ''), expressions }
        }
        return { kind: 'expr', ...span, value: this.#expr(node) }
    }
  }

  #function(node: ConcreteNode): FunctionDef | undefined {
    const name = this.#field(node, 'name')
    const parameters = this.#field(node, 'parameters')
    if (!name || !parameters) return undefined
    const returns = this.#field(node, 'return_type')
    return {
      kind: 'function',
      ...spanOf(node),
      definitionStart: node.start,
      name: this.#text(name),
      nameSpan: spanOf(name),
      async: node.children[0]?.type === 'async',
      parameters: this.#parameters(parameters),
      parametersSpan: spanOf(parameters),
      returns: returns && this.#expr(returns),
      decorators: [],
      body: this.#block(node),
    }
  }

  #parameters(node: ConcreteNode): Parameter[] {
    const parameters: Parameter[] = []
    let keywordOnly = false
    for (const child of this.#named(node)) {
      if (child.type === 'keyword_separator') keywordOnly = true
      else if (child.type === 'positional_separator') {
        for (const earlier of parameters) if (earlier.form === 'positional') earlier.form = 'positional-only'
      } else {
        const parameter = this.#parameter(child, keywordOnly)
        if (!parameter) continue
        if (parameter.form === '*') keywordOnly = true
        parameters.push(parameter)
      }
    }
    return parameters
  }

  #parameter(node: ConcreteNode, keywordOnly: boolean): Parameter | undefined {
    const typed = node.type === 'typed_parameter'
    const name = typed ? this.#named(node)[0] : (this.#field(node, 'name') ?? node)
    if (!name) return undefined
    const splat = name.type === 'list_splat_pattern' ? '*' : name.type === 'dictionary_splat_pattern' ? '**' : undefined
    const identifier = splat ? this.#named(name)[0] : name
    if (!identifier) return undefined
    const annotation = this.#field(node, 'type')
    const value = this.#field(node, 'value')
    return {
      kind: 'parameter',
      ...spanOf(node),
      name: this.#text(identifier),
      nameSpan: spanOf(identifier),
      form: splat ?? (keywordOnly ? 'keyword-only' : 'positional'),
      annotation: annotation && this.#expr(annotation),
      default: value && this.#expr(value),
    }
  }

  #assignment(node: ConcreteNode, span: Span): Statement {
    const left = this.#expr(this.#field(node, 'left'))
    const right = this.#field(node, 'right')
    if (node.type === 'augmented_assignment') {
      const operator = this.#field(node, 'operator')
      return {
        kind: 'augassign',
        ...span,
        target: left,
        operator: operator ? this.#text(operator) : '',
        value: this.#expr(right),
      }
    }
    const annotation = this.#field(node, 'type')
    if (right?.type === 'assignment') {
      const rest = this.#assignment(right, span)
      if (rest.kind === 'assign') return { ...rest, targets: [left, ...rest.targets] }
    }
    return {
      kind: 'assign',
      ...span,
      targets: [left],
      value: right && this.#expr(right),
      annotation: annotation && this.#expr(annotation),
    }
  }

  #if(node: ConcreteNode): If {
    const alternatives = node.children.filter((child) => child.type === 'elif_clause' || child.type === 'else_clause')
    const convert = (at: ConcreteNode, rest: ConcreteNode[], end: number): If => ({
      kind: 'if',
      start: at.start,
      end,
      test: this.#expr(this.#field(at, 'condition')),
      body: this.#block(at, 'consequence'),
      orelse: this.#alternative(rest, (elif, others) => convert(elif, others, end)),
    })
    return convert(node, alternatives, node.end)
  }

  #alternative(rest: ConcreteNode[], convert: (elif: ConcreteNode, others: ConcreteNode[]) => If): Statement[] {
    const [next, ...others] = rest
    if (!next) return []
    return next.type === 'elif_clause' ? [convert(next, others)] : this.#block(next)
  }

  #withItem(item: ConcreteNode): WithItem[] {
    const value = this.#field(item, 'value')
    if (!value) return []
    // `with (a as b, c):` reaches us as one item that holds a tuple.
    const held = value.type === 'tuple' || value.type === 'parenthesized_expression' ? this.#named(value) : undefined
    if (held?.some((part) => part.type === 'as_pattern')) return held.map((part) => this.#contextOf(part))
    return [this.#contextOf(value)]
  }

  #contextOf(node: ConcreteNode): WithItem {
    const span = spanOf(node)
    if (node.type !== 'as_pattern') return { kind: 'with-item', ...span, context: this.#expr(node) }
    const alias = this.#field(node, 'alias')
    const context = this.#named(node).find((child) => child !== alias)
    return { kind: 'with-item', ...span, context: this.#expr(context), target: alias && this.#only(alias) }
  }

  #handler(node: ConcreteNode): Handler {
    const block = this.#child(node, 'block')
    const alias = this.#field(node, 'alias')
    let caught = this.#named(node).filter((child) => child !== block && child !== alias)
    let name = alias && this.#text(alias)
    const pattern = caught[0]
    if (pattern?.type === 'as_pattern') {
      const target = this.#field(pattern, 'alias')
      name = target && this.#text(target)
      caught = this.#named(pattern).filter((child) => child !== target)
    } else if (
      caught.length === 2 &&
      caught[1]?.type === 'identifier' &&
      /^,/.test(this.text.slice(caught[0]!.end).trimStart())
    ) {
      // Python 2: `except Error, name:`
      name = this.#text(caught[1])
      caught = caught.slice(0, 1)
    }
    const types = caught
      .map((child) => this.#expr(child))
      .flatMap((type) => (type.kind === 'tuple' ? type.elements : [type]))
    return { kind: 'handler', ...spanOf(node), types, name, body: this.#statements(block) }
  }

  #imported(node: ConcreteNode): ImportedName {
    const dotted = (name: ConcreteNode) => this.#text(name).replace(/\s+/g, '')
    if (node.type !== 'aliased_import') return { kind: 'imported', ...spanOf(node), name: dotted(node) }
    const name = this.#field(node, 'name')
    const alias = this.#field(node, 'alias')
    return { kind: 'imported', ...spanOf(node), name: name ? dotted(name) : '', alias: alias && this.#text(alias) }
  }

  #case(node: ConcreteNode): MatchCase {
    const names: string[] = []
    const collect = (pattern: ConcreteNode) => {
      if (pattern.type === 'dotted_name' && pattern.children.length === 1) names.push(this.#text(pattern))
      if (pattern.type === 'identifier') names.push(this.#text(pattern))
      for (const child of pattern.children) collect(child)
    }
    const guard = this.#field(node, 'guard')
    const consequence = this.#field(node, 'consequence')
    for (const child of node.children) if (child !== guard && child !== consequence) collect(child)
    return {
      kind: 'case',
      ...spanOf(node),
      names,
      guard: guard && this.#only(guard),
      body: this.#statements(consequence),
    }
  }

  #arguments(list: ConcreteNode): Argument[] {
    if (list.type === 'generator_expression') {
      return [{ kind: 'argument', ...spanOf(list), value: this.#expr(list) }]
    }
    return this.#named(list).map((node): Argument => {
      const span = spanOf(node)
      if (node.type === 'keyword_argument') {
        const name = this.#field(node, 'name')
        return {
          kind: 'argument',
          ...span,
          name: name && this.#text(name),
          value: this.#expr(this.#field(node, 'value')),
        }
      }
      if (node.type === 'list_splat') return { kind: 'argument', ...span, unpack: '*', value: this.#only(node) }
      if (node.type === 'dictionary_splat') return { kind: 'argument', ...span, unpack: '**', value: this.#only(node) }
      return { kind: 'argument', ...span, value: this.#expr(node) }
    })
  }

  #maybe(node: ConcreteNode | undefined): Expr | undefined {
    return node && this.#expr(node)
  }

  /** The one expression that a wrapper node holds. */
  #only(node: ConcreteNode): Expr {
    return this.#expr(this.#named(node)[0] ?? { ...node, type: 'missing', children: [] })
  }

  #expr(node: ConcreteNode | undefined): Expr {
    if (!node) return { kind: 'unknown', start: 0, end: 0, children: [] }
    const span = spanOf(node)
    const field = (name: string) => this.#expr(this.#field(node, name))
    const all = () => this.#named(node).map((child) => this.#expr(child))
    switch (node.type) {
      case 'identifier':
      case 'dotted_name':
        return { kind: 'name', ...span, id: this.#text(node) }
      case 'attribute': {
        const attribute = this.#field(node, 'attribute')
        if (!attribute) break
        return {
          kind: 'attribute',
          ...span,
          value: field('object'),
          attr: this.#text(attribute),
          attrSpan: spanOf(attribute),
        }
      }
      case 'member_type': {
        const parts = this.#named(node)
        const attribute = parts.at(-1)
        if (!attribute) break
        return {
          kind: 'attribute',
          ...span,
          value: this.#expr(parts[0]),
          attr: this.#text(attribute),
          attrSpan: spanOf(attribute),
        }
      }
      case 'string':
        return this.#string(node)
      case 'concatenated_string':
        return this.#concatenated(node)
      case 'integer':
      case 'float': {
        const digits = this.#text(node)
          .replace(/_/g, '')
          .replace(/^0[oO]?(?=[0-7]+[lL]?$)(?!$)/, (prefix) => (prefix.length > 1 ? '0o' : ''))
        return { kind: 'number', ...span, value: Number(digits.replace(/[lL]$/, '')), integer: node.type === 'integer' }
      }
      case 'true':
        return { kind: 'constant', ...span, value: true }
      case 'false':
        return { kind: 'constant', ...span, value: false }
      case 'none':
        return { kind: 'constant', ...span, value: null }
      case 'list':
      case 'list_pattern':
        return { kind: 'list', ...span, elements: all() }
      case 'set':
        return { kind: 'set', ...span, elements: all() }
      case 'tuple':
      case 'tuple_pattern':
        return { kind: 'tuple', ...span, parens: span, elements: all() }
      case 'expression_list':
      case 'pattern_list':
        return { kind: 'tuple', ...span, elements: all() }
      case 'dictionary': {
        const entries = this.#named(node).map((entry): DictEntry => {
          if (entry.type === 'pair') {
            return {
              kind: 'entry',
              ...spanOf(entry),
              key: this.#expr(this.#field(entry, 'key')),
              value: this.#expr(this.#field(entry, 'value')),
            }
          }
          return { kind: 'entry', ...spanOf(entry), value: this.#only(entry) }
        })
        return { kind: 'dict', ...span, entries }
      }
      case 'call': {
        const args = this.#field(node, 'arguments')
        return {
          kind: 'call',
          ...span,
          callee: field('function'),
          args: args ? this.#arguments(args) : [],
          argsSpan: args ? spanOf(args) : span,
        }
      }
      case 'subscript':
        return {
          kind: 'subscript',
          ...span,
          value: field('value'),
          index: this.#fields(node, 'subscript').map((index) => this.#expr(index)),
        }
      case 'generic_type': {
        const [base, parameter] = this.#named(node)
        return {
          kind: 'subscript',
          ...span,
          value: this.#expr(base),
          index: parameter ? this.#named(parameter).map((index) => this.#expr(index)) : [],
        }
      }
      case 'union_type': {
        const [left, right] = this.#named(node)
        return { kind: 'binary', ...span, operator: '|', left: this.#expr(left), right: this.#expr(right) }
      }
      case 'type':
      case 'as_pattern_target':
      case 'if_clause':
        return this.#only(node)
      case 'lambda': {
        const parameters = this.#field(node, 'parameters')
        return {
          kind: 'lambda',
          ...span,
          parameters: parameters ? this.#parameters(parameters) : [],
          body: field('body'),
        }
      }
      case 'binary_operator':
      case 'boolean_operator': {
        const operator = this.#field(node, 'operator')
        return {
          kind: 'binary',
          ...span,
          operator: operator ? this.#text(operator) : '',
          left: field('left'),
          right: field('right'),
        }
      }
      case 'comparison_operator': {
        const operators = node.children.filter((child) => child.field === 'operators').map((child) => this.#text(child))
        const operands = node.children.filter((child) => child.field !== 'operators' && child.named)
        return { kind: 'compare', ...span, operators, operands: operands.map((operand) => this.#expr(operand)) }
      }
      case 'not_operator':
        return { kind: 'unary', ...span, operator: 'not', operand: field('argument') }
      case 'unary_operator': {
        const operator = this.#field(node, 'operator')
        return { kind: 'unary', ...span, operator: operator ? this.#text(operator) : '', operand: field('argument') }
      }
      case 'conditional_expression': {
        const [body, test, orelse] = this.#named(node)
        return {
          kind: 'conditional',
          ...span,
          body: this.#expr(body),
          test: this.#expr(test),
          orelse: this.#expr(orelse),
        }
      }
      case 'await':
        return { kind: 'await', ...span, value: this.#only(node) }
      case 'yield':
        return { kind: 'yield', ...span, value: this.#maybe(this.#named(node)[0]) }
      case 'list_splat':
      case 'list_splat_pattern':
      case 'dictionary_splat':
        return { kind: 'starred', ...span, value: this.#only(node) }
      case 'named_expression': {
        const target = field('name')
        if (target.kind !== 'name') break
        return { kind: 'walrus', ...span, target, value: field('value') }
      }
      case 'parenthesized_expression': {
        const inner = this.#only(node)
        return inner.kind === 'unknown' && inner.end === 0
          ? { kind: 'unknown', ...span, children: [] }
          : { ...inner, parens: span }
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.#comprehension(node)
    }
    return { kind: 'unknown', ...span, children: all() }
  }

  #comprehension(node: ConcreteNode): Comprehension {
    const body = this.#field(node, 'body')
    const pair = body?.type === 'pair' ? body : undefined
    const clauses: Comprehension['clauses'] = []
    for (const child of node.children) {
      const span = spanOf(child)
      if (child.type === 'for_in_clause') {
        clauses.push({
          kind: 'for-clause',
          ...span,
          target: this.#expr(this.#field(child, 'left')),
          iter: this.#expr(this.#fields(child, 'right')[0]),
        })
      } else if (child.type === 'if_clause') clauses.push({ kind: 'if-clause', ...span, test: this.#only(child) })
    }
    const types = {
      list_comprehension: 'list',
      set_comprehension: 'set',
      dictionary_comprehension: 'dict',
      generator_expression: 'generator',
    } as const
    return {
      kind: 'comprehension',
      ...spanOf(node),
      type: types[node.type as keyof typeof types],
      key: pair && this.#expr(this.#field(pair, 'key')),
      element: this.#expr(pair ? this.#field(pair, 'value') : body),
      clauses,
    }
  }

  #string(node: ConcreteNode): Expr {
    const span = spanOf(node)
    const start = this.#child(node, 'string_start')
    const opening = start ? this.#text(start) : '"'
    const prefix = (/^[a-zA-Z]*/.exec(opening)?.[0] ?? '').toLowerCase()
    const quote = opening.slice(prefix.length)
    const literal = (piece: Span): StringLiteral => {
      const raw = this.#text(piece)
      return {
        kind: 'string',
        ...spanOf(piece),
        value: prefix.includes('r') ? raw : decodeEscapes(raw),
        bytes: prefix.includes('b'),
        quote,
      }
    }
    if (!node.children.some((child) => child.type === 'interpolation')) {
      const content = { start: start?.end ?? node.start, end: this.#child(node, 'string_end')?.start ?? node.end }
      return { ...literal(content), ...span }
    }
    const parts = node.children.flatMap((child): Expr[] => {
      if (child.type === 'string_content') return [literal(child)]
      return child.type === 'interpolation' ? [this.#expr(this.#field(child, 'expression'))] : []
    })
    return { kind: 'fstring', ...span, parts }
  }

  #concatenated(node: ConcreteNode): Expr {
    const span = spanOf(node)
    const parts = this.#named(node).map((child) => this.#expr(child))
    const [first] = parts
    if (first?.kind === 'string' && parts.every((part) => part.kind === 'string')) {
      return { ...first, ...span, value: parts.map((part) => (part.kind === 'string' ? part.value : '')).join('') }
    }
    return { kind: 'fstring', ...span, parts: parts.flatMap((part) => (part.kind === 'fstring' ? part.parts : [part])) }
  }
}
