/** Whole reviews, with the real engine and its rules, of code whose text makes trouble. */
import { expect, test } from 'vitest'
import { analyseWith } from '../../src/app/analysis/analyse.ts'
import { liveProse, nodesOf, unseen } from '../review/markdown-reader.ts'
import { rules } from '../support/rules.ts'
import { type Setting, startSetting } from './setting.ts'

const app = { analyse: analyseWith(rules), rules: rules.map(({ meta }) => meta) }
const start = 'from celery.schedules import crontab\n\nPOLL = crontab()\n'

/** The review of a pull request that changes one file. */
async function review(path: string, before: string, after: string): Promise<Setting> {
  const setting = await startSetting({ base: { [path]: before }, head: { [path]: after }, app })
  await setting.send('pull_request', { action: 'opened', number: 1 })
  await setting.idle()
  expect(setting.github.refused).toEqual([])
  return setting
}

const idsOf = ({ github }: Setting) => github.state.reviewComments.map(({ id }) => id)
const hasSuggestion = (body: string) => /^`{3,}suggestion$/m.test(body)

test('the same mistake many times in a file is one comment with the list', async () => {
  const hours = Array.from({ length: 6 }, (_, hour) => `AT_${hour} = crontab(hour=${hour})\n`)
  const { comments, check, github } = await review('shop/beat.py', start, start + hours.join(''))
  expect(comments()).toHaveLength(1)
  const { path, line, body } = comments()[0]!
  expect([path, line]).toEqual(['shop/beat.py', 4])
  expect(body).toContain('The same in 5 other places:')
  for (const other of [5, 6, 7, 8, 9]) expect(body).toContain(`#L${other})`)
  expect(check(github.state.pulls[0]!.head.sha).title).toBe('6 errors')
})

test('a suggestion keeps tabs, and what stands beside it', async () => {
  const after = `${start}class Beat:\n\tAT = {\n\t\t'a':\tcrontab(hour=3),\t# at \`three\`\n\t}\n`
  const setting = await review('shop/beat.py', start, after)
  expect(setting.comments().map(({ body }) => hasSuggestion(body))).toEqual([true])
  const files = await setting.github.applySuggestions(...idsOf(setting))
  expect(files.get('shop/beat.py')).toBe(after.replace('hour=3', 'hour=3, minute=0'))
})

test('a suggestion of lines that hold backticks is fenced by more of them', async () => {
  const after = `${start}AT = crontab(hour=3)  # \`\`\`\` and \`\`\`suggestion\n`
  const setting = await review('shop/beat.py', start, after)
  const files = await setting.github.applySuggestions(...idsOf(setting))
  expect(files.get('shop/beat.py')).toBe(after.replace('hour=3', 'hour=3, minute=0'))
})

test.each([
  ['carriage returns', (text: string) => text.replaceAll('\n', '\r\n')],
  ['no newline at its end', (text: string) => text.trimEnd()],
])('a file with %s gets the comment, and no suggestion that GitHub might put in otherwise', async (_, change) => {
  const { comments } = await review('shop/beat.py', change(start), change(`${start}AT = crontab(hour=3)\n`))
  expect(comments()).toMatchObject([{ line: 4 }])
  expect(hasSuggestion(comments()[0]!.body)).toBe(false)
})

test('names and strings of the code stay inert wherever they are shown', async () => {
  const hostile = '@octocat #1 <img src=x onerror=y> [x](https://evil.example) ``` \\u202e GH-1'
  const path = 'shop/@octocat #1 <img>/`x`\u202e.py'
  const task = `from celery import shared_task\n\n@shared_task(name="${hostile}")\ndef charge(order, card):\n    return card\n`
  const before = `${start}${task}\ncharge.delay(1, 2)\n`
  const after = `${before.replace('order, card', 'order, card, currency')}AT = crontab(hour=3)\n`
  const { github, comments, check } = await review(path, before, after)
  expect(comments().length).toBeGreaterThan(1)
  const { summary } = check(github.state.pulls[0]!.head.sha)
  for (const text of [...github.state.reviews, ...comments()].map(({ body }) => body).concat(summary ?? '')) {
    expect(liveProse(text)).toEqual([])
    expect(text.replaceAll('\u200b', '')).not.toMatch(unseen)
    const alive = nodesOf(text).map((node) => (node.type === 'html' ? node.value : 'url' in node ? node.url : ''))
    expect(alive.join('\n')).not.toMatch(/<img|evil\.example|(?<!%40)octocat/)
  }
})
