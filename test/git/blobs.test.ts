import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BatchReader } from '../../src/git/blobs.ts'

const answers = fc.array(
  fc.record({
    sha: fc.stringMatching(/^[0-9a-f]{40}$/),
    content: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
  }),
)

it('takes the answers of git apart, however they are cut into chunks', () => {
  fc.assert(
    fc.property(answers, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (expected, sizes) => {
      const stream = Buffer.concat(
        expected.flatMap(({ sha, content }) =>
          content
            ? [Buffer.from(`${sha} blob ${content.length}\n`), content, Buffer.from('\n')]
            : [Buffer.from(`${sha} missing\n`)],
        ),
      )
      const received: unknown[] = []
      const reader = new BatchReader((sha, content) =>
        received.push({ sha, content: content && new Uint8Array(content) }),
      )
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const end = at + sizes[turn % sizes.length]!
        reader.write(stream.subarray(at, end))
        at = end
      }
      expect(received).toEqual(expected)
      expect(reader.count).toBe(expected.length)
    }),
  )
})
