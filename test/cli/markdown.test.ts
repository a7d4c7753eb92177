import { fromMarkdown } from 'mdast-util-from-markdown'
import { expect, it } from 'vitest'
import { sectionOf } from '../../src/app/pages/section.ts'
import { renderMarkdown } from '../../src/cli/markdown.ts'

const document = `# Periodic tasks

Introduction.

## A crontab without a minute

Rule: crontab-missing-minute

It fires **every** minute, see [the
docs](https://docs.celeryq.dev/) or [below](#other).

- one \`item\`
- two
  - nested

### Cure

1. Add a minute.

\`\`\`python bad
crontab(hour=3)
\`\`\`

| a | b |
| - | - |
| \`one\` | 1 |

> Quoted.

<!-- a comment -->

## Other

Elsewhere.
`

const render = (anchor: string, width?: number) => {
  const section = sectionOf(document, anchor)
  return section && renderMarkdown(fromMarkdown(section.text).children, (_style, text) => text, width)
}

it('shows a section with what is below it', () => {
  expect(`\n${render('a-crontab-without-a-minute')}\n`).toBe(`
Rule: crontab-missing-minute

It fires every minute, see the docs (https://docs.celeryq.dev/) or below.

• one \`item\`
• two

  • nested

Cure

1. Add a minute.

Bad:
    crontab(hour=3)

a      b
─────  ─
\`one\`  1

│ Quoted.
`)
})

it('wraps text to the width of the terminal', () => {
  expect(render('other', 10)).toBe('Elsewhere.')
  expect(render('a-crontab-without-a-minute', 30)).toContain('\nIt fires every minute, see the\ndocs\n')
})

it('wraps the last column of a table, and none where there is no room for it', () => {
  const table = fromMarkdown('| a | what it does |\n| --- | --- |\n| x | one two three four five six |').children
  const plain = (width?: number) => renderMarkdown(table, (_style, text) => text, width)
  expect(plain(27)).toBe(`a  what it does\n─  ${'─'.repeat(24)}\nx  one two three four five\n   six`)
  expect(plain(20)).toBe(plain())
  expect(plain()).toContain('\nx  one two three four five six')
})

it('knows when there is no such section', () => {
  expect(render('nope')).toBeUndefined()
})
