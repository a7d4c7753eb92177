import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lines, refusalOf, repo, startSetting } from './setting.ts'

const { github, octokit, repository, base, head, pull } = await startSetting()

const shown = async () => (await octokit.rest.pulls.listReviewComments(pull)).data

test('a push moves comments with their lines and leaves reviews where they were made', async () => {
  await octokit.rest.pulls.createReview({
    ...pull,
    commit_id: head,
    event: 'COMMENT',
    comments: [
      { path: 'shop/tasks.py', line: 10, body: 'This line is rewritten.' },
      { path: 'shop/tasks.py', start_line: 29, line: 31, body: 'These lines shift.' },
      { path: 'shop/tasks.py', side: 'LEFT', line: 30, body: 'This one is deleted.' },
      { path: 'shop/added.py', line: 1, body: 'This file goes.' },
    ],
  })
  const text = `new 1\nnew 2\n${lines(40, { 10: 'changed again', 30: 'changed 30' })}`
  const second = await repository.commit(
    'Go on',
    { 'shop/tasks.py': text, 'shop/added.py': null },
    { branch: 'feature' },
  )
  await github.pushTo(pull.pull_number, 'feature')
  expect(await shown()).toMatchObject([
    { line: null, position: null, original_line: 10, commit_id: head, original_commit_id: head },
    { line: 33, start_line: 31, original_line: 31, original_start_line: 29, commit_id: second },
    { line: 30, side: 'LEFT', commit_id: second },
    { line: null, original_line: 1, path: 'shop/added.py' },
  ])
  expect((await octokit.rest.pulls.listReviews(pull)).data).toMatchObject([{ commit_id: head }])
  expect((await octokit.rest.pulls.get(pull)).data).toMatchObject({ head: { sha: second }, commits: 2 })
})

test('the old head is still a commit of the pull request, and can be reviewed', async () => {
  const { data } = await octokit.rest.pulls.createReview({ ...pull, commit_id: head, event: 'COMMENT', body: 'Late.' })
  expect(data.commit_id).toBe(head)
})

test('a force-push has to be one, and points reviews at the new head', async () => {
  const rewritten = await repository.commit(
    'Change two lines, better',
    { 'shop/tasks.py': lines(40, { 10: 'changed 10', 20: 'changed 20' }) },
    { branch: 'rewritten', from: base },
  )
  await expect(github.pushTo(pull.pull_number, rewritten)).rejects.toThrow('it takes a force-push')
  await github.pushTo(pull.pull_number, rewritten, { force: true })
  const reviews = (await octokit.rest.pulls.listReviews(pull)).data
  expect(reviews.map((review) => review.commit_id)).toEqual([rewritten, rewritten])
  expect(await shown()).toMatchObject([
    { line: 10, commit_id: rewritten },
    { line: null },
    { line: null },
    { line: null },
  ])

  const stale = octokit.rest.pulls.createReview({ ...pull, commit_id: head, event: 'COMMENT', body: 'Too late.' })
  expect(await refusalOf(stale)).toMatchObject({
    status: 422,
    errors: ['The commitOID is not part of the pull request'],
  })
})

test('another base changes what may carry a comment', async () => {
  const further = await repository.commit(
    'Further',
    { 'shop/tasks.py': lines(40, { 10: 'changed 10' }) },
    { branch: 'further', from: base },
  )
  const top = await repository.commit('Top', { 'README.md': '# New\n' }, { branch: 'top', from: further })
  const { number } = await github.openPull({ base: 'main', head: top })
  const target = { ...repo, pull_number: number }
  const comments = [{ path: 'shop/tasks.py', line: 10, body: 'Here.' }]
  await octokit.rest.pulls.createReview({ ...target, event: 'COMMENT', comments })
  await github.editPull(number, { base: 'further' })
  expect((await octokit.rest.pulls.get(target)).data.base).toMatchObject({ ref: 'further', sha: further })
  expect((await octokit.rest.pulls.listReviewComments(target)).data).toMatchObject([{ line: null }])
  const again = octokit.rest.pulls.createReview({ ...target, event: 'COMMENT', comments })
  expect(await refusalOf(again)).toMatchObject({ errors: ['Path could not be resolved'] })
})

test('the git directory is left as it was', async () => {
  const before = await contentOf(repository.dir)
  await github.pushTo(pull.pull_number, base, { force: true })
  await octokit.rest.repos.getCommit({ ...repo, ref: 'feature' })
  await octokit.rest.pulls.get(pull)
  expect(await contentOf(repository.dir)).toEqual(before)
})

/** The files of a directory, with the times of their last change. */
async function contentOf(dir: string): Promise<string[]> {
  const names = (await readdir(dir, { recursive: true })).sort()
  return Promise.all(names.map(async (name) => `${name} ${(await stat(join(dir, name))).mtimeMs}`))
}
