/** Edits of Python source, by what they make of it. */
import { beforeAll, expect, it } from 'vitest'
import { applyEdits, type Edit } from '../../src/core/fix.ts'
import { addKeyword, appendArgument, prependParameter, removeArgument } from '../../src/python/edits.ts'
import { loadGrammar, parsePython } from '../../src/python/parse.ts'
import type { Call, ExprStatement, FunctionDef, Statement } from '../../src/python/syntax.ts'

/** The source after an edit of its first statement. */
function edited<Kind extends Statement['kind']>(
  source: string,
  kind: Kind,
  edit: (statement: Extract<Statement, { kind: Kind }>) => Edit | undefined,
): string | undefined {
  const statement = parsePython(source).module.body[0]
  if (statement?.kind !== kind) throw new Error(`not of kind ${kind}`)
  const made = edit(statement as Extract<Statement, { kind: Kind }>)
  return made && applyEdits(source, [made])
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
])('appends an argument to %j', (source, result) => {
  const append = ({ value }: ExprStatement) => appendArgument(source, value as Call, 't=1')
  expect(edited(source, 'expr', append)).toBe(result)
})

it.each([
  ['@task', '@task(k=1)'],
  ['@app.task', '@app.task(k=1)'],
  ['@task()', '@task(k=1)'],
  ['@task(a=1)', '@task(k=1, a=1)'],
  ['@task(\n    a=1,\n)', '@task(\n    k=1,\n    a=1,\n)'],
  ['@task(\r\n    a=1)', '@task(\r\n    k=1,\r\n    a=1)'],
  ['@task(base, a=1)', '@task(base, a=1, k=1)'],
  ['@task(**options)', '@task(**options, k=1)'],
  ['@task  # note', '@task(k=1)  # note'],
])('gives a keyword to %j', (decorator, result) => {
  const add = ({ decorators }: FunctionDef) => addKeyword(`${decorator}\ndef f(): ...`, decorators[0]!, 'k=1')
  expect(edited(`${decorator}\ndef f(): ...`, 'function', add)).toBe(`${result}\ndef f(): ...`)
})

it.each([
  ['def f(): ...', 'def f(self): ...'],
  ['def f(a, *, b): ...', 'def f(self, a, *, b): ...'],
  ['def f(*a): ...', 'def f(self, *a): ...'],
  ['def f(\n    a: int,\n): ...', 'def f(\n    self,\n    a: int,\n): ...'],
])('gives a first parameter to %j', (source, result) => {
  expect(edited(source, 'function', (node) => prependParameter(source, node, 'self'))).toBe(result)
})

it.each([
  ['f(t=1)', 'f()'],
  ['f(t=1,)', 'f()'],
  ['f(t=1, a=2)', 'f(a=2)'],
  ['f(a, t=1)', 'f(a)'],
  ['f(a, t=g(1, 2), **b)', 'f(a, **b)'],
  ['f(\n  a,\n  t=1,\n)', 'f(\n  a,\n)'],
])('takes an argument out of %j', (source, result) => {
  const remove = ({ value }: ExprStatement) => {
    const call = value as Call
    return removeArgument(call, call.args.find(({ name }) => name === 't')!)
  }
  expect(edited(source, 'expr', remove)).toBe(result)
})
