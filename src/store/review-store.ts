/**
 * Owns the port to what the app remembers of a pull request and GitHub does not keep: what people muted and paused, what
 * was said, and what was left open. What GitHub keeps (comments, threads, who resolved them) is read there each time.
 *
 * Every adapter holds these invariants, and `test/store/conformance.ts` proves them:
 *
 * 1. When `change` has answered, what it answered is stored, and every later `read` sees it.
 * 2. Changes of one pull request follow each other: none is made of a state that another one has replaced meanwhile.
 * 3. A pull request is known by its repository's id and its number: a transfer to another installation loses nothing.
 * 4. What comes out is equal to what went in, and is the caller's own: changing it changes nothing that is stored.
 */

export interface PullRef {
  /** The one that it was last heard of through; when that is removed, the pull request is forgotten. */
  readonly installationId: number
  /** Survives renames and transfers. */
  readonly repositoryId: number
  readonly number: number
}

/** A rule that somebody asked not to hear of any more, on this pull request. Times are in milliseconds since the epoch. */
export interface Mute {
  readonly rule: string
  /** Only these findings, when it was said in the thread of one comment; without it, every finding of the rule. */
  readonly fingerprints?: readonly string[]
  /** As it was written, one line; untrusted. */
  readonly reason?: string
  /** The login of whoever asked. */
  readonly by: string
  readonly at: number
}

export interface Pause {
  readonly by: string
  readonly at: number
}

/** A check run that was shown as in progress and not concluded yet. */
export interface OpenCheckRun {
  /** Unknown while it is being opened, and for good when that was never answered or its process died meanwhile. */
  readonly id?: number
  /** The commit that it stands on. */
  readonly head: string
  readonly at: number
  /** Tells the run that opens it from others. */
  readonly run?: string
}

export interface PullState {
  readonly mutes: readonly Mute[]
  readonly pause?: Pause
  /** The fingerprints that comments of ours carry. One whose comment is gone was deleted by a person. */
  readonly said: readonly string[]
  readonly openChecks: readonly OpenCheckRun[]
  /** The head whose check run was concluded last, whether it was reviewed or skipped for a reason. */
  readonly settledHead?: string
}

/** Of a pull request that nothing is known of. */
export const unknownPull: PullState = { mutes: [], said: [], openChecks: [] }

export interface ReviewStore {
  read(pull: PullRef): Promise<PullState>
  /**
   * Replaces what is known by what `change` makes of it, and gives that back. `change` must be pure and synchronous; it
   * may be called more than once.
   */
  change(pull: PullRef, change: (state: PullState) => PullState): Promise<PullState>
  /** Every check run that was opened before a time (milliseconds since the epoch) and is still open, oldest first. */
  openChecks(before: number): Promise<{ readonly pull: PullRef; readonly check: OpenCheckRun }[]>
  /** Forgets all that was heard of through an installation. */
  forgetInstallation(installationId: number): Promise<void>
  /** Forgets the pull requests that were last changed before a time, and says how many those were. */
  forgetUnchangedSince(time: number): Promise<number>
}
