/** Owns command lines that start Celery, as shells, lists of words and configuration write them. Which file they stand in is not known here. */
import type { Span } from '../core/text.ts'

/** A command that starts a worker or Beat, from `celery` to its last word. */
export interface CeleryCommand extends Span {
  readonly runs: 'worker' | 'beat'
  /** What `-A` names. */
  readonly app?: string
  /** What `-Q` names; undefined where it is not given. */
  readonly queues?: readonly string[]
  /** Whether a variable may hold more words, or a part of those that are read here. */
  readonly isOpen: boolean
  /** The option that starts Beat inside a worker. */
  readonly embedsBeat?: Span
  readonly scheduler?: string
}

interface Word extends Span {
  readonly text: string
}

/** Options that take the next word for their value. Source: celery/bin/celery.py, worker.py and beat.py of Celery 5.6. */
const valued = new Set([
  ...['-A', '-b', '-c', '-f', '-I', '-l', '-n', '-O', '-P', '-Q', '-s', '-S', '-X'],
  ...['--app', '--broker', '--concurrency', '--config', '--exclude-queues', '--executable', '--gid', '--hostname'],
  ...['--include', '--loader', '--logfile', '--loglevel', '--max-interval', '--max-memory-per-child'],
  ...['--max-tasks-per-child', '--optimization', '--pidfile', '--pool', '--prefetch-multiplier', '--queues'],
  ...['--result-backend', '--schedule', '--schedule-filename', '--scheduler', '--soft-time-limit', '--statedb'],
  ...['--time-limit', '--uid', '--umask', '--workdir', '--autoscale'],
])

/** A longer command is made to take long, and so are more commands in one part. */
const mostWords = 300
const mostCommands = 500

const program = /(?<![\w.$@-])celery(?=["']?(?:[\s,\]\\]|$))/g
/** What talks about a command instead of running it. */
const talk = /^[ \t]*(?:#|;|\/\/|@?(?:echo|printf|info|log)\b)/
const isVariable = (text: string) => /[$<]|\{\{|%\(/.test(text)

/**
 * The commands in parts of a text; the words of a later part carry on those of the one before, as `args` of a container do.
 * @param endsAtNewline whether a line that is not continued ends a command
 */
export function celeryCommands(text: string, parts: readonly Span[], endsAtNewline: boolean): CeleryCommand[] {
  return parts.flatMap((part, index) => {
    const found: CeleryCommand[] = []
    let looked = 0
    for (const match of text.slice(part.start, part.end).matchAll(program)) {
      if (looked++ === mostCommands) break
      const start = part.start + match.index
      const lineStart = text.lastIndexOf('\n', start - 1) + 1
      if (talk.test(text.slice(lineStart, start)) || start < (found.at(-1)?.end ?? 0)) continue
      const { words, isEnded } = wordsFrom(text, { start: start + 'celery'.length, end: part.end }, endsAtNewline)
      const rest = isEnded ? [] : parts.slice(index + 1).flatMap((next) => wordsFrom(text, next, false).words)
      const command = commandOf({ start, end: words.at(-1)?.end ?? start }, [...words, ...rest])
      if (command) found.push(command)
    }
    return found
  })
}

function commandOf(span: Span, words: readonly Word[]): CeleryCommand | undefined {
  let runs: CeleryCommand['runs'] | undefined
  let isOpen = false
  let app: string | undefined
  let queues: string[] | undefined
  let embedsBeat: Span | undefined
  let scheduler: string | undefined
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    const { text } = word
    if (!text.startsWith('-')) {
      if (isVariable(text)) isOpen = true
      // Its options say which of its workers they are for.
      else if (runs === undefined && text === 'multi') return { ...span, runs: 'worker', isOpen: true }
      else if (runs === undefined && (text === 'worker' || text === 'beat')) runs = text
      else if (runs === undefined) return undefined
      continue
    }
    const [, name = text, given] = /^(--[\w-]+)=(.*)$/s.exec(text) ?? /^(-[A-Za-z])(.+)$/s.exec(text) ?? []
    const takesNext = valued.has(text) || given === ''
    const value = takesNext ? words[++at]?.text : valued.has(name) || text.startsWith('--') ? given : undefined
    if (name === '-A' || name === '--app') app = value
    if (name === '-S' || name === '--scheduler') scheduler = value
    if (name === '--beat' || /^-[EB]*B[EB]*$/.test(text)) embedsBeat = { start: word.start, end: word.end }
    if (name === '-Q' || name === '--queues') {
      if (value === undefined || isVariable(value)) isOpen = true
      else queues = [...(queues ?? []), ...value.split(',').filter((queue) => queue !== '')]
    }
  }
  if (runs === undefined && !isOpen) return undefined
  return { ...span, runs: runs ?? 'worker', isOpen, app, queues, embedsBeat, scheduler }
}

/** The words of a part, without the quotes, brackets and commas around them, up to what ends a command. */
function wordsFrom(text: string, { start, end }: Span, endsAtNewline: boolean): { words: Word[]; isEnded: boolean } {
  const words: Word[] = []
  let at = start
  while (at < end && words.length < mostWords) {
    const character = text[at]!
    const continued = /^\\\r?\n/.exec(text.slice(at, at + 3))
    if (continued) at += continued[0].length
    else if (character === '\n' && endsAtNewline) return { words, isEnded: true }
    else if (/[;|&]/.test(character)) return { words, isEnded: true }
    else if (character === '#') at = lineEnd(text, at)
    else if (/[\s"'`[\],\\]/.test(character) || /^-\s/.test(text.slice(at, at + 2))) at++
    else {
      const wordEnd = Math.min(end, endOfWord(text, at))
      words.push({ start: at, end: wordEnd, text: text.slice(at, wordEnd) })
      at = wordEnd
    }
  }
  return { words, isEnded: false }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** What stands for a value that is not known here may hold blanks. */
const wordPart = /\$\{[^}\n]*\}|\$\([^)\n]*\)|\{\{[^}\n]*\}\}|,(?=[^\s"'\]])|[^\s"'`\],;|&]/y

function endOfWord(text: string, start: number): number {
  wordPart.lastIndex = start
  let end = start
  while (wordPart.test(text)) end = wordPart.lastIndex
  return Math.max(end, start + 1)
}
