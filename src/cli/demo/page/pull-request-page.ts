/** Owns the page that shows a pull request with its review in place: its files as hunks, each comment below its line. */
import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import { documentOf } from '../../../app/pages/document.ts'
import { type CodeBlock, fromGitHubMarkdown, type MarkdownOptions } from '../../../app/pages/markdown.ts'
import { colourPython } from '../../../app/pages/python-colours.ts'
import { type DiffFile, type Hunk, type HunkLine, lastNewLine } from '../../../diff/hunk.ts'
import {
  changeIn,
  countLines,
  linesAround,
  type ReviewComment,
  type ReviewedPullRequest,
  subjectOf,
} from '../pull-request.ts'
import { changeTable, codeCell } from './changed-lines.ts'
import { pullRequestStyle } from './pull-request-style.ts'

interface View {
  readonly pull: ReviewedPullRequest
  /** Where an address in the texts leads. */
  readonly linkTo: (url: string) => string | undefined
}

/** The page as a whole HTML document. */
export function pullRequestPage(pull: ReviewedPullRequest): string {
  const view = { pull, linkTo: linksWithin(pull) }
  return documentOf({
    title: `${pull.title} · ${pull.repository} #${pull.number}`,
    styles: [pullRequestStyle],
    content: [
      h('header', { className: ['top'] }, heading(pull)),
      h('div', { className: ['columns'] }, [
        overview(pull),
        h('main', [
          post(view, pull.author, pull.description),
          checkSection(view),
          pull.reviewBody === undefined ? '' : post(view, pull.reviewer, pull.reviewBody),
          ...pull.files.map((file, index) => fileSection(view, file, index)),
        ]),
      ]),
    ],
  })
}

function heading(pull: ReviewedPullRequest): Element[] {
  const { added, deleted } = countLines(pull.files)
  return [
    h('p', { className: ['repository'] }, pull.repository),
    h('h1', pull.title, ' ', h('span', { className: ['faint'] }, `#${pull.number}`)),
    h('p', { className: ['faint'] }, [
      h('strong', pull.author),
      ' wants to merge ',
      h('code', pull.head),
      ' into ',
      h('code', pull.base),
      ` · ${pull.files.length} files `,
      ...counts(added, deleted),
    ]),
  ]
}

const counts = (added: number, deleted: number): ElementContent[] => [
  h('span', { className: ['plus'] }, `+${added}`),
  { type: 'text', value: ' ' },
  h('span', { className: ['minus'] }, `−${deleted}`),
]

/** The comments by file, as a list of links. */
function overview(pull: ReviewedPullRequest): Element {
  const files = pull.files.map((file, index) => {
    const comments = commentsOn(pull, file)
    const links = comments.map((comment) => {
      const subject = subjectOf(comment)
      const className = ['subject', ...(subject ? [subject.severity] : [])]
      const words = subject?.rule ?? 'comment'
      return h('li', h('a', { href: `#${commentId(comment)}`, className }, words, h('span', `${comment.line}`)))
    })
    return h('li', h('a', { href: `#${fileId(index)}` }, file.path), comments.length > 0 ? h('ul', links) : '')
  })
  return h('nav', { ariaLabel: 'Files and comments' }, h('h2', 'Files'), h('ul', files))
}

const post = ({ linkTo }: View, author: string, body: string): Element =>
  h('section', { className: ['post'] }, byline(author), prose(body, { linkTo }))

const prose = (markdown: string, options: MarkdownOptions): Element =>
  h('div', { className: ['prose'] }, fromGitHubMarkdown(markdown, options))

function checkSection({ pull: { check }, linkTo }: View): Element {
  const { name, title, conclusion, summary } = check
  const head = [h('strong', name), ' ', title, ' ', h('span', { className: ['badge'] }, conclusion)]
  return h(
    'section',
    { className: ['check', conclusion] },
    h('details', h('summary', head), prose(summary, { linkTo })),
  )
}

function byline(login: string, ...more: (ElementContent | string)[]): Element {
  const name = login.replace(/\[bot\]$/, '')
  const badge = name === login ? [] : [' ', h('span', { className: ['badge'] }, 'bot')]
  const face = h('span', { className: ['face'], ariaHidden: 'true' }, name.slice(0, 1).toUpperCase())
  return h('header', face, h('strong', name), ...badge, ...more)
}

function fileSection(view: View, file: DiffFile, index: number): Element {
  const comments = commentsOn(view.pull, file)
  const { added, deleted } = countLines([file])
  const name = file.previousPath ? `${file.previousPath} → ${file.path}` : file.path
  const summary = h('summary', [
    h('h2', { id: fileId(index) }, name),
    ' ',
    h('span', { className: ['faint'] }, file.status),
    ' ',
    h('span', ...counts(added, deleted)),
  ])
  const rows = (file.hunks ?? []).flatMap((hunk) => hunkRows(view, hunk, file, index))
  const content =
    rows.length > 0
      ? h(
          'table',
          { className: ['lines'] },
          h('caption', { className: ['unseen'] }, `Changes of ${name}`),
          h('tbody', rows),
        )
      : h('p', { className: ['faint', 'empty'] }, 'No lines to show.')
  return h('section', { className: ['file'] }, h('details', { open: comments.length > 0 }, summary, content))
}

function hunkRows(view: View, hunk: Hunk, file: DiffFile, index: number): Element[] {
  const rows = hunk.lines.flatMap((line) => lineRows(view, line, file, index))
  if (file.status === 'added') return rows
  const place = `lines ${hunk.newStart} to ${lastNewLine(hunk)}`
  return [h('tr', { className: ['hunk'] }, h('td', { colSpan: 3 }, place)), ...rows]
}

/** The row of a line, and below it those of the comments that end on it. */
function lineRows(view: View, line: HunkLine, file: DiffFile, index: number): Element[] {
  const oldLine = 'oldLine' in line ? line.oldLine : undefined
  const newLine = 'newLine' in line ? line.newLine : undefined
  const comments = newLine === undefined ? [] : commentsOn(view.pull, file)
  const isMeant = comments.some((comment) => comment.startLine <= newLine! && newLine! <= comment.line)
  const number = (value = '') => h('td', { className: ['number'] }, value)
  const code = file.path.endsWith('.py') ? colourPython(line.text) : [plain(line.text)]
  const properties = {
    className: [line.kind, ...(isMeant ? ['meant'] : [])],
    id: newLine === undefined ? undefined : lineId(index, newLine),
  }
  return [
    h('tr', properties, number(oldLine?.toString()), number(newLine?.toString()), codeCell(line.kind, ...code)),
    ...comments
      .filter((comment) => comment.line === newLine)
      .map((comment) => h('tr', { className: ['talk'] }, h('td', { colSpan: 3 }, commentArticle(view, comment, file)))),
  ]
}

function commentArticle({ pull, linkTo }: View, comment: ReviewComment, file: DiffFile): Element {
  const { startLine, line, body } = comment
  const lines = startLine < line ? `lines ${startLine} to ${line}` : `line ${line}`
  const showCode = (block: CodeBlock) => {
    const change = changeIn(block, comment, file)
    return change && changeTable(block.language === 'suggestion' ? 'Suggested change' : 'Possible change', change)
  }
  return h('article', { className: ['comment', subjectOf(comment)?.severity ?? 'info'], id: commentId(comment) }, [
    byline(pull.reviewer, ' ', h('span', { className: ['faint'] }, `on ${lines}`)),
    prose(body, { linkTo, showCode }),
  ])
}

const plain = (value: string): ElementContent => ({ type: 'text', value })

const commentsOn = ({ comments }: ReviewedPullRequest, { path }: DiffFile): ReviewComment[] =>
  comments.filter((comment) => comment.path === path)

const fileId = (index: number): string => `file-${index + 1}`
const lineId = (index: number, line: number): string => `${fileId(index)}-line-${line}`
const commentId = ({ id }: ReviewComment): string => `comment-${id}`

/**
 * Where the addresses in the review's texts lead. Those of lines and comments that the page shows lead there; other
 * places of the repository, which exists nowhere, lead nowhere.
 */
function linksWithin(pull: ReviewedPullRequest): (url: string) => string | undefined {
  const places = new Map<string, string>()
  for (const comment of pull.comments) places.set(comment.url, `#${commentId(comment)}`)
  return (url) => {
    const known = places.get(url)
    if (known) return known
    if (!url.startsWith(`${pull.repositoryUrl}/`)) return /^https?:\/\//.test(url) ? url : undefined
    const [, path = '', digits] = /\/blob\/[0-9a-f]+\/([^#]*)#L(\d+)/.exec(url) ?? []
    const line = Number(digits)
    const index = pull.files.findIndex((file) => encodePath(file.path) === path)
    const isShown = index >= 0 && linesAround(pull.files[index]!, line, line).length > 0
    return isShown ? `#${lineId(index, line)}` : undefined
  }
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')
