/** Owns the plan of a review, as a value: what is asked of the planner, and what it says shall be posted. */
import type { Finding, Report, Severity } from '../core/finding.ts'
import type { Lines } from '../core/text.ts'
import type { DiffFile } from '../diff/hunk.ts'
import type { Marker } from './marker.ts'

/** A comment that we posted before. Its lines do not matter: they change with every push. */
export interface PostedComment extends Pick<Marker, 'fingerprints' | 'rule' | 'gone'> {
  /** GitHub's number of it. */
  readonly number: number
  /** GitHub's names of it and of its thread, for GraphQL. */
  readonly id: string
  readonly threadId: string
  readonly url: string
  readonly body: string
  readonly isResolved: boolean
  readonly isMinimized: boolean
  /** Whether a person answered in its thread. */
  readonly hasReply: boolean
  /** Whether GitHub says that we may resolve its thread. */
  readonly mayResolve: boolean
}

/** What a person asked not to hear of any more, on this pull request. */
export interface Muting {
  readonly rule: string
  /** Only these findings; without it, every finding of the rule. */
  readonly fingerprints?: readonly string[]
  /** Untrusted. */
  readonly reason?: string
  /** A login. */
  readonly by: string
}

export interface ReviewInput {
  /** Only what the pull request introduces. */
  readonly report: Report
  readonly files: readonly DiffFile[]
  /** The analysed commit; its findings' lines are those of its files. */
  readonly head: { readonly sha: string }
  /** The text of a file at the head, asked for often; undefined when it is not known, which costs it its suggestions. */
  readonly headTextOf: (path: string) => Lines | undefined
  /** The repository's `html_url`. */
  readonly repositoryUrl: string
  /** The address below which the reference documents lie. */
  readonly referencesUrl: string
  /** Our own comments on the pull request, in whatever state their threads are. */
  readonly previous: readonly PostedComment[]
  /** The markers of our own reviews on the pull request. */
  readonly previousReviews: readonly Marker[]
  /** The fingerprints that our comments carried. One whose comment is gone was deleted by a person. */
  readonly said: readonly string[]
  readonly mutes: readonly Muting[]
  /** The findings of the changed files that were there before the change. */
  readonly standing: readonly Finding[]
  /** Whether somebody asked for those too. */
  readonly isFull: boolean
  readonly limits: { readonly comments: number }
  /** The severity from which on a finding fails the check; undefined: none does. */
  readonly failOn?: Severity
  /** Lines about how the review was made, such as which configuration applied; code spans in them are shown as such. */
  readonly notes?: readonly string[]
  readonly durationMs?: number
}

/** `LEFT` are the deleted lines, numbered as at the merge base. */
type Side = 'LEFT' | 'RIGHT'

/** A comment of a review, in the terms of GitHub's `POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews`. */
export interface PlannedComment {
  readonly path: string
  /** The last line, 1-based. */
  readonly line: number
  readonly side: Side
  /** The first line; absent when it is the last one too, as GitHub asks for. */
  readonly startLine?: number
  readonly startSide?: Side
  readonly body: string
  /** The findings that the comment is about. */
  readonly fingerprints: readonly string[]
}

export interface PlannedReview {
  readonly event: 'COMMENT'
  readonly commitId: string
  /** Also in the body's marker: a review whose POST failed may have been stored, and is recognised by it. */
  readonly key: string
  readonly body: string
  readonly comments: readonly PlannedComment[]
}

/** An annotation of a check run, in the terms of GitHub's check runs API. Plain text. */
export interface PlannedAnnotation {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly level: 'notice' | 'warning' | 'failure'
  readonly title: string
  readonly message: string
}

export interface PlannedCheck {
  readonly conclusion: 'success' | 'neutral' | 'failure'
  readonly title: string
  readonly summary: string
  /** All of them; GitHub takes 50 in one request. */
  readonly annotations: readonly PlannedAnnotation[]
}

/** What becomes of a comment of ours that has had its time. */
export interface PlannedSettlement {
  /** GitHub's names of the comment and of its thread. */
  readonly id: string
  readonly threadId: string
  /** `hide` leaves the comment to the conversation that it is part of. */
  readonly how: 'resolve' | 'delete' | 'hide'
  /** What is done where `resolve` is refused all the same. */
  readonly otherwise: 'delete' | 'hide' | 'nothing'
  /** The comment's new text; absent when it stays as it is. */
  readonly body?: string
}

export interface ReviewPlan {
  /** Absent when there is nothing to say that was not said before. */
  readonly review?: PlannedReview
  readonly settlements: readonly PlannedSettlement[]
  /** What `said` must hold before anything is settled. */
  readonly said: readonly string[]
  readonly check: PlannedCheck
}
