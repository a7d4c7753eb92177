/**
 * Owns the git binary: one long-lived `cat-file` for objects, one process for everything else. Reads only; what is
 * written to a repository is none of its business. What the answers mean is left to `repository.ts`.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'

export interface GitObject {
  readonly sha: string
  readonly type: 'blob' | 'tree' | 'commit' | 'tag'
  readonly content: Buffer
}

/** Reads one git directory, bare or not. */
export class Git {
  readonly #env: NodeJS.ProcessEnv
  #objects: ObjectReader | undefined

  private constructor(readonly dir: string) {
    this.#env = { ...isolatedEnvironment(), GIT_DIR: dir }
  }

  /** @throws when `dir` holds no git repository. */
  static async open(dir: string): Promise<Git> {
    const { stdout } = await promisify(execFile)('git', ['-C', dir, 'rev-parse', '--absolute-git-dir'], {
      env: isolatedEnvironment(),
    })
    return new Git(stdout.trim())
  }

  /** Runs git and gives what it printed. @throws with git's own message when it fails. */
  async run(...args: string[]): Promise<Buffer> {
    const { stdout } = await promisify(execFile)('git', args, {
      cwd: this.dir,
      env: this.#env,
      encoding: 'buffer',
      maxBuffer: Number.POSITIVE_INFINITY,
    })
    return stdout
  }

  /** Runs git and gives its output as it comes. */
  stream(...args: string[]): Readable {
    return spawn('git', args, { cwd: this.dir, env: this.#env, stdio: ['ignore', 'pipe', 'ignore'] }).stdout
  }

  /** The object that a revision expression names (`sha`, `main^{commit}`, `sha:path`), or nothing. */
  async object(name: string): Promise<GitObject | undefined> {
    if (name.trim() === '' || /[\n\0]/.test(name)) return undefined
    this.#objects ??= new ObjectReader(
      spawn('git', ['cat-file', '--batch'], { cwd: this.dir, env: this.#env, stdio: ['pipe', 'pipe', 'ignore'] }),
    )
    return this.#objects.read(name)
  }

  async close(): Promise<void> {
    await this.#objects?.close()
    this.#objects = undefined
  }
}

/** The same answers on every machine: no configuration but the repository's own, no prompt, no network, no lock taken. */
function isolatedEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  return {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  }
}

interface Waiting {
  resolve(object: GitObject | undefined): void
  reject(error: Error): void
}

/** Speaks the protocol of `git cat-file --batch`: a name a line in; a header line and the content out, in the same order. */
class ObjectReader {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting: Waiting[] = []
  readonly #exited: Promise<void>
  #chunks: Buffer[] = []
  #size = 0
  #header: { sha: string; type: GitObject['type']; size: number } | undefined

  constructor(process: ChildProcessByStdio<Writable, Readable, null>) {
    this.#process = process
    process.stdout.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#size += chunk.length
      while (this.#step());
    })
    this.#exited = new Promise((resolve) => {
      const fail = (cause?: Error) => {
        const error = new Error('git cat-file ended', { cause })
        for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
        resolve()
      }
      process.on('error', fail)
      process.on('exit', () => fail())
    })
    // A write to a process that is gone fails here as well; the readers learn it from its exit.
    process.stdin.on('error', () => {})
  }

  read(name: string): Promise<GitObject | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#process.stdin.write(`${name}\n`)
    })
  }

  async close(): Promise<void> {
    this.#process.stdin.end()
    await this.#exited
  }

  /** Takes one header or one content off the stream; false when it has not arrived in full. */
  #step(): boolean {
    if (!this.#header) {
      const line = this.#takeLine()
      if (line === undefined) return false
      const [, sha, type, size] = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line) ?? []
      if (sha) this.#header = { sha, type: type as GitObject['type'], size: Number(size) }
      else this.#waiting.shift()?.resolve(undefined)
      return true
    }
    const { sha, type, size } = this.#header
    if (this.#size <= size) return false
    const content = this.#take(size + 1).subarray(0, size)
    this.#header = undefined
    this.#waiting.shift()?.resolve({ sha, type, content })
    return true
  }

  #takeLine(): string | undefined {
    let before = 0
    for (const chunk of this.#chunks) {
      const end = chunk.indexOf(0x0a)
      if (end >= 0) return this.#take(before + end + 1).toString('utf8', 0, before + end)
      before += chunk.length
    }
    return undefined
  }

  #take(length: number): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#chunks = all.length > length ? [all.subarray(length)] : []
    this.#size -= length
    return all.subarray(0, length)
  }
}
