/** Owns the calls of the git binary: how it is started, what it inherits and how its failures read. Knows no command. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { UserError } from '../core/errors.ts'

/** git ended with another exit code than 0. */
export class GitFailure extends Error {
  override name = 'GitFailure'

  constructor(
    readonly exitCode: number | null,
    /** The line of git's complaint that says what is wrong; empty when it said nothing. */
    readonly complaint: string,
  ) {
    super(complaint || `git ended with exit code ${exitCode}`)
  }
}

/**
 * What git inherits: no `GIT_*` variable of a hook or a wrapper that would point it elsewhere, but the variables by which
 * a machine hands configuration (such as `safe.directory`) to it. git must not write, fetch, ask or replace objects here.
 */
function gitEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || /^GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)$/.test(name),
  )
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
  }
}

/** Starts git in a directory. A file system monitor is a program that the repository's configuration names: never started. */
export function startGit(args: readonly string[], directory: string): ChildProcessWithoutNullStreams {
  return spawn('git', ['-c', 'core.fsmonitor=false', ...args], { cwd: directory, env: gitEnvironment() })
}

/**
 * Waits for the end of a git process.
 * @throws GitFailure when it fails, UserError when there is no git.
 */
export function endOfGit(git: ChildProcessWithoutNullStreams): Promise<void> {
  const errors: Buffer[] = []
  git.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  return new Promise((resolve, reject) => {
    git.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? new UserError('git was not found: install git, or put it on the PATH') : error)
    })
    git.on('close', (code) => (code === 0 ? resolve() : reject(new GitFailure(code, complaintIn(errors)))))
  })
}

function complaintIn(errors: readonly Buffer[]): string {
  const lines = Buffer.concat(errors).toString().split('\n')
  const fatal = lines.find((line) => line.startsWith('fatal: ')) ?? lines.find((line) => line.trim() !== '')
  return fatal?.replace(/^(fatal|error): /, '').trim() ?? ''
}

/**
 * Runs git to its end and returns what it wrote to standard output.
 * @throws GitFailure when it fails, UserError when there is no git.
 */
export async function runGit(args: readonly string[], directory = '/'): Promise<Buffer> {
  const git = startGit(args, directory)
  const output: Buffer[] = []
  git.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  git.stdin.end()
  await endOfGit(git)
  return Buffer.concat(output)
}

/** The records of a `-z` output. Bytes that are no UTF-8 become U+FFFD. */
export function recordsOf(output: Buffer): string[] {
  const records = output.toString().split('\0')
  records.pop()
  return records
}
