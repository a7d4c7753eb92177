/**
 * Owns what the simulated GitHub has stored: plain records in GitHub's own words, and the numbers it gives out. How a
 * record is shown to a client is left to the module that serves it.
 */
import type { components } from '@octokit/openapi-types'
import type { Side } from './diff.ts'

type Schemas = components['schemas']

export interface PullRecord {
  readonly id: number
  readonly number: number
  /** The login of the author. */
  readonly user: string
  title: string
  body: string | null
  state: 'open' | 'closed'
  draft: boolean
  locked: boolean
  merged: boolean
  labels: readonly string[]
  base: { ref: string; sha: string }
  /** `owner` is whose repository holds the branch: a fork's where it is not the base's. */
  head: { ref: string; sha: string; owner: string }
  readonly created_at: string
  updated_at: string
  closed_at: string | null
}

export interface ReviewRecord {
  readonly id: number
  readonly pull_number: number
  readonly user: string
  readonly state: 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED'
  body: string
  /** Moves to the new head on a force-push, as GitHub's does. */
  commit_id: string
  readonly submitted_at: string | null
}

/** Where a comment was made. Never changes. */
export interface OriginalPlace {
  readonly path: string
  readonly subject_type: 'line' | 'file'
  readonly side: Side
  readonly start_side: Side | null
  readonly original_line: number | null
  readonly original_start_line: number | null
  readonly original_position: number | null
  readonly original_commit_id: string
  /** The merge base at that time: what the lines of the LEFT side belong to. */
  readonly original_base: string
  readonly diff_hunk: string
}

/** Where a comment stands now: nowhere, once its lines are gone. */
export interface CurrentPlace {
  line: number | null
  start_line: number | null
  position: number | null
  commit_id: string
}

export interface ReviewCommentRecord extends OriginalPlace, CurrentPlace {
  readonly id: number
  readonly pull_number: number
  readonly pull_request_review_id: number
  readonly thread: ThreadRecord
  readonly user: string
  body: string
  readonly in_reply_to_id?: number
  /** Why it is hidden, if it is. */
  minimized: string | null
  readonly created_at: string
  updated_at: string
}

export interface ThreadRecord {
  readonly id: number
  readonly pull_number: number
  /** The login of whoever resolved it. */
  resolved_by: string | null
}

export interface IssueCommentRecord {
  readonly id: number
  readonly issue_number: number
  readonly user: string
  body: string
  minimized: string | null
  readonly created_at: string
  updated_at: string
}

export interface ReactionRecord {
  readonly id: number
  readonly user: string
  readonly content: Schemas['reaction']['content']
  readonly subject: 'issue_comment' | 'review_comment'
  readonly subject_id: number
  readonly created_at: string
}

export interface CheckRunRecord {
  readonly id: number
  readonly check_suite_id: number
  readonly head_sha: string
  name: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: Schemas['check-run']['conclusion']
  external_id: string
  details_url: string | null
  started_at: string | null
  completed_at: string | null
  output: { title: string | null; summary: string | null; text: string | null }
  annotations: CheckAnnotation[]
  actions: readonly { label: string; description: string; identifier: string }[]
}

export interface CheckAnnotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column?: number
  readonly end_column?: number
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly message: string
  readonly title?: string
  readonly raw_details?: string
}

/** A webhook as it goes over the wire. */
export interface SignedWebhook {
  /** The GUID that GitHub sends as X-GitHub-Delivery. */
  readonly id: string
  readonly name: string
  readonly action: string
  /** The payload as it is sent: the signature is of these very characters. */
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export interface DeliveryRecord {
  readonly id: number
  readonly webhook: SignedWebhook
  /** Where it was sent. */
  readonly url: string
  readonly redelivery: boolean
  readonly delivered_at: string
  /** In seconds. */
  readonly duration: number
  /** 0 when there was no answer. */
  readonly status_code: number
}

/** The numbers that one GitHub gives out. No two of its records share one, and the same story gives the same numbers. */
export class Numbers {
  readonly #known = new Map<string, number>()
  #last = 1000

  next(): number {
    return ++this.#last
  }

  /** The number of what is known by its name alone, the same each time. */
  of(kind: 'check_suite' | 'label' | 'repository' | 'user', name: string): number {
    const key = `${kind} ${name}`
    const id = this.#known.get(key) ?? this.next()
    this.#known.set(key, id)
    return id
  }
}

export class State {
  readonly pulls: PullRecord[] = []
  readonly reviews: ReviewRecord[] = []
  readonly reviewComments: ReviewCommentRecord[] = []
  readonly issueComments: IssueCommentRecord[] = []
  readonly reactions: ReactionRecord[] = []
  readonly checkRuns: CheckRunRecord[] = []
  readonly deliveries: DeliveryRecord[] = []
  readonly #numbers: Numbers

  constructor(numbers: Numbers) {
    this.#numbers = numbers
  }

  nextId = (): number => this.#numbers.next()
  idOf: Numbers['of'] = (kind, name) => this.#numbers.of(kind, name)

  commentsOf(thread: ThreadRecord): ReviewCommentRecord[] {
    return this.reviewComments.filter((comment) => comment.thread === thread)
  }

  /** The threads of a pull request that still have a comment, oldest first. */
  threadsOf(pullNumber: number): ThreadRecord[] {
    const comments = this.reviewComments.filter((comment) => comment.pull_number === pullNumber)
    return [...new Set(comments.map((comment) => comment.thread))].sort((a, b) => a.id - b.id)
  }

  remove<Record>(records: Record[], record: Record): void {
    records.splice(records.indexOf(record), 1)
  }
}

const nodePrefixes = {
  app: 'A',
  blob: 'B',
  check_run: 'CR',
  check_suite: 'CS',
  commit: 'C',
  installation: 'IN',
  issue_comment: 'IC',
  label: 'LA',
  pull: 'PR',
  reaction: 'REA',
  repository: 'R',
  review: 'PRR',
  review_comment: 'PRRC',
  thread: 'PRRT',
  tree: 'T',
  user: 'U',
} as const

/** The name by which GraphQL knows a record, `node_id` in REST. */
export const nodeId = (kind: keyof typeof nodePrefixes, id: number | string): string => `${nodePrefixes[kind]}_${id}`
