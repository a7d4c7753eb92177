/**
 * Owns what a job asks for. A job names a subject, never a commit to review: between the webhook and the run the head
 * may have moved, so the worker asks GitHub for the head that holds when it starts.
 */

export interface RepositoryRef {
  /** Survives renames and transfers. */
  readonly id: number
  readonly owner: string
  readonly name: string
}

export type Subject =
  | { readonly kind: 'pull-request'; readonly number: number }
  /** Every open pull request whose head is this commit. */
  | { readonly kind: 'commit'; readonly sha: string }
  /** A merge group waits for the check of this commit. */
  | { readonly kind: 'merge-group'; readonly sha: string }

/** A slash command that somebody wrote, and that waits for its answer. */
export interface CommandRequest {
  readonly commentId: number
  /** The first comment of the review thread that it was written in; absent when it was written on the conversation. */
  readonly thread?: number
  readonly author: string
  /** The comment as it was written. */
  readonly body: string
}

export interface ReviewJob {
  /** The newest delivery that asked for it, for the logs. */
  readonly delivery: string
  readonly installationId: number
  readonly repository: RepositoryRef
  readonly subject: Subject
  /** Whether something happened that calls for a review; without it, only the commands are answered. */
  readonly review: boolean
  /** What somebody asked for by a button, whatever the configuration says: a review, or one of the old mistakes too. */
  readonly asked?: 'review' | 'full'
  readonly commands: readonly CommandRequest[]
}

/** What a job is about. */
export type JobSubject = Pick<ReviewJob, 'installationId' | 'repository' | 'subject'>

/** Jobs with the same key are one job: at most one runs, at most one waits. */
export function jobKey({ installationId, repository, subject }: JobSubject): string {
  const name = subject.kind === 'pull-request' ? subject.number : `${subject.kind}/${subject.sha}`
  return `${installationId}/${repository.id}/${name}`
}

/** The one job that stands for both: what the newer one says, and what either asks for. */
export function mergeJobs(older: ReviewJob, newer: ReviewJob): ReviewJob {
  const known = new Set(newer.commands.map(nameOf))
  const commands = [...older.commands.filter((command) => !known.has(nameOf(command))), ...newer.commands]
  const asked = older.asked === 'full' ? 'full' : (newer.asked ?? older.asked)
  return { ...newer, review: older.review || newer.review, ...(asked ? { asked } : {}), commands }
}

/** The two kinds of comments are numbered apart. */
const nameOf = ({ commentId, thread }: CommandRequest): string =>
  `${thread === undefined ? 'issue' : 'review'}/${commentId}`
