/** Owns the review as it is read on a terminal: what happened, each comment with the code that it is about, the conclusion. */
import { fromMarkdown } from 'mdast-util-from-markdown'
import type { Severity } from '../../core/finding.ts'
import type { DiffFile, HunkLine } from '../../diff/hunk.ts'
import { renderMarkdown } from '../markdown.ts'
import { isWrite, type SimulatedRequest } from '../simulation.ts'
import { count, indent, type Paint, printable, type Style } from '../terminal.ts'
import {
  changeIn,
  countLines,
  linesAround,
  type ReviewComment,
  type ReviewedPullRequest,
  subjectOf,
} from './pull-request.ts'

type Node = ReturnType<typeof fromMarkdown>['children'][number]

const severityStyles: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'blue' }

/** Lines of code shown around those that a comment is about. */
const linesBefore = 3
const linesAfter = 2

/** How the review came about. */
export interface Course {
  readonly webhook: { readonly status: number; readonly ms: number }
  /** What the app asked GitHub. */
  readonly requests: readonly SimulatedRequest[]
  /** How many of them GitHub refused. */
  readonly rejected: number
  /** From the webhook to the end of the review. */
  readonly ms: number
}

export interface Terminal {
  readonly paint: Paint
  readonly width: number
}

/** What happened, in a few lines. */
export function formatHeadline(pull: ReviewedPullRequest, course: Course, { paint }: Terminal): string {
  const { webhook, requests, rejected, ms } = course
  const { added, deleted } = countLines(pull.files)
  const writes = requests.filter(isWrite)
  const refused = rejected === 0 ? 'none refused' : paint('red', `${rejected} refused`)
  const row = (name: string, text: string) => `  ${paint('dim', name.padEnd(9))} ${text}`
  return [
    `${paint('bold', printable(pull.title))} ${paint('dim', `${printable(pull.repository)} #${pull.number}`)}`,
    '',
    row('change', `${count(pull.files.length, 'file')}, ${paint('green', `+${added}`)} ${paint('red', `−${deleted}`)}`),
    row('webhook', `pull_request.opened, signed; answered with ${webhook.status} after ${toMs(webhook.ms)}`),
    row('review', `${count(pull.comments.length, 'comment')} and a check run, ${toMs(ms)} after the webhook`),
    row('requests', `${requests.length} to the simulated GitHub, ${writes.length} of them writes, ${refused}`),
  ].join('\n')
}

/** Every comment in the order in which it was posted, the worst first, and what the check run concludes. */
export function formatReview(pull: ReviewedPullRequest, terminal: Terminal): string {
  const { name, conclusion, title } = pull.check
  const { paint } = terminal
  const check = `${paint('bold', `${printable(name)}: ${conclusion}`)} ${paint('dim', '·')} ${printable(title)}`
  return [...pull.comments.map((comment) => formatComment(pull, comment, terminal)), check].join('\n\n')
}

function formatComment(pull: ReviewedPullRequest, comment: ReviewComment, { paint, width }: Terminal): string {
  const { path, startLine, line, body } = comment
  const file = pull.files.find((one) => one.path === path)
  const subject = subjectOf(comment)
  const style = subject ? severityStyles[subject.severity] : 'blue'
  const blocks = fromMarkdown(body).children
  for (const block of blocks) forgetLinksInto(pull.repositoryUrl, block)
  const title = subject
    ? ` ${paint([style, 'bold'], subject.severity)} ${paint('bold', subject.rule)}${elsewhere(blocks[0])}`
    : ''
  const head = `${paint('dim', '─'.repeat(width))}\n${paint('bold', `${printable(path)}:${line}`)}${title}`
  const parts = file ? [{ text: codeAround(file, startLine, line, paint, style), isLead: false }] : []
  for (const block of blocks.slice(subject ? 1 : 0)) {
    const change = file && block.type === 'code' && changeIn(toFenced(block), comment, file)
    const text = change ? frame(change, oldNumber, paint) : formatBlock(block, paint, width - 2)
    if (text !== '') parts.push({ text, isLead: block.type === 'paragraph' && text.endsWith(':') })
  }
  // What a colon announces follows it at once.
  const content = parts.map(({ text, isLead }) => `${text}\n${isLead ? '' : '\n'}`).join('')
  return `${head}\n\n${indent(content.trimEnd(), '  ')}`
}

/** What the first line of a comment says after the rule: where the finding is, when that is not where the comment stands. */
const elsewhere = (firstLine: Node | undefined): string =>
  firstLine && 'children' in firstLine ? printable(firstLine.children.slice(3).map(textOf).join('')) : ''

function codeAround(file: DiffFile, startLine: number, line: number, paint: Paint, style: Style): string {
  const lines = linesAround(file, startLine - linesBefore, line + linesAfter)
  const first = lines.findIndex(({ text }) => text.trim() !== '')
  const last = lines.findLastIndex(({ text }) => text.trim() !== '')
  return frame(lines.slice(first, last + 1), newNumber, paint, { style, startLine, line })
}

const toFenced = ({ lang, value }: { lang?: string | null; value: string }) => ({ language: lang ?? '', text: value })

function formatBlock(block: Node, paint: Paint, width: number): string {
  const isSmallPrint = block.type === 'paragraph' && block.children[0]?.type === 'html'
  return isSmallPrint ? formatSmallPrint(block, paint) : renderMarkdown([block], paint, width)
}

/** Of the small print of a comment, where to read more: how to mute a rule need not be said again and again. */
function formatSmallPrint(block: Node, paint: Paint): string {
  const links = 'children' in block ? block.children.filter((child) => child.type === 'link') : []
  return links.map((link) => paint('dim', `${textOf(link)}: ${printable(link.url)}`)).join('\n')
}

/** Leaves links into the repository without an address: their words name the place, and the repository exists nowhere. */
function forgetLinksInto(url: string, node: Node): void {
  if (node.type === 'link' && node.url.startsWith(`${url}/`)) node.url = ''
  if ('children' in node) for (const child of node.children) forgetLinksInto(url, child)
}

interface Pointer {
  readonly style: Style
  readonly startLine: number
  readonly line: number
}

const signs = { context: ' ', deleted: '-', added: '+' } as const

const oldNumber = (line: HunkLine) => ('oldLine' in line ? line.oldLine : undefined)
const newNumber = (line: HunkLine) => ('newLine' in line ? line.newLine : undefined)

/** Lines of code with their numbers and with the signs of a diff; an arrow points at those that are meant. */
function frame(lines: readonly HunkLine[], numberOf: typeof oldNumber, paint: Paint, pointer?: Pointer): string {
  const width = Math.max(...lines.map((line) => `${numberOf(line) ?? ''}`.length))
  return lines
    .map((line) => {
      const number = numberOf(line)
      const isMeant = pointer && number !== undefined && pointer.startLine <= number && number <= pointer.line
      const shown = `${number ?? ''}`.padStart(width)
      const margin = isMeant ? paint([pointer.style, 'bold'], `> ${shown}`) : paint('dim', `  ${shown}`)
      const code = `${signs[line.kind]} ${printable(line.text.replaceAll('\t', '    '))}`.trimEnd()
      const coloured = line.kind === 'context' ? code : paint(line.kind === 'added' ? 'green' : 'red', code)
      return `${margin} ${paint('dim', '│')}${code === '' ? '' : ` ${coloured}`}`
    })
    .join('\n')
}

const textOf = (node: Node): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map(textOf).join('') : ''

const toMs = (ms: number): string => `${Math.round(ms).toLocaleString('en-US')} ms`
