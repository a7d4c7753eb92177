import fc from 'fast-check'
import { expect, test } from 'vitest'
import { extractFacts } from '../../src/celery/facts.ts'
import { decodeRecord, encodeRecord } from '../../src/engine/facts-cache.ts'
import { loadGrammar } from '../../src/python/parse.ts'

test('gives back what was stored, whatever alphabet it is written in', async () => {
  await loadGrammar()
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const source = `name = ${JSON.stringify(text)}  # ${text.replaceAll(/[\r\n\f]/g, ' ')}`
      const record = { mentionsCelery: true, relevant: true, facts: extractFacts(source) }
      const bytes = encodeRecord(record)
      expect(bytes.every((byte) => byte < 0x80)).toBe(true)
      expect(decodeRecord(bytes)).toEqual(JSON.parse(JSON.stringify(record)))
    }),
  )
})
