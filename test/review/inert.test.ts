import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { code, cut, firstSentence, hasInvisible, inert, newInSentence, visible } from '../../src/review/inert.ts'
import { hostileText } from './hostile-text.ts'
import { liveProse, nodesOf, proseOf } from './markdown-reader.ts'

const withoutZeroWidth = (text: string) => text.replaceAll('\u200b', '')

describe('visible', () => {
  it('writes what cannot be seen as Python does', () => {
    expect(visible('a\u202eb\0c\n\u{e0001}')).toBe('a\\u202eb\\x00c\\n\\U000e0001')
    expect(visible('\ud83e|🥬|ö')).toBe('\\ud83e|🥬|ö')
  })

  it('leaves nothing that cannot be seen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(hasInvisible(visible(text))).toBe(false)
      }),
    )
  })
})

describe('cut', () => {
  it('cuts no character in two', () => {
    expect(cut('ab🥬', 4)).toBe('ab🥬')
    expect(cut('ab🥬c', 4)).toBe('ab…')
  })
})

describe('code', () => {
  it.each([
    ['send', '`send`'],
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['``', '``` `` ```'],
    [' a  b ', '`a b`'],
    ['', '`  `'],
    ['a\nb', '`a\\nb`'],
    ['a'.repeat(121), `\`${'a'.repeat(119)}…\``],
    [`${'a'.repeat(118)}🥬🥬`, `\`${'a'.repeat(118)}…\``],
  ])('shows %j as %j', (text, markdown) => {
    expect(code(text)).toBe(markdown)
  })

  it('is one code span that holds the text', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), (text) => {
        const [paragraph, span, ...others] = nodesOf(`x ${code(text)} y`).filter((node) => node.type !== 'text')
        expect(paragraph?.type).toBe('paragraph')
        expect(span).toMatchObject({
          type: 'inlineCode',
          value: cut(visible(text), 120).replace(/\s+/g, ' ').trim() || '  ',
        })
        expect(others).toEqual([])
      }),
    )
  })
})

describe('inert', () => {
  it('keeps a message as it was written', () => {
    const message = 'The task `send_mail` runs before the commit, so it may not find `Order(…)`. Use `delay_on_commit`.'
    expect(inert(message)).toBe(message)
  })

  it.each([
    ['1. a list', '1\\. a list'],
    ['# a heading', '\\# a heading'],
    ['- an item', '\\- an item'],
    ['ask @octocat in #12', 'ask @\u200boctocat in #\u200b12'],
    ['see https://x.example', 'see :\u200b//x.example'.replace(':', 'https:')],
    ['two\n\nparagraphs', 'two paragraphs'],
    ['`open', '\\`open'],
    ['``a`b`` and `c', '``a`b`` and \\`c'],
  ])('makes %j harmless', (message, markdown) => {
    expect(inert(message)).toBe(markdown)
  })

  it('is one paragraph of plain text and code spans, whatever the message holds', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (text, name, more) => {
        for (const message of [text, `${text} \`${name}\` ${more}`, `${text} ${code(name)} ${more}`]) {
          const markdown = inert(message)
          const [paragraph, ...inside] = nodesOf(markdown)
          expect(paragraph?.type ?? 'paragraph').toBe('paragraph')
          for (const node of inside) expect(['text', 'inlineCode']).toContain(node.type)
          expect(liveProse(markdown)).toEqual([])
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('shows the text of a message without backticks as it is', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const prose = text.replaceAll('`', "'")
        const shown = visible(prose.replace(/\s+/g, ' ')).trim()
        expect(withoutZeroWidth(proseOf(`${inert(prose)} `).replace('\ufffc', ''))).toBe(shown)
      }),
    )
  })
})

describe('firstSentence', () => {
  it.each([
    ['It is lost. Use `on_commit`.', 'It is lost.'],
    ['It is lost (see e.g. the docs). Use it.', 'It is lost (see e.g. the docs).'],
    ['`a. B` is lost! Stop', '`a. B` is lost!'],
    ['no end', 'no end'],
  ])('of %j is %j', (message, sentence) => {
    expect(firstSentence(message)).toBe(sentence)
  })
})

describe('newInSentence', () => {
  it.each([
    ['`a` is sent early: it fails. Wait.', '`b` is sent early: it fails. Wait.', '`a` is sent early'],
    ['`f(a: int, b)` is lost, and stays lost.', '`f(b)` is lost, and stays lost.', '`f(a: int, b)` is lost'],
    ['A dies, so B waits.', 'A dies, so C waits.', 'A dies, so B waits.'],
    ['It is lost.', 'Something else', 'It is lost.'],
  ])('of %j is, after %j, %j', (message, said, news) => {
    expect(newInSentence(message, said)).toBe(news)
  })
})
