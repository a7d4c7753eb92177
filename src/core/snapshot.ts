/** Owns the port through which the engine sees a project: a listing of files and a way to read them. */

export interface FileEntry {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string
  /** The git blob SHA, or another name of the content that changes when it does. */
  readonly sha: string
  /** In bytes, where it is known without reading. */
  readonly size?: number
}

/** One state of a project. Symbolic links and submodules are not listed. */
export interface Snapshot {
  readonly files: readonly FileEntry[]
  /** Reads files; a file that cannot be read is missing from the answer. */
  read(files: readonly FileEntry[]): Promise<ReadonlyMap<string, Uint8Array>>
}

/** One file of a change, as git names it. */
export interface FileChange {
  readonly status: 'added' | 'modified' | 'removed' | 'renamed'
  readonly path: string
  /** Set when `status` is `renamed`. */
  readonly previousPath?: string
}
