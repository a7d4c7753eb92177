/** Edits of Python source, by what they make of it. */
import { beforeAll, expect, it } from 'vitest'
import { applyEdits } from '../../src/core/fix.ts'
import { appendArgument } from '../../src/python/edits.ts'
import { loadGrammar, parsePython } from '../../src/python/parse.ts'
import type { Call } from '../../src/python/syntax.ts'

/** The source after `t=1` was added to its first statement, which is a call. */
function append(source: string): string | undefined {
  const statement = parsePython(source).module.body[0]
  if (statement?.kind !== 'expr' || statement.value.kind !== 'call') throw new Error('not a call')
  const edit = appendArgument(source, statement.value satisfies Call, 't=1')
  return edit && applyEdits(source, [edit])
}

beforeAll(loadGrammar)

it.each([
  ['f()', 'f(t=1)'],
  ['f( )', 'f(t=1 )'],
  ['f(a, *b)', 'f(a, *b, t=1)'],
  ['f(a,)', 'f(a, t=1,)'],
  ['f(a, (b))', 'f(a, (b), t=1)'],
  ['f(a,\n  b)', 'f(a,\n  b, t=1)'],
  ['f(\n  a,\n  b,\n)', 'f(\n  a,\n  b,\n  t=1,\n)'],
  ['f(\n  a,\n  b\n)', 'f(\n  a,\n  b,\n  t=1\n)'],
  ['f(\n  a,  # note\n)', 'f(\n  a,  # note\n  t=1,\n)'],
  ['f(\n  a  # note\n)', 'f(\n  a, t=1  # note\n)'],
  ['f(\r\n\ta,\r\n)', 'f(\r\n\ta,\r\n\tt=1,\r\n)'],
  ['f(x for x in y)', undefined],
])('%j', (source, result) => {
  expect(append(source)).toBe(result)
})
