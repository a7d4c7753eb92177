/** Owns clearing the conversation of comments that have had their time, with one request for many. */
import type { PlannedSettlement } from '../review/review-plan.ts'
import { GitHubFailure, toGraphqlFailure } from './failure.ts'
import type { Octokit } from './octokit.ts'
import { type Mutation, mutationsQuery } from './queries.ts'

type How = PlannedSettlement['how']

interface Step {
  readonly settlement: PlannedSettlement
  readonly mutation: Mutation
  readonly input: Readonly<Record<string, string>>
}

/** How many comments are settled by one request. */
const batch = 20

/**
 * Resolves, deletes or hides comments. What GitHub refuses is done in the other way that the plan names, or left alone:
 * `viewerCanResolve` and the permissions that `minimizeComment` asks of an App are not documented to the last. All of it
 * can be done again without harm. Says how many comments stay as they were.
 * @throws GitHubFailure when GitHub did not answer, or wants quiet.
 */
export async function settleComments(octokit: Octokit, settlements: readonly PlannedSettlement[]): Promise<number> {
  let left = 0
  for (let start = 0; start < settlements.length; start += batch) {
    const part = settlements.slice(start, start + batch)
    const refused = await run(
      octokit,
      part.flatMap((one) => stepsOf(one, one.how, one.body)),
    )
    const others = refused.flatMap((one) => (one.how === 'resolve' && one.otherwise !== 'nothing' ? [one] : []))
    const refusedAgain =
      others.length > 0
        ? await run(
            octokit,
            others.flatMap((one) => stepsOf(one, one.otherwise as How)),
          )
        : []
    left += refused.length - others.length + refusedAgain.length
  }
  return left
}

function stepsOf(settlement: PlannedSettlement, how: How, body?: string): Step[] {
  const { id, threadId } = settlement
  if (how === 'delete') return [{ settlement, mutation: 'deletePullRequestReviewComment', input: { id } }]
  const text = { pullRequestReviewCommentId: id, body: body ?? '' }
  const edit =
    body === undefined ? [] : [{ settlement, mutation: 'updatePullRequestReviewComment' as const, input: text }]
  const end: Step =
    how === 'resolve'
      ? { settlement, mutation: 'resolveReviewThread', input: { threadId } }
      : { settlement, mutation: 'minimizeComment', input: { subjectId: id, classifier: 'RESOLVED' } }
  return [...edit, end]
}

/** The settlements of which GitHub refused a step; what is no longer there is settled. */
async function run(octokit: Octokit, steps: readonly Step[]): Promise<PlannedSettlement[]> {
  const inputs = Object.fromEntries(steps.map(({ input }, n) => [`i${n}`, input]))
  try {
    await octokit.graphql(mutationsQuery(steps.map(({ mutation }) => mutation)), inputs)
    return []
  } catch (error) {
    const failure = toGraphqlFailure(error)
    const { errors } = error as { errors?: readonly { type?: string; path?: readonly unknown[] }[] }
    if (!errors || (failure instanceof GitHubFailure && failure.failure.kind === 'rate-limited')) throw failure
    const isRefused = (n: number) =>
      errors.some(({ type, path }) => type !== 'NOT_FOUND' && (!path || path[0] === `m${n}`))
    return [...new Set(steps.filter((_, n) => isRefused(n)).map(({ settlement }) => settlement))]
  }
}
