/** Owns the slash commands that a person writes in a comment. Who may give them, and what they do, is left to the app. */
import { fromMarkdown } from 'mdast-util-from-markdown'
import { Lines } from '../core/text.ts'

export type Command =
  | { readonly name: 'review' | 'full' | 'pause' | 'resume' | 'config' | 'help' }
  /** Without a rule, that of the thread which it is written in is meant. */
  | { readonly name: 'explain' | 'unignore'; readonly rule?: string }
  | { readonly name: 'ignore'; readonly rule?: string; readonly reason?: string }
  /** Meant for us, but not understood; `text` is what follows `/celery-review`. */
  | { readonly name: 'unknown'; readonly text: string }

/** A longer comment is prose. Some Markdown takes time that grows with the square of its length: here at most 0.2 s. */
const longestComment = 4000

/**
 * The commands of a comment, in order. A command fills a line of a paragraph: what stands in code, quotes, lists, HTML or
 * links is spoken about, not given.
 */
export function parseCommands(comment: string): Command[] {
  if (comment.length > longestComment || !/\/celery-review/i.test(comment)) return []
  const lines = new Lines(comment)
  const commands: Command[] = []
  for (const block of fromMarkdown(comment).children) {
    if (block.type !== 'paragraph' || block.children.some((child) => child.type === 'html')) continue
    const texts = block.children.filter((child) => child.type === 'text').map((child) => child.position!)
    for (let line = block.position!.start.line; line <= block.position!.end.line; line++) {
      const given = /^[ \t]*\/celery-review(?:[ \t]+(.*))?$/i.exec(lines.textOf(line))
      const at = lines.startOf(line) + lines.textOf(line).indexOf('/')
      if (given && texts.some(({ start, end }) => start.offset! <= at && at < end.offset!)) {
        commands.push(toCommand(given[1]?.trim() ?? ''))
      }
    }
  }
  return commands
}

function toCommand(text: string): Command {
  const [verb = '', ...words] = text.split(/\s+/)
  const name = verb.toLowerCase()
  const rule = words[0]?.replace(/^`(.*)`$/, '$1').toLowerCase()
  if (name === 'ignore') return { name, rule, reason: words.slice(1).join(' ') || undefined }
  if ((name === 'explain' || name === 'unignore') && words.length <= 1) return { name, rule }
  if (words.length > 0) return { name: 'unknown', text }
  switch (name) {
    case '':
    case 'review':
      return { name: 'review' }
    case 'full':
    case 'pause':
    case 'resume':
    case 'config':
    case 'help':
      return { name }
    default:
      return { name: 'unknown', text }
  }
}
