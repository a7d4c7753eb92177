/** Owns what the check run says where there is no plan to say it: nothing to review, not reviewed and why, not yet. */
import { configurationPath } from '../config/configuration.ts'
import type { Failure } from '../github/failure.ts'
import { code } from '../review/inert.ts'
import type { PlannedCheck } from '../review/review-plan.ts'
import type { FailureReason } from './analysis/failure.ts'

const state = (conclusion: PlannedCheck['conclusion'], title: string, summary: string): PlannedCheck => ({
  conclusion,
  title,
  summary,
  annotations: [],
})

export const noPython = state('success', 'No Python file changed', 'This pull request changes no Python file.')

export const isDraft = state(
  'neutral',
  'Not reviewed: this is a draft',
  `It will be reviewed as soon as it is ready for review. To have drafts reviewed too, put \`drafts: true\` into \`${configurationPath}\`; to have this one reviewed now, comment \`/celery-review\`.`,
)

const askForIt = 'To have it reviewed now all the same, comment `/celery-review`.'

export const isPaused = (by: string): PlannedCheck =>
  state(
    'neutral',
    'Not reviewed: paused',
    `${code(by)} paused the reviews of this pull request; \`/celery-review resume\` goes on with them. ${askForIt}`,
  )

/** @param reason a noun phrase in Markdown, without a full stop */
export const isExcluded = (title: string, reason: string): PlannedCheck =>
  state('neutral', `Not reviewed: ${title}`, `\`${configurationPath}\` leaves out ${reason}. ${askForIt}`)

export const isInMergeGroup = state(
  'neutral',
  'Not reviewed again in the merge queue',
  'The pull requests of this group were reviewed when they were pushed.',
)

export const isSuperseded = state(
  'neutral',
  'Not reviewed: the pull request changed meanwhile',
  'It was pushed to, closed, or asked to be reviewed again before this review was done.',
)

export const hasCrashed = (delivery: string): PlannedCheck =>
  state(
    'neutral',
    'Not reviewed: the analysis failed',
    `This is a fault of celery-review and not of the code. Its log says more, under the delivery \`${delivery}\`.`,
  )

/** The analysis did not come to its end, and would not another time. */
export function notAnalysed(reason: FailureReason, delivery: string): PlannedCheck {
  if (reason === 'crash') return hasCrashed(delivery)
  return state(
    'neutral',
    `Not reviewed: the analysis took too ${reason === 'time' ? 'long' : 'much memory'}`,
    `It was broken off so that other pull requests are reviewed meanwhile: this project is larger, or a file in it stranger, than what celery-review is made for. Its log says more, under the delivery \`${delivery}\`.`,
  )
}

export const wasGivenUp = (delivery: string): PlannedCheck =>
  state(
    'neutral',
    'Not reviewed: it failed too often',
    `The review was tried several times. The app's log says more, under the delivery \`${delivery}\`; a push or the comment \`/celery-review\` starts it anew.`,
  )

/** What a failure means for whoever waits for the check; nothing where GitHub takes no word now. */
export function notReviewed(failure: Failure): PlannedCheck | undefined {
  switch (failure.kind) {
    case 'suspended':
    case 'rate-limited':
      return undefined
    case 'gone':
      return state(
        'neutral',
        'Not reviewed: GitHub found nothing to compare',
        'The base and the head have no history in common, or are gone.',
      )
    case 'forbidden':
      return state('neutral', 'Not reviewed: a permission is missing', missing(failure.permission))
    case 'refused':
      return state('neutral', 'Not reviewed: GitHub refused a request', 'The log of the app says more.')
    case 'unavailable':
      return state('neutral', 'Not reviewed: GitHub did not answer', 'The review will be tried again.')
  }
}

/** Which permission has to be granted, and where. */
export const missing = (permission: string | undefined): string =>
  `GitHub did not allow it${permission ? ` without \`${permission}\`` : ''}. An owner of the repository can accept the App's permissions in the settings of its installation.`
