/**
 * Owns what the simulator knows of the code: commits, trees, blobs and diffs of one git directory, read once and kept.
 * Which of it a request may see, and in which shape, is left to the routes.
 */
import type { Readable } from 'node:stream'
import { type FileDiff, parseDiff } from './diff.ts'
import { Git, type GitObject } from './git.ts'

export interface Person {
  readonly name: string
  readonly email: string
  /** ISO 8601, in UTC. */
  readonly date: string
}

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Person
  readonly committer: Person
  readonly message: string
}

interface TreeEntry {
  readonly path: string
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly sha: string
  /** In bytes; of blobs only. */
  readonly size?: number
}

interface Tree {
  readonly sha: string
  readonly entries: readonly TreeEntry[]
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const keptAnswers = 32

export class Repository {
  readonly #git: Git
  readonly #diffs = new Map<string, Promise<FileDiff[]>>()
  readonly #trees = new Map<string, Promise<Tree>>()
  readonly #ranges = new Map<string, Promise<string[]>>()

  private constructor(git: Git) {
    this.#git = git
  }

  /** @throws when `gitDir` holds no git repository. */
  static async open(gitDir: string): Promise<Repository> {
    return new Repository(await Git.open(gitDir))
  }

  close(): Promise<void> {
    return this.#git.close()
  }

  /** The object that a revision expression names, `<sha>:<path>` included. */
  object(expression: string): Promise<GitObject | undefined> {
    return this.#git.object(expression)
  }

  /** The commit that a SHA or a reference names. */
  async commit(revision: string): Promise<Commit | undefined> {
    const object = await this.#git.object(`${revision}^{commit}`)
    return object && parseCommit(object)
  }

  /** The branch that HEAD names. */
  async defaultBranch(): Promise<string> {
    const name = await this.#git.run('symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => '')
    return name.toString().trim() || 'main'
  }

  /** The tree of a commit or of a tree, one level deep or whole. */
  async tree(revision: string, recursive: boolean): Promise<Tree | undefined> {
    const object = await this.#git.object(`${revision}^{tree}`)
    if (!object) return undefined
    return remember(this.#trees, `${object.sha} ${recursive}`, async () => {
      const flags = recursive ? ['-r', '-t'] : []
      const listing = await this.#git.run('ls-tree', '-l', '-z', ...flags, object.sha)
      return { sha: object.sha, entries: parseTree(listing.toString()) }
    })
  }

  /** What `to` changes over `from`; without `from`, all that `to` holds. Renames are found as git finds them. */
  diff(from: string | undefined, to: string): Promise<FileDiff[]> {
    const range = [from ?? emptyTree, to]
    return remember(this.#diffs, range.join(' '), async () => {
      const flags = ['-r', '--full-index', '--find-renames', '-l1000', '--no-ext-diff', '--no-textconv']
      const [raw, patch] = await Promise.all([
        this.#git.run('diff-tree', '--raw', '-z', ...flags, ...range),
        this.#git.run('diff-tree', '--patch', '--unified=3', ...flags, ...range),
      ])
      return parseDiff(raw.toString(), patch.toString())
    })
  }

  /** The best common ancestor of two commits, or nothing when their histories never met. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    const range = await remember(this.#ranges, `base ${one} ${other}`, async () => {
      const sha = await this.#git.run('merge-base', one, other).catch((error: { code?: number }) => {
        if (error.code === 1) return ''
        throw error
      })
      return [sha.toString().trim()]
    })
    return range[0] || undefined
  }

  /** The commits that `to` has and `from` has not, oldest first. */
  commitsBetween(from: string, to: string): Promise<string[]> {
    return remember(this.#ranges, `${from}..${to}`, async () => {
      const list = await this.#git.run('rev-list', '--reverse', '--topo-order', to, `^${from}`)
      return list.toString().split('\n').filter(Boolean)
    })
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return (await this.mergeBase(ancestor, descendant)) === ancestor
  }

  /** A gzipped tar of a commit, below one directory named `prefix`. */
  archive(sha: string, prefix: string): Readable {
    return this.#git.stream('archive', '--format=tar.gz', `--prefix=${prefix}/`, sha)
  }
}

function parseCommit({ sha, content }: GitObject): Commit {
  const text = content.toString()
  const end = text.indexOf('\n\n')
  const parents: string[] = []
  const fields = new Map<string, string>()
  for (const line of text.slice(0, end < 0 ? undefined : end).split('\n')) {
    const space = line.indexOf(' ')
    if (line.startsWith('parent ')) parents.push(line.slice(space + 1))
    else if (space > 0) fields.set(line.slice(0, space), line.slice(space + 1))
  }
  return {
    sha,
    tree: fields.get('tree') ?? emptyTree,
    parents,
    author: parsePerson(fields.get('author')),
    committer: parsePerson(fields.get('committer')),
    message: end < 0 ? '' : text.slice(end + 2).trimEnd(),
  }
}

function parsePerson(text = ''): Person {
  const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<(.*)> (\d+) [+-]\d{4}$/.exec(text) ?? []
  return { name, email, date: toTimestamp(Number(seconds) * 1000) }
}

/** A moment in milliseconds as GitHub writes it. */
export const toTimestamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')

function parseTree(listing: string): TreeEntry[] {
  return listing
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode, type, sha, size] = line.slice(0, tab).split(/ +/)
      const entry = { path: line.slice(tab + 1), mode: mode!, type: type as TreeEntry['type'], sha: sha! }
      return size === '-' ? entry : { ...entry, size: Number(size) }
    })
}

/** Makes an answer once and keeps the last few; one that failed is not kept. */
function remember<T>(answers: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let answer = answers.get(key)
  answers.delete(key)
  if (!answer) {
    answer = make()
    answer.catch(() => answers.delete(key))
  }
  answers.set(key, answer)
  for (const oldest of answers.keys()) {
    if (answers.size <= keptAnswers) break
    answers.delete(oldest)
  }
  return answer
}
