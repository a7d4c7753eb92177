/**
 * Owns how deep a YAML text is nested, told before it is parsed. The parser recurses, and what exhausts the stack can end
 * the process: V8 does not survive compiling a regular expression where no stack is left.
 */
import { CST, Lexer } from 'yaml'

/**
 * The first line, 1-based, on which something stands deeper than `deepest`, if any: lists and mappings in brackets, and
 * columns of indentation or list items in a line before it.
 */
export function lineTooDeep(text: string, deepest: number): number | undefined {
  let line = 1
  let isStart = true
  let inLine = 0
  let inBrackets = 0
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token)
    if (type === 'flow-map-start' || type === 'flow-seq-start') inBrackets++
    else if (type === 'flow-map-end' || type === 'flow-seq-end') inBrackets--
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind') inLine++
    else if (type === 'space' && isStart) inLine = token.length
    if (inLine + inBrackets > deepest) return line
    isStart = token.endsWith('\n')
    if (isStart) {
      inLine = 0
      line += token.split('\n').length - 1
    }
  }
  return undefined
}
