/** Owns small git repositories for tests. The same commits give the same SHAs on every run. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Text or bytes; `null` removes the file; a mode makes it something else, such as a symbolic link (120000). */
export type FileContent = string | Buffer | null | { readonly mode: '100755' | '120000'; readonly content: string }
export type Files = Readonly<Record<string, FileContent>>

export interface CommitOptions {
  /** By default `main`; made when it is not there. */
  readonly branch?: string
  /** The parent, by default the tip of the branch. Another commit than the tip rewrites the branch. */
  readonly from?: string
}

export interface GitRepository {
  /** A bare git directory. */
  readonly dir: string
  /** Commits changes of files over the parent's, and gives the SHA. */
  commit(message: string, files: Files, options?: CommitOptions): Promise<string>
  /** Runs git and gives what it printed, without the final newline. */
  git(...args: string[]): Promise<string>
  remove(): Promise<void>
}

const firstCommit = Date.UTC(2026, 0, 1) / 1000

/** Makes an empty repository in a temporary directory, or one with a first commit of these files. */
export async function createRepository(files?: Files): Promise<GitRepository> {
  const dir = await mkdtemp(join(tmpdir(), 'repository-'))
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_DIR: dir }
  const git = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)('git', args, { cwd: dir, env, maxBuffer: 1e9 })
    return stdout.replace(/\n$/, '')
  }
  const tips = new Map<string, string>()
  let commits = 0

  const repository: GitRepository = {
    dir,
    git,
    async commit(message, changes, { branch = 'main', from = tips.get(branch) } = {}) {
      const who = `Somebody <somebody@example.com> ${firstCommit + 60 * commits++} +0000`
      const parts: (string | Buffer)[] = [`commit refs/heads/${branch}\nmark :1\ncommitter ${who}\n`, data(message)]
      // Without a parent the branch would be continued; a new root starts from nothing.
      if (from) parts.push(`from ${from}\n`)
      for (const [path, content] of Object.entries(changes)) parts.push(...change(path, content))
      parts.push('\nget-mark :1\n')
      const importer = spawn('git', ['fast-import', '--quiet', '--force'], { cwd: dir, env })
      importer.stdin.end(Buffer.concat(parts.map((part) => Buffer.from(part))))
      const [sha, trouble] = await Promise.all([text(importer.stdout), text(importer.stderr)])
      if (!sha) throw new Error(`git fast-import: ${trouble}`)
      tips.set(branch, sha)
      return sha
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  }
  await git('init', '--quiet', '--bare', '--initial-branch=main', dir)
  if (files) await repository.commit('Start', files)
  return repository
}

function change(path: string, content: FileContent): (string | Buffer)[] {
  const name = JSON.stringify(path)
  if (content === null) return [`D ${name}\n`]
  const isPlain = typeof content === 'string' || Buffer.isBuffer(content)
  const mode = isPlain ? '100644' : content.mode
  return [`M ${mode} inline ${name}\n`, data(isPlain ? content : content.content)]
}

function data(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')])
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString().trim()
}
