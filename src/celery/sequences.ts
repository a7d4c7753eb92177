/** Owns the elements of lists that are put together from pieces: literals, names of others, sums. */
import type { Expr } from '../python/syntax.ts'
import type { Names } from './names.ts'
import type { ProjectFile } from './project-file.ts'

/** Lists that hold each other in a circle end here. */
const MAX_DEPTH = 10

export interface Elements {
  readonly elements: readonly Expr[]
  /** Some part is computed: there may be more elements than these. */
  readonly open: boolean
}

/** The elements of a list, tuple or set, as far as they are literals. */
export function elementsIn(names: Names, file: ProjectFile, expr: Expr): Elements {
  const elements: Expr[] = []
  let open = false
  const visit = (where: ProjectFile, value: Expr, depth: number) => {
    if (depth > MAX_DEPTH) open = true
    else if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set') {
      for (const element of value.elements) {
        if (element.kind === 'starred') visit(where, element.value, depth + 1)
        else elements.push(element)
      }
    } else if (value.kind === 'binary' && value.operator === '+') {
      visit(where, value.left, depth + 1)
      visit(where, value.right, depth + 1)
    } else {
      const referent = names.follow(where, value)
      if (referent?.kind === 'value' && referent.expr !== value) visit(referent.file, referent.expr, depth + 1)
      else open = true
    }
  }
  visit(file, expr, 0)
  return { elements, open }
}
