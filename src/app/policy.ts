/** Owns which pull requests are left alone because the repository or somebody on the pull request said so. */
import type { Configuration } from '../config/configuration.ts'
import { globMatcher } from '../core/glob.ts'
import type { PullRequest } from '../github/read-pull-request.ts'
import { code } from '../review/inert.ts'
import type { PlannedCheck } from '../review/review-plan.ts'
import type { PullState } from '../store/review-store.ts'
import { isDraft, isExcluded, isPaused } from './check-states.ts'

type Described = Pick<PullRequest, 'isDraft' | 'isByBot' | 'author' | 'labels' | 'baseBranch'>

/** What the check run says in place of a review; undefined when there is to be one. */
export function reasonToSkip(
  pull: Described,
  { drafts, bots, baseBranches, labels, authors }: Configuration,
  { pause }: PullState,
): PlannedCheck | undefined {
  const { author, baseBranch } = pull
  if (pause) return isPaused(pause.by)
  if (pull.isDraft && !drafts) return isDraft
  if (pull.isByBot && !bots) return isExcluded('opened by a bot', 'pull requests that bots open')
  if (author !== undefined && authors.ignore.some((one) => isSameName(one, author))) {
    return isExcluded('its author is left out', `pull requests by ${code(author)}`)
  }
  const label = pull.labels.find((one) => labels.ignore.some((ignored) => isSameName(ignored, one)))
  if (label !== undefined) return isExcluded('one of its labels', `pull requests with the label ${code(label)}`)
  if (baseBranches.length > 0 && !globMatcher(baseBranches)(baseBranch)) {
    return isExcluded('its base branch', `pull requests to ${code(baseBranch)}`)
  }
  return undefined
}

/** GitHub's logins and labels do not differ by case alone. */
const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
