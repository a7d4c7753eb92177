/** Owns the git repository of the demo: a small Django shop, and a pull request to it. The same files give the same commits. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { endOfGit, runGit, startGit } from '../../git/run.ts'
import { packageRoot } from '../package.ts'

export const shopPullRequest = {
  owner: 'juniper-and-finch',
  name: 'shop',
  base: 'main',
  head: 'loyalty-points',
  title: 'Add loyalty points and supplier sync',
  author: 'tomasz',
  body: `Customers collect a point for every euro. Points expire after a year, show up in the wallet pass, and a statement
can be sent by mail.

Prices and stock now follow the feeds of our suppliers. Confirmations are written in the customer's language.`,
} as const

/**
 * Makes a bare repository with both branches in a temporary directory, which is the caller's to remove.
 * @throws UserError when there is no git.
 */
export async function createShopRepository(): Promise<string> {
  const gitDir = await mkdtemp(join(tmpdir(), 'celery-review-demo-'))
  try {
    const { base, head, title } = shopPullRequest
    await runGit(['init', '--quiet', '--bare', '--object-format=sha1', gitDir])
    await runGit(['symbolic-ref', 'HEAD', `refs/heads/${base}`], gitDir)
    // `git commit` would ask the user's configuration for a name, a signature and hooks.
    const importer = startGit(['fast-import', '--quiet'], gitDir)
    const end = endOfGit(importer)
    const opening = await commitOf('base', { branch: base, message: 'Open the shop', at: '2026-01-12T09:00:00Z' })
    const change = await commitOf('head', { branch: head, message: title, at: '2026-01-19T14:30:00Z', from: base })
    importer.stdin.end(Buffer.concat([opening, change]))
    await end
    return gitDir
  } catch (error) {
    await rm(gitDir, { recursive: true, force: true })
    throw error
  }
}

interface Commit {
  readonly branch: string
  readonly message: string
  readonly at: string
  readonly from?: string
}

/** A commit of all the files of a directory, as git fast-import reads it: https://git-scm.com/docs/git-fast-import#_input_format */
async function commitOf(directory: 'base' | 'head', { branch, message, at, from }: Commit): Promise<Buffer> {
  const root = join(packageRoot(), 'src/cli/demo/shop', directory)
  const seconds = Date.parse(at) / 1000
  const parts = [
    `commit refs/heads/${branch}\ncommitter ${shopPullRequest.author} <tomasz@juniper-finch.example> ${seconds} +0000\n`,
    ...dataOf(Buffer.from(message)),
    from === undefined ? '' : `from refs/heads/${from}\n`,
    'deleteall\n',
  ]
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  // Whoever compiles the shop to try it leaves its caches there.
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
  for (const { parentPath, name } of files) {
    const file = join(parentPath, name)
    const path = file.slice(root.length + 1).replaceAll(sep, '/')
    parts.push(`M 100644 inline ${path}\n`, ...dataOf(await readFile(file)))
  }
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}

const dataOf = (content: Buffer): (string | Buffer)[] => [`data ${content.length}\n`, content, '\n']
