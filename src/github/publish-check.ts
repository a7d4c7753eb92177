/** Owns the check run, the one place that always says what became of a review. */
import type { PlannedAnnotation, PlannedCheck } from '../review/review-plan.ts'
import { type Octokit, once, type PullRequestName, type RepositoryName } from './octokit.ts'

export const checkName = 'celery-review'

/** GitHub takes no more in one request: https://docs.github.com/en/rest/checks/runs#update-a-check-run */
const mostAnnotations = 50

/** A check run that stands in progress until it is concluded. */
export interface OpenCheck {
  readonly id: number
}

/** What the buttons of a concluded check run ask for, by the names that their webhooks carry. */
export const checkActions = [
  { label: 'Re-run', description: 'Review this pull request again', identifier: 'review' },
  { label: 'Review all', description: 'Old mistakes in the changed files too', identifier: 'full' },
] as const

/** What names the pull request of a check run: GitHub itself does not name those of forks. */
export const toExternalId = ({ pull_number }: PullRequestName): string => `pull/${pull_number}`

/** The pull request that a check run of ours belongs to. */
export function parseExternalId(externalId: string): number | undefined {
  const [, number] = /^pull\/(\d+)$/.exec(externalId) ?? []
  return number === undefined ? undefined : Number(number)
}

/**
 * Shows that a review is under way.
 * @throws GitHubFailure
 */
export async function openCheck(octokit: Octokit, name: PullRequestName, head: string): Promise<OpenCheck> {
  const { data } = await octokit.rest.checks.create({
    owner: name.owner,
    repo: name.repo,
    name: checkName,
    head_sha: head,
    external_id: toExternalId(name),
    status: 'in_progress',
    ...once,
  })
  return { id: data.id }
}

/**
 * A check run of this pull request that was opened and not concluded: one whose opening was not answered, or that a
 * process left behind when it died.
 * @throws GitHubFailure
 */
export async function findOpenCheck(
  octokit: Octokit,
  name: PullRequestName,
  head: string,
): Promise<OpenCheck | undefined> {
  const { data } = await octokit.rest.checks.listForRef({
    owner: name.owner,
    repo: name.repo,
    ref: head,
    check_name: checkName,
    status: 'in_progress',
    filter: 'all',
    per_page: 100,
  })
  const run = data.check_runs.find(({ external_id }) => external_id === toExternalId(name))
  return run && { id: run.id }
}

/**
 * Says how a review that was shown to be under way has ended.
 * @throws GitHubFailure
 */
export async function concludeCheck(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  { id }: OpenCheck,
  check: PlannedCheck,
): Promise<void> {
  const parameters = { owner, repo, check_run_id: id }
  const output = { title: check.title, summary: check.summary }
  await octokit.rest.checks.update({
    ...parameters,
    conclusion: check.conclusion,
    output: { ...output, annotations: toAnnotations(check.annotations.slice(0, mostAnnotations)) },
    actions: [...checkActions],
  })
  await annotateFurther(octokit, parameters, output, check.annotations)
}

/**
 * Says at once what there is to say about a commit, where nothing takes time.
 * @throws GitHubFailure
 */
export async function publishCheck(
  octokit: Octokit,
  { owner, repo }: RepositoryName,
  commit: { readonly sha: string; readonly externalId: string },
  check: PlannedCheck,
): Promise<void> {
  const output = { title: check.title, summary: check.summary }
  const { data } = await octokit.rest.checks.create({
    owner,
    repo,
    name: checkName,
    head_sha: commit.sha,
    external_id: commit.externalId,
    conclusion: check.conclusion,
    output: { ...output, annotations: toAnnotations(check.annotations.slice(0, mostAnnotations)) },
    ...(parseExternalId(commit.externalId) === undefined ? {} : { actions: [...checkActions] }),
    ...once,
  })
  await annotateFurther(octokit, { owner, repo, check_run_id: data.id }, output, check.annotations)
}

/** Adds the annotations that the first request had no room for; GitHub appends them to what is there. */
async function annotateFurther(
  octokit: Octokit,
  parameters: RepositoryName & { readonly check_run_id: number },
  output: { readonly title: string; readonly summary: string },
  annotations: readonly PlannedAnnotation[],
): Promise<void> {
  for (let start = mostAnnotations; start < annotations.length; start += mostAnnotations) {
    const part = toAnnotations(annotations.slice(start, start + mostAnnotations))
    await octokit.rest.checks.update({ ...parameters, output: { ...output, annotations: part }, ...once })
  }
}

const toAnnotations = (annotations: readonly PlannedAnnotation[]) =>
  annotations.map(({ path, startLine, endLine, level, title, message }) => ({
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    title,
    message,
  }))
