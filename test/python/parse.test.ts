import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadGrammar, ParseRefused, parsePython } from '../../src/python/parse.ts'
import type { Node } from '../../src/python/syntax.ts'
import { childrenOf, descendants, linkParents } from '../../src/python/walk.ts'

beforeAll(loadGrammar)

/** A module's statements without positions, as Python's own `ast.dump` would leave them out. */
const shape = (code: string) =>
  JSON.parse(
    JSON.stringify(parsePython(code).module.body, (key, value) =>
      /^(start|end|parens|.*Span|definitionStart|quote)$/.test(key) ? undefined : value,
    ),
  )

const name = (id: string) => ({ kind: 'name', id })

describe('parsePython', () => {
  it('reads calls with every form of argument', () => {
    expect(shape('f(a, *b, c=1, **d)')).toEqual([
      {
        kind: 'expr',
        value: {
          kind: 'call',
          callee: name('f'),
          args: [
            { kind: 'argument', value: name('a') },
            { kind: 'argument', unpack: '*', value: name('b') },
            { kind: 'argument', name: 'c', value: { kind: 'number', value: 1, integer: true } },
            { kind: 'argument', unpack: '**', value: name('d') },
          ],
        },
      },
    ])
  })

  it('reads every form of parameter', () => {
    const [node] = parsePython('async def f(a, /, b: int = 1, *c, d, **e) -> None: pass').module.body
    expect(node?.kind === 'function' && node.async).toBe(true)
    expect(node?.kind === 'function' && node.parameters.map(({ name, form }) => [name, form])).toEqual([
      ['a', 'positional-only'],
      ['b', 'positional'],
      ['c', '*'],
      ['d', 'keyword-only'],
      ['e', '**'],
    ])
  })

  it('reads handlers of Python 3 and of Python 2', () => {
    const [node] = parsePython('try:\n  pass\nexcept (A, B) as e:\n  pass\nexcept C, f:\n  pass\nexcept:\n  pass\n')
      .module.body
    expect(node?.kind === 'try' && node.handlers.map(({ types, name }) => [types.length, name])).toEqual([
      [2, 'e'],
      [1, 'f'],
      [0, undefined],
    ])
  })

  it('reads `async` as the name that it was before Python 3.7', () => {
    const { module, errors } = parsePython('from x import async\n@async.task(async=1)\nasync def f(): pass\n')
    expect(errors).toEqual([])
    const [imported, node] = module.body
    expect(imported?.kind === 'import-from' && imported.names.map((one) => one.name)).toEqual(['async'])
    expect(node?.kind === 'function' && [node.async, node.decorators[0]?.expression]).toEqual([
      true,
      expect.objectContaining({ callee: expect.objectContaining({ value: expect.objectContaining(name('async')) }) }),
    ])
    expect(shape('async \\\ndef g(): pass')).toMatchObject([{ kind: 'function', async: true }])
  })

  it('decodes strings as Python does', () => {
    const value = (code: string) => {
      const [node] = parsePython(code).module.body
      return node?.kind === 'expr' && node.value.kind === 'string' ? node.value.value : undefined
    }
    expect(value(String.raw`'a\n\x41\u00e9\'\q'`)).toBe("a\nAé'\\q")
    expect(value(String.raw`r'a\n'`)).toBe('a\\n')
    expect(value('("a" \'b\')')).toBe('ab')
    expect(value('"""a"b"""')).toBe('a"b')
  })

  it('keeps what stands around a syntax error, and says where it is', () => {
    const { module, errors } = parsePython('def f(:\n  a()\n\nb()\n')
    expect(errors.length).toBeGreaterThan(0)
    const calls = [...descendants(module)].filter((node) => node.kind === 'call')
    expect(calls).toHaveLength(2)
  })

  it('refuses what nests too deeply and what takes too much work', () => {
    expect(() => parsePython('('.repeat(2000) + ')'.repeat(2000))).toThrow(ParseRefused)
    expect(() => parsePython(`x = [${'1, '.repeat(2_000_000)}]`)).toThrow(ParseRefused)
    expect(parsePython('x = 1').errors).toEqual([])
  })

  it('places every node inside its parent and inside the text, whatever the text', () => {
    const words = [
      'def f',
      '(',
      ')',
      ':',
      '\n',
      '  ',
      'x',
      '=',
      '"',
      "'",
      '@',
      'class A',
      'try',
      'except',
      'é😀',
      ',',
      '[',
      'lambda',
      'await ',
      '#c',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        const { module } = parsePython(text)
        linkParents(module)
        const check = (node: Node) => {
          expect(node.start).toBeGreaterThanOrEqual(0)
          expect(node.end).toBeLessThanOrEqual(text.length)
          for (const child of childrenOf(node)) {
            expect(child.parent).toBe(node)
            check(child)
          }
        }
        check(module)
      }),
    )
  })
})
