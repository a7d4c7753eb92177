/** Owns real git repositories in temporary directories, for tests of what reads them. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A directory that is removed when the test ends. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'celery-review-test-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export function writeFile(root: string, path: string, content: string | Uint8Array): void {
  const place = join(root, path)
  mkdirSync(dirname(place), { recursive: true })
  writeFileSync(place, content)
}

export class TemporaryRepository {
  readonly gitDir: string

  constructor(readonly root: string = temporaryDirectory()) {
    this.gitDir = join(root, '.git')
    this.git('init', '--quiet', '--initial-branch=main')
  }

  /** Runs git in the repository, untouched by the machine's configuration, and returns what it printed. */
  git(...args: string[]): string {
    const identity = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.org', '-c', 'commit.gpgSign=false']
    const env = { PATH: process.env.PATH, HOME: this.root, GIT_CONFIG_NOSYSTEM: '1' }
    return execFileSync('git', [...identity, ...args], { cwd: this.root, env, stdio: 'pipe' })
      .toString()
      .trim()
  }

  write(path: string, content: string | Uint8Array): void {
    writeFile(this.root, path, content)
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true })
  }

  /** Writes files, commits all that changed, and returns the commit's SHA. */
  commit(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
    for (const [path, content] of Object.entries(files)) this.write(path, content)
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--message', 'A change')
    return this.git('rev-parse', 'HEAD')
  }
}
