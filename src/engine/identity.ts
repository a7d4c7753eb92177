/** Owns what makes two findings the same one: never a line number, so that code may move without being new. */
import { createHash } from 'node:crypto'
import type { ProjectFile } from '../celery/project-file.ts'
import type { Span } from '../core/text.ts'
import type { Node } from '../python/syntax.ts'
import { ancestors } from '../python/walk.ts'

/** The functions and classes around an offset, outermost first: `Checkout.post`. Empty at module level. */
function enclosingSymbol(file: ProjectFile, offset: number): string {
  let innermost: Node | undefined
  for (const node of [...file.functions, ...file.classes]) {
    if (node.start <= offset && offset < node.end && (!innermost || node.start > innermost.start)) innermost = node
  }
  if (!innermost) return ''
  const names = [innermost, ...ancestors(innermost)].flatMap((node) =>
    node.kind === 'function' || node.kind === 'class' ? [node.name] : [],
  )
  return names.reverse().join('.')
}

/** What an identity is made of. */
export interface Identifiable {
  readonly rule: string
  readonly file: ProjectFile
  readonly span: Span
}

/** One identity per problem, in the order given. Equal problems in one place of one file are told apart by their order. */
export function identify(problems: readonly Identifiable[], pathOf: (file: ProjectFile) => string): string[] {
  const seen = new Map<string, number>()
  return problems.map(({ rule, file, span }) => {
    const snippet = file.textOf(span).replace(/\s+/g, ' ').trim()
    const key = JSON.stringify([rule, pathOf(file), enclosingSymbol(file, span.start), snippet])
    const occurrence = seen.get(key) ?? 0
    seen.set(key, occurrence + 1)
    return createHash('sha256').update(`${key}#${occurrence}`).digest('hex').slice(0, 16)
  })
}
