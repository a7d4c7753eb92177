import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alternativesOf, globMatcher, mostAlternatives } from '../../src/core/glob.ts'

test.each<[string, string[], string[]]>([
  ['legacy/**', ['legacy/a.py', 'legacy/a/b.py', 'legacy'], ['legacy2/a.py', 'shop/legacy/a.py']],
  ['**/migrations/**', ['migrations/0001.py', 'a/b/migrations/0001.py'], ['a/migrations2/0001.py']],
  ['**/test_*.py', ['test_a.py', 'a/b/test_a.py'], ['a/test_a.pyc', 'a/test_a.py/b']],
  ['*.py', ['a.py', '.hidden.py'], ['a/b.py', 'a.pyc']],
  ['a/*/c.py', ['a/b/c.py'], ['a/c.py', 'a/b/b/c.py']],
  ['a**b', ['ab', 'axxb'], ['a/b']],
  ['**', ['a', 'a/b/c.py'], []],
  ['src/{a,b/{c,d}}/x?.py', ['src/a/x1.py', 'src/b/d/x2.py'], ['src/b/x1.py', 'src/a/x.py']],
  ['{a}/b', ['{a}/b'], ['a/b']],
  ['v[0-9][!a-c].py', ['v1d.py'], ['v1a.py', 'vxd.py']],
  ['\\*.py', ['*.py'], ['a.py']],
  ['release/*', ['release/1.0'], ['release/1/0', 'main']],
  ['(a+)+$', ['(a+)+$'], ['aa']],
  ['*é?', ['xé𝒳'], ['xé']],
])('%s', (glob, matched, others) => {
  const matches = globMatcher([glob])
  expect(matched.filter((path) => !matches(path))).toEqual([])
  expect(others.filter(matches)).toEqual([])
})

test('matches when one of several does, and nothing without any', () => {
  expect(globMatcher(['a', 'b'])('b')).toBe(true)
  expect(globMatcher([])('b')).toBe(false)
})

describe('a glob made to take for ever', () => {
  test.each([
    '*a*a*a*a*a*a*a*a*a*a*b',
    '**/*a*a*a*a*a*a*a*b',
    `${'**/'.repeat(60)}b`,
    '+(a|aa)b',
    `${'{a,'.repeat(60)}b`,
  ])('%s does not', (glob) => {
    const matches = globMatcher([glob])
    expect(matches('a'.repeat(4_000))).toBe(false)
    expect(matches('a/'.repeat(2_000))).toBe(false)
  })

  test('has so many alternatives, and no more', () => {
    expect(alternativesOf('{a,b}'.repeat(6))).toHaveLength(64)
    expect(alternativesOf('{a,b}'.repeat(40))).toBeUndefined()
    expect(alternativesOf(`{${'a,'.repeat(mostAlternatives)}a}`)).toBeUndefined()
    expect(globMatcher(['{a,b}'.repeat(40)])('a'.repeat(40))).toBe(false)
  })
})

test('says the same as trying every way', () => {
  const text = (alphabet: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength })
  const tryAll = (glob: string, path: string): boolean => {
    if (glob === '') return path === ''
    if (glob[0] !== '*') return path !== '' && glob[0] === path[0] && tryAll(glob.slice(1), path.slice(1))
    return tryAll(glob.slice(1), path) || (path !== '' && tryAll(glob, path.slice(1)))
  }
  fc.assert(
    fc.property(text('ab*', 8), text('ab', 10), (glob, path) => {
      // A `**` that is a whole name means folders; here there is one name, which is then any.
      expect(globMatcher([glob])(path)).toBe(tryAll(glob, path))
    }),
    { numRuns: 1_000 },
  )
})
