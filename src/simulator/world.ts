/** Owns the one value that every route sees: what is stored, the code, the clock, the limits, and who may what. */
import type { Access, Actor } from './access.ts'
import { type Repository, toTimestamp } from './repository.ts'
import type { PullRecord, State } from './state.ts'

/** Where GitHub cuts off. Tests lower these; the defaults are GitHub's own. */
export interface Limits {
  /** Entries of a recursive tree, then `truncated`: https://docs.github.com/en/rest/git/trees#get-a-tree */
  readonly treeEntries: number
  /** Files of a pull request that are listed: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files */
  readonly pullFiles: number
  /** Bytes of one blob's text through GraphQL, then `isTruncated`. */
  readonly blobText: number
  /** Bytes of all blobs in one GraphQL answer, then the request fails as a whole. GitHub names no number. */
  readonly graphqlText: number
  /** Comments and reviews that one actor may write, then a secondary limit: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
  readonly contentPerMinute: number
  readonly contentPerHour: number
}

export const githubLimits: Limits = {
  treeEntries: 100_000,
  pullFiles: 3_000,
  blobText: 512_000,
  graphqlText: 10_000_000,
  contentPerMinute: 80,
  contentPerHour: 500,
}

export interface RepositoryIdentity {
  readonly id: number
  owner: string
  name: string
  /** As `owner/name`: GraphQL still finds the repository by them. */
  readonly formerNames: string[]
  /** Read-only for everybody. */
  archived: boolean
  readonly private: boolean
  readonly defaultBranch: string
  /** When the simulator started. */
  readonly createdAt: string
}

/** One repository that the App is installed on, with all that belongs to it. */
export interface World {
  /** The root of the REST API, without a final slash. */
  readonly url: string
  readonly state: State
  readonly code: Repository
  readonly repository: RepositoryIdentity
  readonly access: Access
  readonly installationId: number
  readonly limits: Limits
  /** Every repository of this GitHub, this one among them. */
  readonly site: readonly World[]
}

/** Whether a token is good for a repository. People and the App itself are held back by what a route demands. */
export const reaches = (actor: Actor, { installationId, repository }: World): boolean =>
  actor.kind !== 'installation' ||
  (actor.installationId === installationId && (actor.repositoryIds?.includes(repository.id) ?? true))

/** Now, as GitHub writes it. */
export const timestamp = (world: World): string => toTimestamp(world.access.now())

/** `https://github.com/<owner>/<name>`: where people see the repository. */
export const htmlRoot = ({ repository }: World): string => `https://github.com/${repository.owner}/${repository.name}`

/** The root of the repository's part of the API. */
export const apiRoot = ({ url, repository }: World): string => `${url}/repos/${repository.owner}/${repository.name}`

/** A path inside the repository, ready for a URL. */
export const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

export const isFromFork = (world: World, pull: PullRecord): boolean => pull.head.owner !== world.repository.owner

/**
 * What git is to look up for a reference of the API. A branch of a pull request stands where the pull request says,
 * for the simulator moves no reference of the git directory.
 */
export function toRevision(world: World, ref: string): string {
  const [, number] = /^(?:refs\/)?pull\/(\d+)\/head$/.exec(ref) ?? []
  const branch = ref.replace(/^(refs\/)?heads\//, '')
  for (const pull of world.state.pulls.toReversed()) {
    if (number === String(pull.number)) return pull.head.sha
    if (pull.head.ref === branch && !isFromFork(world, pull)) return pull.head.sha
    if (pull.base.ref === branch) return pull.base.sha
  }
  return ref
}
