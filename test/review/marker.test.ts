import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMarker, parseMarker, reviewKey } from '../../src/review/marker.ts'
import { hostileText } from './hostile-text.ts'

describe('marker', () => {
  it('is a hidden comment that names what was said', () => {
    expect(formatMarker({ fingerprints: ['a1', 'b2'] })).toBe('<!-- celery-review:v1 fingerprint=a1,b2 -->')
    expect(formatMarker({ review: 'f00/ba5', fingerprints: [] })).toBe(
      '<!-- celery-review:v1 review=f00/ba5 fingerprint= -->',
    )
  })

  it('comes back from any body that it ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, unit: 'grapheme' })),
        fc.option(fc.constant('f00/ba5'), { nil: undefined }),
        hostileText,
        (fingerprints, review, text) => {
          const marker = { fingerprints, review }
          expect(parseMarker(`${text}\n\n${formatMarker(marker)}\n`)).toEqual(marker)
        },
      ),
    )
  })

  it('takes any fingerprint', () => {
    expect(parseMarker(formatMarker({ fingerprints: ['a,b -->', '\ud83e'] }))?.fingerprints).toEqual([
      'a,b -->',
      '\ufffd',
    ])
  })

  it.each([
    ['no marker', 'hello', undefined],
    ['one of another version', '<!-- celery-review:v2 fingerprint=a -->', undefined],
    ['one that is cut off', '<!-- celery-review:v1 fingerprint=a', undefined],
    ['none inside', '<!-- celery-review:v1 -->', { fingerprints: [], review: undefined }],
    ['a field of a later version', '<!-- celery-review:v1 x=1 fingerprint=a -->', { fingerprints: ['a'] }],
    ['a broken escape', '<!-- celery-review:v1 fingerprint=%E0%A4%A,b -->', { fingerprints: ['%E0%A4%A', 'b'] }],
    ['text behind it', '<!-- celery-review:v1 fingerprint=a -->\r\nedited', { fingerprints: ['a'] }],
  ])('reads a body with %s', (_, body, marker) => {
    if (marker) expect(parseMarker(body)).toMatchObject(marker)
    else expect(parseMarker(body)).toBeUndefined()
  })
})

describe('reviewKey', () => {
  it('differs by commit, by what is said and by what was said before', () => {
    const key = reviewKey('f00', ['a', 'b'], 0)
    expect(key).toBe(reviewKey('f00', ['a', 'b'], 0))
    expect(key).toMatch(/^f00\/[0-9a-f]{16}$/)
    expect(
      new Set([
        key,
        reviewKey('f01', ['a', 'b'], 0),
        reviewKey('f00', ['a'], 0),
        reviewKey('f00', ['a', 'b'], 1),
        reviewKey('f00', ['a,b'], 0),
      ]).size,
    ).toBe(5)
  })
})
