/** The page of the demo: nothing of what it shows comes alive, nothing is lost, and its links lead somewhere. */
import fc from 'fast-check'
import type { RootContent } from 'hast'
import { describe, expect, it } from 'vitest'
import { colourPython } from '../../src/app/pages/python-colours.ts'
import { changeTable } from '../../src/cli/demo/page/changed-lines.ts'
import { pullRequestPage } from '../../src/cli/demo/page/pull-request-page.ts'
import { changeIn, type ReviewedPullRequest } from '../../src/cli/demo/pull-request.ts'
import { compareTexts } from '../../src/diff/compare-texts.ts'
import { expectInert, hostileTexts } from '../support/inert-page.ts'

/** A pull request with one changed file, in which a text stands wherever one can stand. */
function pullWith(text: string, path = `${text}.py`): ReviewedPullRequest {
  const line = text.replace(/[\r\n]/g, ' ')
  return {
    repository: `${text}/shop`,
    repositoryUrl: 'https://github.com/acme/shop',
    number: 1,
    title: text,
    description: text,
    author: text,
    base: text,
    head: text,
    files: [compareTexts({ status: 'modified', path }, `a = 1\n${line}\nb = 2\n`, `a = 1\nx${line}\nb = 2\n`)],
    reviewer: `${text}[bot]`,
    reviewBody: text,
    comments: [
      { id: 7, url: 'https://github.com/acme/shop/pull/1#discussion_r7', path, startLine: 2, line: 2, body: text },
    ],
    check: { name: text, conclusion: text, title: text, summary: text },
  }
}

describe('the page of a pull request', () => {
  it.each(hostileTexts)('lets nothing of %j come alive', (text) => {
    expectInert(pullRequestPage(pullWith(text)))
  })

  it('lets nothing of any text come alive', () => {
    const piece = fc.oneof(fc.constantFrom(...hostileTexts, '<', '>', '"', "'", '`', '\n', '](', '&'), fc.string())
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expectInert(pullRequestPage(pullWith(pieces.join(''))))
      }),
    )
  })

  it('shows code as it is', () => {
    expect(pullRequestPage(pullWith('<b>"&\'', 'a.txt'))).toContain('x&#x3C;b>"&#x26;\'')
  })

  it('leads to the lines and comments that it shows, and nowhere else in the repository', () => {
    const blob = 'https://github.com/acme/shop/blob/0123456789'
    const text = `[here](${blob}/a.py#L2) [far](${blob}/a.py#L99) [other](${blob}/b.py#L2) [said](https://github.com/acme/shop/pull/1#discussion_r7) [out](https://example.com)`
    const page = pullRequestPage({ ...pullWith('x', 'a.py'), description: text })
    const links = Object.fromEntries(
      [...page.matchAll(/<a href="([^"]*)">(\w+)<\/a>/g)].map(([, href, words]) => [words, href]),
    )
    expect(links).toEqual({ here: '#file-1-line-2', said: '#comment-7', out: 'https://example.com' })
    for (const id of ['file-1-line-2', 'comment-7']) expect(page).toContain(`id="${id}"`)
  })
})

describe('lines of code', () => {
  const textOf = (node: RootContent): string =>
    node.type === 'text' ? node.value : 'children' in node ? node.children.map(textOf).join('') : ''
  const line = fc.string().map((text) => text.replace(/[\r\n]/g, ''))
  const python = fc
    .array(fc.constantFrom('def ', 'x', '"', "'", '"""', '#', '\\', '@a.b', ' ', '1', 'rb', '(', 'None'))
    .map((parts) => parts.join(''))

  const similar = fc.string({ unit: fc.constantFrom('a', 'b', ' ') })

  it('are complete in colours', () => {
    fc.assert(
      fc.property(fc.oneof(line, python), (text) => {
        expect(colourPython(text).map(textOf).join('')).toBe(text)
      }),
    )
  })

  it('are coloured by what they are', () => {
    const parts = colourPython('    return f"{a}", None  # 1').flatMap((node) =>
      node.type === 'element' ? [[node.properties.className, textOf(node)]] : [],
    )
    expect(parts).toEqual([
      [['python-keyword'], 'return'],
      [['python-string'], 'f"{a}"'],
      [['python-keyword'], 'None'],
      [['python-comment'], '# 1'],
    ])
  })

  it('are complete where a difference is marked', () => {
    fc.assert(
      fc.property(similar, similar, (before, after) => {
        const table = changeTable('', [
          { kind: 'deleted', text: before, oldLine: 1 },
          { kind: 'added', text: after, newLine: 1 },
        ])
        expect(textOf(table)).toBe(`−${before}+${after}`)
      }),
    )
  })
})

describe('a difference', () => {
  const marksOf = (before: string, after: string) =>
    [
      ...pullRequestPage({
        ...pullWith('x', 'a.py'),
        comments: [
          {
            ...pullWith('x', 'a.py').comments[0]!,
            body: `\`\`\`diff\n@@ -1,1 +1,1 @@\n-${before}\n+${after}\n\`\`\``,
          },
        ],
      }).matchAll(/<mark>(.*?)<\/mark>/g),
    ].map(([, marked]) => marked)

  it('is marked within a line', () => {
    expect(marksOf('  a(hour=3)', '  a(hour=3, minute=0)')).toEqual([', minute=0'])
    expect(marksOf('CELERY_ACKS', 'CELERY_TASK_ACKS')).toEqual(['TASK_'])
    expect(marksOf('aba', 'ababa')).toEqual(['ba'])
    expect(marksOf('a = 1', 'a = 2')).toEqual(['1', '2'])
  })

  it('is not marked where the whole line is another', () => {
    expect(marksOf('    one', '    two')).toEqual([])
  })
})

describe('the change that a comment brings', () => {
  const file = compareTexts({ status: 'modified', path: 'a.py' }, 'a\nb\nc\nd\n', 'a\nB\nC\nd\n')
  const comment = { id: 1, url: '', path: 'a.py', startLine: 2, line: 3, body: '' }

  it('is that of a suggestion, with the numbers of the file', () => {
    expect(changeIn({ language: 'suggestion', text: 'B\nCC' }, comment, file)).toEqual([
      { kind: 'deleted', text: 'C', oldLine: 3 },
      { kind: 'added', text: 'CC', newLine: 3 },
    ])
  })

  it('is that of a patch, without the lines around', () => {
    expect(changeIn({ language: 'diff', text: '@@ -7,3 +7,3 @@\n a\n-b\n+c\n d' }, comment, file)).toEqual([
      { kind: 'deleted', text: 'b', oldLine: 8 },
      { kind: 'added', text: 'c', newLine: 8 },
    ])
  })

  it('is none for other blocks and for what is no patch', () => {
    expect(changeIn({ language: 'python', text: 'a' }, comment, file)).toBeUndefined()
    expect(changeIn({ language: 'diff', text: '+a' }, comment, file)).toBeUndefined()
  })
})
