/** Owns the snapshot of a directory that is no git checkout, and the question which directories are none of a project's. */
import { type Dirent, existsSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { DiskFiles } from './disk-files.ts'
import { type ListedSnapshot, Listing } from './listing.ts'

/** Names of directories that hold other people's code, or none. */
const foreignNames = new Set([
  '.git',
  '.hg',
  '.nox',
  '.svn',
  '.tox',
  '.venv',
  '__pycache__',
  '__pypackages__',
  'node_modules',
  'site-packages',
  'venv',
])

/** Whether a directory is none of the project's. Every virtual environment carries a `pyvenv.cfg` (PEP 405). */
const isForeignDirectory = (directory: string, name: string): boolean =>
  foreignNames.has(name) || existsSync(join(directory, name, 'pyvenv.cfg'))

/** A test whether a file below `root` lies in a directory that is none of the project's, at any depth. */
export function foreignFiles(root: string): (path: string) => boolean {
  const known = new Map([['.', false]])
  const isForeign = (directory: string): boolean => {
    const parent = posix.dirname(directory)
    const answer =
      known.get(directory) ?? (isForeign(parent) || isForeignDirectory(join(root, parent), posix.basename(directory)))
    known.set(directory, answer)
    return answer
  }
  return (path) => isForeign(posix.dirname(path))
}

/** The files below a directory, as they are now. Symbolic links are not followed. */
export async function readDirectory(root: string): Promise<ListedSnapshot> {
  const listing = new Listing()
  const disk = new DiskFiles(root)
  const prefixes = ['']
  for (let prefix = prefixes.pop(); prefix !== undefined; prefix = prefixes.pop()) {
    const directory = join(root, prefix)
    for (const entry of readEntries(directory, prefix, listing)) {
      if (!entry.isDirectory()) disk.list(prefix + entry.name, listing)
      else if (!isForeignDirectory(directory, entry.name)) prefixes.push(`${prefix}${entry.name}/`)
    }
  }
  return listing.toSnapshot(async (files) => disk.read(files))
}

function readEntries(directory: string, prefix: string, listing: Listing): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    listing.skipped.push({ path: prefix || '.', reason: `cannot be read (${code ?? message})` })
    return []
  }
}
