import { execFileSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { clientOf, lines, refusalOf, repo, startSetting } from './setting.ts'

const { github, octokit, base, head, repository } = await startSetting()
const rawType = 'application/vnd.github.raw+json'

describe('trees', () => {
  test('list a commit, flat or whole', async () => {
    const flat = await octokit.rest.git.getTree({ ...repo, tree_sha: base })
    expect(flat.data.tree.map((entry) => entry.path)).toEqual(['README.md', 'shop'])
    const { data } = await octokit.rest.git.getTree({ ...repo, tree_sha: 'feature', recursive: '1' })
    expect(data.truncated).toBe(false)
    expect(data.tree).toContainEqual(
      expect.objectContaining({ path: 'shop/added.py', mode: '100644', type: 'blob', size: 23 }),
    )
    expect(data.tree).toContainEqual(expect.objectContaining({ path: 'shop', mode: '040000', type: 'tree' }))
    expect(await refusalOf(octokit.rest.git.getTree({ ...repo, tree_sha: 'nope' }))).toMatchObject({ status: 404 })
  })

  test('say when they are cut off', async () => {
    const small = await startSimulator({
      repository: { owner: 'acme', name: 'shop', gitDir: repository.dir },
      limits: { treeEntries: 3 },
    })
    afterAll(() => small.close())
    const client = clientOf(small, small.installationToken())
    const { data } = await client.rest.git.getTree({ ...repo, tree_sha: base, recursive: '1' })
    expect(data).toMatchObject({ truncated: true, tree: { length: 3 } })
  })

  test('name links and submodules by their modes', async () => {
    await repository.commit('Link', { link: { mode: '120000', content: 'shop/tasks.py' } }, { branch: 'links' })
    const { data } = await octokit.rest.git.getTree({ ...repo, tree_sha: 'links' })
    expect(data.tree).toMatchObject([{ path: 'link', mode: '120000', type: 'blob' }])
  })
})

describe('blobs and files', () => {
  const content = lines(40, { 10: 'changed 10', 30: 'changed 30' })

  test('come as base64 and as they are', async () => {
    const file = { ...repo, path: 'shop/tasks.py', ref: head }
    const { data } = await octokit.rest.repos.getContent(file)
    if (Array.isArray(data) || data.type !== 'file') throw new Error('not a file')
    expect(Buffer.from(data.content, 'base64').toString()).toBe(content)
    expect(data).toMatchObject({ name: 'tasks.py', path: 'shop/tasks.py', encoding: 'base64', size: content.length })
    const raw = await octokit.rest.repos.getContent({ ...file, mediaType: { format: 'raw' } })
    expect(raw.data).toBe(content)

    const blob = await octokit.rest.git.getBlob({ ...repo, file_sha: data.sha })
    expect(Buffer.from(blob.data.content, 'base64').toString()).toBe(content)
    const bytes = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
      ...repo,
      file_sha: data.sha,
      headers: { accept: rawType },
    })
    expect(String(bytes.data)).toBe(content)
  })

  test('are read at the default branch unless asked otherwise', async () => {
    const read = (ref?: string) =>
      octokit.rest.repos.getContent({
        ...repo,
        path: 'README.md',
        ...(ref ? { ref } : {}),
        mediaType: { format: 'raw' },
      })
    expect((await read()).data).toBe('# Shop\n')
    expect(await refusalOf(read('nope'))).toMatchObject({ status: 404, message: 'No commit found for the ref nope' })
  })

  test('are not found where there is none', async () => {
    const missing = { ...repo, path: '.github/celery-review.yml' }
    expect(await refusalOf(octokit.rest.repos.getContent(missing))).toEqual({ status: 404, message: 'Not Found' })
    expect(await refusalOf(octokit.rest.repos.getContent({ ...repo, path: 'shop' }))).toMatchObject({ status: 404 })
    expect(await refusalOf(octokit.rest.git.getBlob({ ...repo, file_sha: base }))).toMatchObject({ status: 404 })
    expect(github.refused).toEqual([])
  })

  test('have no content in JSON above a megabyte', async () => {
    const large = 'x'.repeat(1_000_001)
    await repository.commit('Large', { 'large.py': large }, { branch: 'large' })
    const file = { ...repo, path: 'large.py', ref: 'large' }
    expect((await octokit.rest.repos.getContent(file)).data).toMatchObject({
      encoding: 'none',
      content: '',
      size: 1_000_001,
    })
    expect((await octokit.rest.repos.getContent({ ...file, mediaType: { format: 'raw' } })).data).toBe(large)
  })
})

test('archives come behind a redirect, below one directory', async () => {
  const link = await octokit.request('GET /repos/{owner}/{repo}/tarball/{ref}', {
    ...repo,
    ref: 'feature',
    request: { redirect: 'manual' },
  })
  expect(link.status).toBe(302)
  const { data } = await octokit.rest.repos.downloadTarballArchive({ ...repo, ref: 'feature' })
  const listing = execFileSync('tar', ['-tzf', '-'], { input: Buffer.from(data as ArrayBuffer) }).toString()
  expect(listing.split('\n')).toContain(`acme-shop-${head.slice(0, 7)}/shop/tasks.py`)
})

test('a directory without a repository is refused', async () => {
  const start = startSimulator({ repository: { owner: 'acme', name: 'shop', gitDir: '/nowhere' } })
  await expect(start).rejects.toThrow()
})
