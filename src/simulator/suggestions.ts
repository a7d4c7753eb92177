/** Owns what happens when a person commits suggestions: the lines of a comment give way to its suggestion block. */
import { fromMarkdown } from 'mdast-util-from-markdown'
import { findPull, findReviewComment } from './lookup.ts'
import type { World } from './world.ts'

interface Replacement {
  readonly start: number
  readonly end: number
  readonly lines: readonly string[]
}

/**
 * The files at the head after committing the suggestions of these comments in one go, by path.
 * @throws when GitHub would not offer it: no suggestion, one that changes nothing, deleted or outdated lines, lines
 * that two of them replace, a closed pull request.
 */
export async function applySuggestions(world: World, commentIds: readonly number[]): Promise<Map<string, string>> {
  const replacements = new Map<string, Replacement[]>()
  const texts = new Map<string, string>()
  for (const id of commentIds) {
    const comment = findReviewComment(world, id)
    const pull = findPull(world, comment.pull_number)
    const fail = (reason: string) => new Error(`the suggestion of comment ${id} cannot be committed: ${reason}`)
    if (pull.state !== 'open') throw fail('the pull request is closed')
    if (comment.side !== 'RIGHT' || comment.start_side === 'LEFT') throw fail('it stands on deleted lines')
    if (comment.line === null) throw fail('it is outdated')
    const lines = readSuggestion(comment.body)
    if (!lines) throw fail('the comment holds none')

    const { path } = comment
    const blob = await world.code.object(`${pull.head.sha}:${path}`)
    const text = texts.get(path) ?? blob!.content.toString()
    texts.set(path, text)
    const start = comment.start_line ?? comment.line
    const end = comment.line
    if (
      text
        .split('\n')
        .slice(start - 1, end)
        .join('\n') === lines.join('\n')
    ) {
      throw fail('it changes nothing')
    }
    const others = replacements.get(path) ?? []
    if (others.some((other) => other.start <= end && start <= other.end)) throw fail('another replaces the same lines')
    replacements.set(path, [...others, { start, end, lines }])
  }
  for (const [path, changes] of replacements) texts.set(path, replaceLines(texts.get(path)!, changes))
  return texts
}

/** The lines of a comment's suggestion block; an empty block has none, and deletes. */
function readSuggestion(body: string): string[] | undefined {
  const block = fromMarkdown(body).children.find((node) => node.type === 'code' && node.lang === 'suggestion')
  if (block?.type !== 'code') return undefined
  const isEmpty = block.position!.end.line - block.position!.start.line === 1
  return isEmpty ? [] : block.value.split('\n')
}

function replaceLines(text: string, replacements: readonly Replacement[]): string {
  const lines = text.split('\n')
  for (const { start, end, lines: fresh } of [...replacements].sort((a, b) => b.start - a.start)) {
    lines.splice(start - 1, end - start + 1, ...fresh)
  }
  return lines.join('\n')
}
