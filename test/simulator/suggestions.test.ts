import { expect, test } from 'vitest'
import { lines, startSetting } from './setting.ts'

const { github, octokit, repository, pull } = await startSetting()

/** Posts one comment and gives its id. */
async function comment(place: object, body: string): Promise<number> {
  const comments = [{ path: 'shop/tasks.py', body, ...place }] as never
  await octokit.rest.pulls.createReview({ ...pull, event: 'COMMENT', comments })
  return github.state.reviewComments.at(-1)!.id
}

const suggest = (...text: string[]) => ['Better:', '', '```suggestion', ...text, '```'].join('\n')
const changed = { 10: 'changed 10', 30: 'changed 30' }

test('the lines of the comment give way to the block', async () => {
  const id = await comment({ start_line: 9, line: 11 }, suggest('one', 'two'))
  const files = await github.applySuggestions(id)
  const expected = lines(40, changed).replace('line 9\nchanged 10\nline 11\n', 'one\ntwo\n')
  expect(Object.fromEntries(files)).toEqual({ 'shop/tasks.py': expected })
})

test('an empty block deletes them, an empty line stays one', async () => {
  const deletion = await comment({ line: 10 }, suggest())
  const text = lines(40, changed)
  expect((await github.applySuggestions(deletion)).get('shop/tasks.py')).toBe(text.replace('changed 10\n', ''))
  const blank = await comment({ line: 10 }, suggest(''))
  expect((await github.applySuggestions(blank)).get('shop/tasks.py')).toBe(text.replace('changed 10\n', '\n'))
})

test('a longer fence holds a shorter one', async () => {
  const id = await comment({ line: 10 }, '````suggestion\n"""\n```\n"""\n````')
  expect((await github.applySuggestions(id)).get('shop/tasks.py')).toContain('line 9\n"""\n```\n"""\nline 11\n')
})

test('several are committed in one go, each on its own lines', async () => {
  const first = await comment({ line: 10 }, suggest('a', 'b'))
  const second = await comment({ start_line: 29, line: 31 }, suggest('c'))
  const text = (await github.applySuggestions(first, second)).get('shop/tasks.py')
  expect(text).toBe(lines(40, changed).replace('changed 10', 'a\nb').replace('line 29\nchanged 30\nline 31', 'c'))
  const third = await comment({ start_line: 28, line: 29 }, suggest('d'))
  await expect(github.applySuggestions(second, third)).rejects.toThrow('another replaces the same lines')
})

test('what GitHub would not offer is refused', async () => {
  const refused = async (place: object, body: string) => github.applySuggestions(await comment(place, body))
  await expect(refused({ line: 10 }, 'No code.')).rejects.toThrow('the comment holds none')
  await expect(refused({ line: 10 }, '```python\nx\n```')).rejects.toThrow('the comment holds none')
  await expect(refused({ line: 10 }, suggest('changed 10'))).rejects.toThrow('it changes nothing')
  await expect(refused({ line: 10, side: 'LEFT' }, suggest('x'))).rejects.toThrow('it stands on deleted lines')

  const id = await comment({ line: 10 }, suggest('x'))
  const next = await repository.commit('Go on', { 'shop/tasks.py': lines(40, { 10: 'y' }) }, { branch: 'feature' })
  await github.pushTo(pull.pull_number, next)
  await expect(github.applySuggestions(id)).rejects.toThrow('it is outdated')
  await github.editPull(pull.pull_number, { state: 'closed' })
  await expect(github.applySuggestions(id)).rejects.toThrow('the pull request is closed')
})
