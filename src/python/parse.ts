/**
 * Owns tree-sitter: loads the grammar, parses one text within bounds, and hands the tree on as plain concrete nodes.
 * The wasm tree is freed before `parsePython` returns.
 */
import { createRequire } from 'node:module'
import { Language, Parser, type Tree } from 'web-tree-sitter'
import { convertModule } from './convert.ts'
import type { ParsedModule } from './syntax.ts'

/** A node of the grammar's own tree, comments taken out. */
export interface ConcreteNode {
  readonly type: string
  readonly field: string | null
  /** Whether it carries syntax of its own, rather than being a keyword or punctuation. */
  readonly named: boolean
  readonly start: number
  readonly end: number
  readonly children: ConcreteNode[]
}

/** Why a text was not parsed. The message is fit for a report. */
export class ParseRefused extends Error {
  override name = 'ParseRefused'
}

/** Deeper trees than any person writes; they would exhaust the stack of whoever walks them. */
const MAX_DEPTH = 600

/** Twice as many as the largest file has that was met in real projects; every pass over a file is bounded by them. */
const MAX_NODES = 150_000

/**
 * The grammar reads a block of comments again at each of its lines. The most that is put up with, in lines times
 * characters: a block of a thousand ordinary lines.
 */
const MAX_COMMENT_WORK = 50_000_000

/** Steps of tree-sitter's progress report, each some hundred operations: bounds the work on one text without a clock. */
const MAX_PROGRESS_REPORTS = 40_000

let loading: Promise<Parser> | undefined
let parser: Parser | undefined

/** Loads the grammar; must have resolved once before `parsePython` is called. */
export async function loadGrammar(): Promise<void> {
  loading ??= (async () => {
    await Parser.init()
    const wasm = createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')
    const created = new Parser()
    created.setLanguage(await Language.load(wasm))
    return created
  })()
  parser = await loading
}

/**
 * Parses Python source. Syntax errors do not throw: what is around them is kept, and their places are listed.
 * @throws ParseRefused when the text nests too deeply, holds too much or takes too much work.
 */
export function parsePython(text: string): ParsedModule {
  if (!parser) throw new Error('loadGrammar() has not been awaited')
  if (commentWork(text) > MAX_COMMENT_WORK) throw new ParseRefused('holds too many lines of comments in a row')
  let reports = 0
  const progressCallback = () => ++reports > MAX_PROGRESS_REPORTS
  const tree = parser.parse(withAsyncAsName(text), null, { progressCallback })
  if (!tree) {
    parser.reset()
    throw new ParseRefused('takes too long to parse')
  }
  try {
    if (tree.rootNode.descendantCount > MAX_NODES)
      throw new ParseRefused(`holds more than ${MAX_NODES.toLocaleString('en-US')} pieces of syntax`)
    return readTree(tree, text)
  } finally {
    tree.delete()
  }
}

/** `async` was a name like any other before Python 3.7; where it is one, the grammar is shown a name of the same length. */
const withAsyncAsName = (text: string) => text.replace(/\basync\b(?![\s\\]+(?:def|for|with)\b)/g, 'asynk')

function commentWork(text: string): number {
  let work = 0
  let lines = 0
  let characters = 0
  for (const line of text.split(/[\r\n]+/)) {
    const code = line.trimStart()
    if (code.startsWith('#')) {
      lines++
      characters += line.length
    } else if (code !== '') {
      work += lines * characters
      lines = 0
      characters = 0
    }
  }
  return work + lines * characters
}

function readTree(tree: Tree, text: string): ParsedModule {
  const cursor = tree.walk()
  const comments: ParsedModule['comments'] = []
  const errors: ParsedModule['errors'] = []
  const read = (): ConcreteNode => ({
    type: cursor.nodeType,
    field: cursor.currentFieldName,
    named: cursor.nodeIsNamed,
    start: cursor.startIndex,
    end: cursor.endIndex,
    children: [],
  })
  /** The path from the root to where the cursor stands. */
  const path = [read()]
  /** How deep each node of the path will lie: an `elif` becomes an `if` within the one before. */
  const depths = [1]
  const enter = () => {
    const node = read()
    if (node.type === 'comment')
      comments.push({ start: node.start, end: node.end, text: text.slice(node.start, node.end) })
    else path.at(-1)!.children.push(node)
    if (node.type === 'ERROR' || cursor.nodeIsMissing) errors.push({ start: node.start, end: node.end })
    const siblings = node.type === 'elif_clause' || node.type === 'else_clause' ? path.at(-1)!.children.length : 0
    path.push(node)
    depths.push(depths.at(-1)! + 1 + siblings)
    if (depths.at(-1)! > MAX_DEPTH) throw new ParseRefused(`nests more than ${MAX_DEPTH} levels deep`)
  }
  const leave = () => {
    path.pop()
    depths.pop()
  }
  try {
    for (;;) {
      if (cursor.gotoFirstChild()) {
        enter()
        continue
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return { module: convertModule(path[0]!, text), comments, errors }
        leave()
      }
      leave()
      enter()
    }
  } finally {
    cursor.delete()
  }
}
