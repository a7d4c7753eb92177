/** Owns what makes two findings the same one: never a line number, so that code may move without being new. */
import { createHash } from 'node:crypto'
import type { ProjectFile } from '../celery/project-file.ts'
import { applyAsyncMethods, delayMethods } from '../celery/vocabulary/methods.ts'
import type { Span } from '../core/text.ts'
import type { Call, ClassDef, Decorator, FunctionDef, Lambda, Node } from '../python/syntax.ts'
import { ancestors, descendants } from '../python/walk.ts'

/** What an identity is made of. */
export interface Identifiable {
  readonly rule: string
  readonly file: ProjectFile
  readonly span: Span
}

/** What tells one finding from another stands in the first characters of its code. */
const MAX_CODE = 10_000

/** What a finding is besides its rule and its file. */
export interface Identity {
  /** The functions and classes around it, outermost first. Empty at module level. */
  readonly symbols: readonly string[]
  /** Its code without layout and comments. Empty where the finding is about a function or class as such. */
  readonly code: string
  /** The same, with the names of local variables and parameters left out. */
  readonly shape: string
}

export function identityOf(file: ProjectFile, span: Span): Identity {
  const symbol = innermostSymbol(file, span.start)
  const around = symbol ? [symbol, ...ancestors(symbol)] : []
  const symbols = around
    .flatMap((node) => (node.kind === 'function' || node.kind === 'class' ? [node.name] : []))
    .reverse()
  const isSymbol = symbol && symbol.nameSpan.start === span.start && symbol.nameSpan.end === span.end
  const tokens = isSymbol ? [] : tokensOf(file.textOf(span).slice(0, MAX_CODE))
  return { symbols, code: tokens.join(' '), shape: withoutLocals(tokens, localsIn(file, symbol)).join(' ') }
}

/** A call, decorator or lambda, with what it calls: what is left of it when its arguments are edited. */
export interface Subject {
  readonly node: Call | Decorator | Lambda
  readonly text: string
}

const known = new WeakMap<ProjectFile, readonly Subject[]>()

/** All calls, decorators and lambdas of a file, in source order. */
export function subjectsOf(file: ProjectFile): readonly Subject[] {
  const found =
    known.get(file) ??
    [...descendants(file.facts.module)].flatMap((node): Subject[] =>
      node.kind === 'call' || node.kind === 'decorator' || node.kind === 'lambda'
        ? [{ node, text: subjectText(file, node) }]
        : [],
    )
  known.set(file, found)
  return found
}

/** What a piece of code calls, whatever the arguments are: `send.s()()` of `send.s(pk).delay(timeout=3)`. */
function subjectText(file: ProjectFile, node: Node): string {
  switch (node.kind) {
    case 'call': {
      const { callee } = node
      // The mistake is no other one when the same task is sent in another way.
      const isSent =
        callee.kind === 'attribute' && (delayMethods.has(callee.attr) || applyAsyncMethods.has(callee.attr))
      return `${subjectText(file, isSent ? callee.value : callee)}()`
    }
    case 'attribute':
      return `${subjectText(file, node.value)}.${node.attr}`
    case 'decorator':
      return `@${subjectText(file, node.expression)}`
    case 'lambda':
      return `lambda ${subjectText(file, node.body)}`
  }
  return tokensOf(file.textOf(node).slice(0, MAX_CODE)).join(' ')
}

/** One fingerprint per problem, in the order given. Equal problems in one place of one file are told apart by their order. */
export function fingerprint(problems: readonly Identifiable[]): string[] {
  const seen = new Map<string, number>()
  return problems.map(({ rule, file, span }) => {
    const { symbols, code } = identityOf(file, span)
    const key = JSON.stringify([rule, file.path, symbols.join('.'), code])
    const occurrence = seen.get(key) ?? 0
    seen.set(key, occurrence + 1)
    return createHash('sha256').update(`${key}#${occurrence}`).digest('hex').slice(0, 16)
  })
}

function innermostSymbol(file: ProjectFile, offset: number): FunctionDef | ClassDef | undefined {
  let innermost: FunctionDef | ClassDef | undefined
  for (const nodes of [file.functions, file.classes]) {
    for (const node of nodes) {
      if (node.start <= offset && offset < node.end && (!innermost || node.start > innermost.start)) innermost = node
    }
  }
  return innermost
}

const token = /(\w*)("""|'''|"|')((?:\\[\s\S]|(?!\2)[\s\S])*)\2|#[^\r\n]*|\\\r?\n|\w+|[^\s\w]/g

/** The words and signs of a piece of Python, as any formatter would leave them: one kind of quotes, no trailing commas. */
function tokensOf(code: string): string[] {
  const tokens: string[] = []
  for (const [text, prefix = '', quote, content = ''] of code.matchAll(token)) {
    if (text.startsWith('#') || text.startsWith('\\')) continue
    if (/^[)\]}]$/.test(text) && tokens.at(-1) === ',') tokens.pop()
    tokens.push(quote && quote.length === 1 ? `${prefix}"${content}"` : text)
  }
  return tokens
}

/** The names that the functions around a symbol's code bind. */
function localsIn(file: ProjectFile, symbol: FunctionDef | ClassDef | undefined): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of symbol ? [symbol, ...ancestors(symbol)] : []) {
    if (node.kind === 'function') for (const name of file.scopeOf(node)?.bindings.keys() ?? []) names.add(name)
  }
  return names
}

/** Numbers the local names in the order of their first use; attributes and keywords are nobody's local names. */
function withoutLocals(tokens: readonly string[], locals: ReadonlySet<string>): string[] {
  const numbers = new Map<string, number>()
  let depth = 0
  return tokens.map((text, index) => {
    if (/^[([{]$/.test(text)) depth++
    if (/^[)\]}]$/.test(text)) depth--
    const isKeyword = depth > 0 && tokens[index + 1] === '=' && tokens[index + 2] !== '='
    if (!locals.has(text) || isKeyword || tokens[index - 1] === '.') return text
    if (!numbers.has(text)) numbers.set(text, numbers.size)
    return `$${numbers.get(text)}`
  })
}
