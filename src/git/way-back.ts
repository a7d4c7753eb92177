/** Owns turning a commit's way back to an older one into a branch, in a repository beside the one that has them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endOfGit, runGit, startGit } from './run.ts'

export interface WayBack {
  readonly gitDir: string
  /** One commit that follows on the newer one and has the files of the older one. */
  readonly head: string
  remove(): Promise<void>
}

/** Makes a bare repository in a temporary directory that borrows the objects of `gitDir`, which is not written to. */
export async function makeWayBack(gitDir: string, newer: string, older: string): Promise<WayBack> {
  const made = await mkdtemp(join(tmpdir(), 'celery-review-way-back-'))
  const remove = () => rm(made, { recursive: true, force: true })
  try {
    const ask = async (...args: string[]) => (await runGit(['--git-dir', gitDir, ...args])).toString().trim()
    const format = await ask('rev-parse', '--show-object-format')
    const objects = await ask('rev-parse', '--path-format=absolute', '--git-path', 'objects')
    await runGit(['init', '--quiet', '--bare', `--object-format=${format}`, made])
    await writeFile(join(made, 'objects/info/alternates'), `${objects}\n`)
    // `git commit-tree` would ask the user's configuration for a name, and the clock for a time.
    const nobody = 'nobody <nobody@example.org> 0 +0000'
    const tree = await ask('rev-parse', `${older}^{tree}`)
    const commit = `tree ${tree}\nparent ${newer}\nauthor ${nobody}\ncommitter ${nobody}\n\nBack to ${older.slice(0, 12)}\n`
    return { gitDir: made, head: await writeCommit(made, commit), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function writeCommit(gitDir: string, text: string): Promise<string> {
  const git = startGit(['--git-dir', gitDir, 'hash-object', '-t', 'commit', '-w', '--stdin'], gitDir)
  const output: Buffer[] = []
  git.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  const end = endOfGit(git)
  git.stdin.end(text)
  await end
  return Buffer.concat(output).toString().trim()
}
