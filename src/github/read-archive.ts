/** Owns reading all files of a commit with one request. */
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Blob } from './blob-reader.ts'
import { blobSha } from './blob-sha.ts'
import { GitHubFailure } from './failure.ts'
import type { Octokit, RepositoryName } from './octokit.ts'
import { type ArchiveLimits, untar } from './untar.ts'

/**
 * The files of a commit, named by what they hold: an archive may leave files out or fill
 * in `$Format:$` (`export-ignore`, `export-subst`), so its word on what stands where is not taken.
 * @throws GitHubFailure, `unavailable` also when the archive is broken.
 */
export async function* readArchive(
  octokit: Octokit,
  repository: RepositoryName,
  commit: string,
  limits: ArchiveLimits,
): AsyncGenerator<Blob> {
  const { data } = await octokit.rest.repos.downloadTarballArchive({
    ...repository,
    ref: commit,
    request: { parseSuccessResponseBody: false },
  })
  const archive = Readable.fromWeb(data as Parameters<typeof Readable.fromWeb>[0])
  const unpacked = archive.pipe(createGunzip())
  archive.on('error', (error) => unpacked.destroy(error))
  try {
    for await (const bytes of untar(unpacked, limits)) yield { sha: blobSha(bytes), bytes }
  } catch (error) {
    const message = `the archive of ${commit} cannot be read: ${(error as Error).message}`
    throw new GitHubFailure({ kind: 'unavailable', message }, message)
  } finally {
    archive.destroy()
  }
}
