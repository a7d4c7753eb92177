import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { code, inert } from '../../src/review/inert.ts'
import {
  countBySeverity,
  fenced,
  fitLines,
  lineUrl,
  placeLink,
  referenceUrl,
  tableRow,
} from '../../src/review/markdown.ts'
import { finding } from './findings.ts'
import { hostileText } from './hostile-text.ts'
import { cellsOf, nodesOf } from './markdown-reader.ts'

const links = {
  repositoryUrl: 'https://github.test/o/r',
  headSha: 'f00',
  referencesUrl: 'https://docs.test/references/',
}

describe('links', () => {
  it('lead to the lines at the reviewed commit', () => {
    expect(lineUrl(links, 'shop/tasks.py', 3)).toBe('https://github.test/o/r/blob/f00/shop/tasks.py#L3')
    expect(lineUrl(links, 'a b/(ö)#?.py', 3, 5)).toBe(
      'https://github.test/o/r/blob/f00/a%20b/%28%C3%B6%29%23%3F.py#L3-L5',
    )
    expect(referenceUrl(links, 'periodic-tasks.md#x')).toBe('https://docs.test/references/periodic-tasks.md#x')
  })

  it('show the end of a long path', () => {
    const path = `${'folder/'.repeat(30)}tasks.py`
    expect(placeLink(links, { path, line: 3 })).toMatch(/^\[`…(older|lder|der|er|r)?\/(folder\/)*tasks\.py:3`\]\(/)
  })

  it('are links even if the path looks like the definition of one', () => {
    expect(nodesOf(placeLink(links, { path: 'x]: https://evil.example', line: 3 }))[1]?.type).toBe('link')
  })

  it('are links for any path', () => {
    fc.assert(
      fc.property(hostileText, (path) => {
        const [, link, label, ...others] = nodesOf(placeLink(links, { path, line: 7 }))
        expect(link).toMatchObject({ type: 'link', url: lineUrl(links, path, 7) })
        expect(label?.type).toBe('inlineCode')
        expect(others).toEqual([])
      }),
    )
  })
})

describe('fenced', () => {
  it('is one block that holds the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = text.replaceAll(/\r\n?/g, '\n').replaceAll('\0', '')
        expect(nodesOf(`before\n\n${fenced('diff', shown)}\n\nafter`)).toMatchObject([
          { type: 'paragraph' },
          { value: 'before' },
          { type: 'code', lang: 'diff', value: shown },
          { type: 'paragraph' },
          { value: 'after' },
        ])
      }),
    )
  })
})

describe('tableRow', () => {
  it('has as many cells as it was given, each with its own Markdown', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (name, text) => {
        const cells = cellsOf(tableRow([code(name), inert(text), 'end']))
        expect(cells).toHaveLength(3)
        expect(nodesOf(cells[0]!)[1]).toMatchObject({ type: 'inlineCode' })
        for (const node of nodesOf(cells[1]!)) expect(['paragraph', 'text', 'inlineCode']).toContain(node.type)
      }),
    )
  })

  it('escapes pipes', () => {
    expect(tableRow(['a|b', 'c\\|d'])).toBe('| a\\|b | c\\\u200b\\|d |')
  })
})

describe('countBySeverity', () => {
  it('counts in words, the worst first', () => {
    const findings = [finding({ severity: 'warning' }), finding({ severity: 'error' }), finding({ severity: 'error' })]
    expect(countBySeverity(findings)).toBe('2 errors, 1 warning')
    expect(countBySeverity([])).toBe('')
  })
})

describe('fitLines', () => {
  it('keeps what fits and says how much does not', () => {
    const lines = ['aaaa', 'bbbb', 'cccc']
    expect(fitLines(lines, 15, String)).toEqual({ text: 'aaaa\nbbbb\ncccc', count: 3 })
    expect(fitLines(lines, 14, String)).toEqual({ text: 'aaaa\nbbbb\n1', count: 2 })
    expect(fitLines(lines, 5, String)).toEqual({ text: '3', count: 0 })
  })

  it('never takes more room than there is, where a line of its own fits', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 12, max: 200 }), (lines, limit) => {
        const { text, count } = fitLines(lines, limit, (left) => `${left} more`)
        expect(text.length).toBeLessThanOrEqual(limit)
        const kept = text.split('\n').slice(0, count === lines.length ? undefined : -1)
        if (!lines.some((line) => line.includes('\n'))) expect(kept.join('\n')).toBe(lines.slice(0, count).join('\n'))
      }),
    )
  })
})
