import { expect, test } from 'vitest'
import { readTree } from '../../src/github/read-tree.ts'
import { name, startSetting } from './setting.ts'

test('lists files only, ordered by path, and names what it leaves out', async () => {
  const { octokit, commit, asked } = await startSetting({
    'b.py': 'b = 1\n',
    'a/z.py': 'z = 1\n',
    'a.py': 'a = 1\n',
    'run.py': { mode: '100755', content: 'run = 1\n' },
    'link.py': { mode: '120000', content: 'a.py' },
    'link.txt': { mode: '120000', content: 'a.py' },
  })
  const tree = await readTree(octokit, name, commit)
  expect(tree.files.map(({ path, size }) => [path, size])).toEqual([
    ['a.py', 6],
    ['a/z.py', 6],
    ['b.py', 6],
    ['run.py', 8],
  ])
  expect(tree.skipped).toEqual([{ path: 'link.py', reason: 'a symbolic link' }])
  expect(tree.isComplete).toBe(true)
  expect(asked()).toHaveLength(1)
})

test('walks the folders of a tree that is too large for one answer', async () => {
  const files = Object.fromEntries(
    ['a', 'b', 'c/d'].flatMap((folder) => [1, 2].map((n) => [`${folder}/${n}.py`, `${n}\n`])),
  )
  const { octokit, commit } = await startSetting(files, { limits: { treeEntries: 3 } })
  const tree = await readTree(octokit, name, commit)
  expect(tree.files.map(({ path }) => path)).toEqual(Object.keys(files).sort())
  expect(tree.isComplete).toBe(true)
})

test('says when a folder holds more than GitHub lists', async () => {
  const files = Object.fromEntries([1, 2, 3, 4].map((n) => [`${n}.py`, `${n}\n`]))
  const { octokit, commit } = await startSetting(files, { limits: { treeEntries: 3 } })
  const tree = await readTree(octokit, name, commit)
  expect([tree.files.length, tree.isComplete]).toEqual([3, false])
})
