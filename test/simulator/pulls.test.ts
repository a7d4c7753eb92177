import { describe, expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { createRepository } from '../support/git-repository.ts'
import { clientOf, lines, refusalOf, repo, startSetting } from './setting.ts'

const { github, octokit, base, head, pull, repository } = await startSetting()

test('shows a pull request with the numbers of its diff', async () => {
  const { data } = await octokit.rest.pulls.get(pull)
  expect(data).toMatchObject({
    number: 1,
    title: 'Change two lines',
    state: 'open',
    draft: false,
    user: { login: 'alice', type: 'User' },
    head: { ref: 'feature', sha: head, label: 'acme:feature', repo: { full_name: 'acme/shop' } },
    base: { ref: 'main', sha: base },
    commits: 1,
    additions: 5,
    deletions: 7,
    changed_files: 5,
  })
})

test('measures from where the branches parted, not from the tip of the base', async () => {
  const tip = await repository.commit('Go on', { 'README.md': '# The shop\n' }, { branch: 'busy', from: base })
  const { number } = await github.openPull({ base: tip, head })
  const { data } = await octokit.rest.pulls.listFiles({ ...repo, pull_number: number })
  expect(data.map((file) => file.filename)).not.toContain('README.md')
})

test('gives the sides names of branches, however they were given', async () => {
  expect(await github.openPull({ base: 'feature~1', head })).toMatchObject({
    base: { ref: 'main', sha: base },
    head: { ref: `change-${head.slice(0, 7)}`, sha: head },
  })
})

test('refuses to open what GitHub would not', async () => {
  const stranger = await repository.commit('Another start', { 'x.py': '' }, { branch: 'stranger' })
  await expect(github.openPull({ base: 'main', head: 'nope' })).rejects.toThrow('no commit is named nope')
  await expect(github.openPull({ base: 'main', head: stranger })).rejects.toThrow('no history in common')
})

test('has no other pull requests and no other repositories', async () => {
  expect(await refusalOf(octokit.rest.pulls.get({ ...repo, pull_number: 999 }))).toEqual({
    status: 404,
    message: 'Not Found',
  })
  expect(await refusalOf(octokit.rest.pulls.get({ owner: 'acme', repo: 'other', pull_number: 1 }))).toMatchObject({
    status: 404,
  })
})

test('lists pull requests by state and head', async () => {
  const other = await github.openPull({ base: 'main', head: 'feature', fromFork: 'mallory', draft: true })
  await github.editPull(other.number, { state: 'closed' })
  const numbers = async (query: object) =>
    (await octokit.rest.pulls.list({ ...repo, ...query })).data.map(({ number }) => number)
  expect(await numbers({ head: 'acme:feature' })).toContain(pull.pull_number)
  expect(await numbers({ head: 'mallory:feature' })).toEqual([])
  expect(await numbers({ head: 'mallory:feature', state: 'closed' })).toEqual([other.number])
  expect(await numbers({ state: 'all', sort: 'created', direction: 'desc' })).toContain(other.number)
  const { data } = await octokit.rest.pulls.get({ ...repo, pull_number: other.number })
  expect(data).toMatchObject({
    draft: true,
    state: 'closed',
    head: { label: 'mallory:feature', repo: { full_name: 'mallory/shop', fork: true } },
    base: { repo: { full_name: 'acme/shop', fork: false } },
  })
})

describe('files', () => {
  test('come with the patch that git shows, and without one where there is none to show', async () => {
    const { data } = await octokit.rest.pulls.listFiles(pull)
    const files = new Map(data.map((file) => [file.filename, file]))
    expect(files.get('shop/tasks.py')).toMatchObject({ status: 'modified', additions: 2, deletions: 2, changes: 4 })
    expect(files.get('shop/tasks.py')?.patch).toBe(
      [
        '@@ -7,7 +7,7 @@ line 6',
        ' line 7',
        ' line 8',
        ' line 9',
        '-line 10',
        '+changed 10',
        ' line 11',
        ' line 12',
        ' line 13',
        '@@ -27,7 +27,7 @@ line 26',
        ' line 27',
        ' line 28',
        ' line 29',
        '-line 30',
        '+changed 30',
        ' line 31',
        ' line 32',
        ' line 33',
      ].join('\n'),
    )
    expect(files.get('shop/added.py')).toMatchObject({
      status: 'added',
      patch: expect.stringMatching(/^@@ -0,0 \+1,3 @@/),
    })
    expect(files.get('shop/gone.py')).toMatchObject({ status: 'removed', deletions: 5 })
    expect(files.get('shop/new_name.py')).toMatchObject({ status: 'renamed', previous_filename: 'shop/old_name.py' })
    expect(files.get('shop/new_name.py')).not.toHaveProperty('patch')
    expect(files.get('shop/logo.png')).toMatchObject({ status: 'modified', additions: 0 })
    expect(files.get('shop/logo.png')).not.toHaveProperty('patch')
  })

  test('leave out the patch of a file with too many lines, and still count them', async () => {
    const huge = await repository.commit('Huge', { 'huge.py': lines(20_001) }, { branch: 'huge', from: base })
    const { number } = await github.openPull({ base: 'main', head: huge })
    const { data } = await octokit.rest.pulls.listFiles({ ...repo, pull_number: number })
    expect(data).toMatchObject([{ filename: 'huge.py', additions: 20_001 }])
    expect(data[0]).not.toHaveProperty('patch')
  })

  test('leave out the patch of a file with too many bytes', async () => {
    const wide = await repository.commit('Wide', { 'wide.py': 'x'.repeat(500_001) }, { branch: 'wide', from: base })
    const { number } = await github.openPull({ base: 'main', head: wide })
    const { data } = await octokit.rest.pulls.listFiles({ ...repo, pull_number: number })
    expect(data[0]).not.toHaveProperty('patch')
  })

  test('come in pages of at most 100, with links, up to the limit', async () => {
    const many = await createRepository({ 'a.py': '' })
    const names = Array.from({ length: 250 }, (_, index) => `f${String(index).padStart(3, '0')}.py`)
    await many.commit('Many', Object.fromEntries(names.map((name) => [name, name])), { branch: 'many', from: 'main' })
    const limited = await startSimulator({
      repository: { owner: 'acme', name: 'shop', gitDir: many.dir },
      limits: { pullFiles: 240 },
    })
    const client = clientOf(limited, limited.installationToken())
    const { number } = await limited.openPull({ base: 'main', head: 'many' })
    const first = await client.rest.pulls.listFiles({ ...repo, pull_number: number, per_page: 500 })
    expect(first.data).toHaveLength(100)
    expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/)
    const all = await client.paginate(client.rest.pulls.listFiles, { ...repo, pull_number: number, per_page: 100 })
    expect(all.map((file) => file.filename)).toEqual(names.slice(0, 240))
    await limited.close()
    await many.remove()
  })

  test('survive names and contents that need quoting, and changes of type and mode', async () => {
    const odd = {
      'a b "c" \\d.py': 'x = 1\n',
      'größe.py': 'diff --git a/x b/x\n@@ -1 +1 @@\n--- a\n+++ b\n',
      'no-newline.py': 'x',
      'crlf.py': 'a\r\nb\r\n',
      'latin.py': Buffer.from([0x23, 0xe9, 0x0a]),
      'script.py': 'x\n',
      'empty.py': '',
      'README.md': { mode: '120000', content: 'shop/tasks.py' },
    } as const
    const first = await repository.commit('Odd', odd, { branch: 'odd', from: base })
    const second = await repository.commit(
      'Run',
      { 'script.py': { mode: '100755', content: 'x\n' } },
      { branch: 'odd' },
    )
    const files = async (from: string, to: string) => {
      const { number } = await github.openPull({ base: from, head: to })
      return (await octokit.rest.pulls.listFiles({ ...repo, pull_number: number })).data
    }
    const added = await files(base, first)
    const patches = new Map(added.map((file) => [file.filename, file.patch]))
    expect([...patches.keys()].sort()).toEqual(Object.keys(odd).sort())
    expect(patches.get('no-newline.py')).toBe('@@ -0,0 +1 @@\n+x\n\\ No newline at end of file')
    expect(patches.get('größe.py')).toContain('\n+diff --git a/x b/x\n+@@ -1 +1 @@\n+--- a\n++++ b')
    expect(patches.get('crlf.py')).toContain('+a\r\n+b\r')
    expect(patches.get('latin.py')).toContain('+#�')
    expect(patches.get('empty.py')).toBeUndefined()
    expect(added.find((file) => file.filename === 'README.md')).toMatchObject({ status: 'changed' })
    expect(await files(first, second)).toMatchObject([{ filename: 'script.py', status: 'modified', changes: 0 }])
  })
})

describe('commits', () => {
  test('are compared from where they parted', async () => {
    const tip = await repository.commit('Go on', { 'README.md': '# The shop\n' }, { branch: 'ahead', from: base })
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead: `${tip}...${head}` })
    expect(data).toMatchObject({
      status: 'diverged',
      ahead_by: 1,
      behind_by: 1,
      total_commits: 1,
      base_commit: { sha: tip },
      merge_base_commit: { sha: base },
      commits: [{ sha: head, parents: [{ sha: base }], commit: { message: 'Change two lines' } }],
    })
    expect(data.files?.map((file) => file.filename)).not.toContain('README.md')
    const ends = { ...repo, basehead: `${base}...${base}` }
    expect((await octokit.rest.repos.compareCommitsWithBasehead(ends)).data).toMatchObject({
      status: 'identical',
      files: [],
    })
    const unknown = { ...repo, basehead: 'main...nope' }
    expect(await refusalOf(octokit.rest.repos.compareCommitsWithBasehead(unknown))).toMatchObject({ status: 404 })
  })

  test('page with their files on the first page only', async () => {
    await repository.commit('Zero', { 'step.py': '' }, { branch: 'steps', from: base })
    const second = await repository.commit('One', { 'step.py': '1' }, { branch: 'steps' })
    await repository.commit('Two', { 'step.py': '2' }, { branch: 'steps' })
    const query = { ...repo, basehead: 'main...steps', per_page: 2 }
    const first = await octokit.rest.repos.compareCommitsWithBasehead(query)
    expect(first.data.commits).toHaveLength(2)
    expect(first.data.files).toHaveLength(1)
    expect(first.headers.link).toContain('rel="next"')
    expect(first.data.commits.at(-1)?.sha).toBe(second)
    const next = await octokit.rest.repos.compareCommitsWithBasehead({ ...query, page: 2 })
    expect(next.data.commits).toHaveLength(1)
    expect(next.data.files).toBeUndefined()
  })

  test('are found by SHA, branch and pull request', async () => {
    for (const ref of [head, head.slice(0, 8), 'feature', 'heads/feature', 'pull/1/head']) {
      expect((await octokit.rest.repos.getCommit({ ...repo, ref })).data.sha).toBe(head)
    }
    expect((await octokit.rest.repos.getCommit({ ...repo, ref: head })).data).toMatchObject({
      commit: { author: { name: 'Somebody', date: '2026-01-01T00:01:00Z' } },
      stats: { additions: 5, deletions: 7 },
    })
    expect(await refusalOf(octokit.rest.repos.getCommit({ ...repo, ref: 'nope' }))).toEqual({
      status: 422,
      message: 'No commit found for SHA: nope',
    })
    expect((await octokit.rest.pulls.listCommits(pull)).data).toMatchObject([{ sha: head }])
    const query = { ...repo, commit_sha: head }
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit(query)
    expect(data.map(({ number }) => number)).toContain(pull.pull_number)
  })
})
