/** Owns reading the contents of many blobs through one `git cat-file` process. Which blobs, and why, is the caller's. */
import { UserError } from '../core/errors.ts'
import { endOfGit, GitFailure, startGit } from './run.ts'

/** Runs of git that die without a single answer before a repository counts as unreadable and not as damaged in places. */
const fruitlessRuns = 3

/**
 * Reads blobs by their SHA. A blob that is missing or damaged is missing from the answer.
 * @throws UserError when git cannot read the repository at all.
 */
export async function readBlobs(gitDir: string, shas: Iterable<string>): Promise<Map<string, Uint8Array>> {
  const blobs = new Map<string, Uint8Array>()
  let pending = [...new Set(shas)]
  let fruitless = 0
  while (pending.length > 0) {
    const { answered, failure } = await askForBlobs(gitDir, pending, blobs)
    if (failure === undefined) break
    fruitless = answered === 0 ? fruitless + 1 : 0
    if (fruitless >= fruitlessRuns) throw new UserError(`${gitDir}: git cannot read it: ${failure.message}`)
    // git dies at the first blob whose content is damaged; the others can still be read.
    pending = pending.slice(answered + 1)
  }
  return blobs
}

/** One run of `git cat-file --batch`; each blob goes straight into a buffer of its own, so that nothing is held twice. */
async function askForBlobs(
  gitDir: string,
  shas: readonly string[],
  blobs: Map<string, Uint8Array>,
): Promise<{ answered: number; failure?: GitFailure }> {
  const git = startGit(['--git-dir', gitDir, 'cat-file', '--batch', '--buffer'], '/')
  const answers = new BatchReader((sha, content) => {
    if (content !== undefined) blobs.set(sha, content)
  })
  git.stdout.on('data', (chunk: Buffer) => answers.write(chunk))
  // A git that died closes its input; how it ended says why.
  git.stdin.on('error', () => {})
  git.stdin.end(`${shas.join('\n')}\n`)
  try {
    await endOfGit(git)
    return { answered: answers.count }
  } catch (error) {
    if (error instanceof GitFailure) return { answered: answers.count, failure: error }
    throw error
  }
}

/** Takes apart what `git cat-file --batch` writes: `<sha> <type> <size>\n<content>\n`, or `<sha> missing\n`. */
export class BatchReader {
  /** Answers that are complete. */
  count = 0
  #header = ''
  #sha = ''
  #content: Buffer | undefined
  #filled = 0
  readonly #onAnswer: (sha: string, content: Uint8Array | undefined) => void

  constructor(onAnswer: (sha: string, content: Uint8Array | undefined) => void) {
    this.#onAnswer = onAnswer
  }

  write(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) at = this.#content ? this.#readContent(chunk, at) : this.#readHeader(chunk, at)
  }

  #readHeader(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(10, at)
    if (newline < 0) {
      this.#header += chunk.toString('latin1', at)
      return chunk.length
    }
    const [sha = '', , size] = (this.#header + chunk.toString('latin1', at, newline)).split(' ')
    this.#header = ''
    if (size === undefined) {
      this.#answer(sha, undefined)
    } else {
      this.#sha = sha
      this.#content = Buffer.allocUnsafeSlow(Number(size) + 1)
      this.#filled = 0
    }
    return newline + 1
  }

  /** The content's last byte is the newline that ends the answer. */
  #readContent(chunk: Buffer, at: number): number {
    const content = this.#content!
    const copied = chunk.copy(content, this.#filled, at)
    this.#filled += copied
    if (this.#filled === content.length) {
      this.#content = undefined
      this.#answer(this.#sha, content.subarray(0, -1))
    }
    return at + copied
  }

  #answer(sha: string, content: Uint8Array | undefined): void {
    this.count++
    this.#onAnswer(sha, content)
  }
}
