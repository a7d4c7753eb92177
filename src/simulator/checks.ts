/** Owns check runs and their annotations, with GitHub's limits on both. */
import type { components } from '@octokit/openapi-types'
import { z } from 'zod'
import { toApp } from './apps.ts'
import { type Answer, type ApiRequest, created, ok, page, readBody } from './http.ts'
import { checkRunOf } from './lookup.ts'
import { toMinimalPulls } from './pulls.ts'
import { characters, invalidRequest, Refusal } from './refusals.ts'
import { type CheckRunRecord, nodeId } from './state.ts'
import { apiRoot, encodePath, htmlRoot, timestamp, toRevision, type World } from './world.ts'

type Schemas = components['schemas']

/** Text of at most so many characters, refused in GitHub's words. */
const text = (longest: number) =>
  z.string().check((context) => {
    const length = characters(context.value)
    if (length <= longest) return
    const message = `Only ${longest} characters are allowed; ${length} were supplied.`
    context.issues.push({ code: 'custom', message, input: context.value })
  })

/** The numbers are those of https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const annotation = z.strictObject({
  path: z.string().min(1),
  start_line: z.number().int().min(1),
  end_line: z.number().int().min(1),
  start_column: z.number().int().min(1).optional(),
  end_column: z.number().int().min(1).optional(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: text(65_535),
  title: text(255).optional(),
  raw_details: text(65_535).optional(),
})

const output = {
  summary: text(65_535),
  text: text(65_535).optional(),
  annotations: z.array(annotation).max(50).optional(),
  images: z
    .array(z.strictObject({ alt: z.string(), image_url: z.string(), caption: z.string().optional() }))
    .optional(),
}

const checkRun = {
  name: z.string().min(1),
  details_url: z.url({ protocol: /^https?$/ }).optional(),
  external_id: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z
    .enum(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'])
    .optional(),
  started_at: z.iso.datetime({ offset: true }).optional(),
  completed_at: z.iso.datetime({ offset: true }).optional(),
  actions: z
    .array(z.strictObject({ label: text(20), description: text(40), identifier: text(20) }))
    .max(3)
    .optional(),
}

const newRun = z.strictObject({
  ...checkRun,
  head_sha: z.string(),
  output: z.strictObject({ ...output, title: z.string() }).optional(),
})

const runUpdate = z.strictObject({
  ...checkRun,
  name: checkRun.name.optional(),
  output: z.strictObject({ ...output, title: z.string().optional() }).optional(),
})

type RunChange = z.output<typeof runUpdate>

export async function createRun(request: ApiRequest, world: World): Promise<Answer<Schemas['check-run']>> {
  onlyApps(request)
  const { head_sha, ...change } = readBody(request, newRun)
  checkChange(change)
  const commit = /^[0-9a-f]{40,64}$/.test(head_sha) ? await world.code.commit(head_sha) : undefined
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${head_sha}`)
  const run: CheckRunRecord = {
    id: world.state.nextId(),
    check_suite_id: world.state.idOf('check_suite', head_sha),
    head_sha,
    name: change.name,
    status: 'queued',
    conclusion: null,
    external_id: '',
    details_url: `https://github.com/apps/${world.access.app.slug}`,
    started_at: timestamp(world),
    completed_at: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  }
  applyChange(world, run, change)
  world.state.checkRuns.push(run)
  return created(toCheckRun(world, run))
}

export function updateRun(request: ApiRequest, world: World): Answer<Schemas['check-run']> {
  onlyApps(request)
  const run = checkRunOf(request, world)
  const change = readBody(request, runUpdate)
  checkChange(change)
  applyChange(world, run, change)
  return ok(toCheckRun(world, run))
}

function onlyApps({ actor }: ApiRequest): void {
  if (actor.kind !== 'installation') throw new Refusal(403, 'You must authenticate via a GitHub App.')
}

function checkChange({ status, conclusion, completed_at, output }: RunChange): void {
  if (!conclusion && (status === 'completed' || completed_at)) throw invalidRequest('"conclusion" wasn\'t supplied.')
  for (const { start_line, end_line, start_column, end_column } of output?.annotations ?? []) {
    if (end_line < start_line) throw invalidRequest('"end_line" must be greater than or equal to "start_line".')
    if (start_line !== end_line && (start_column ?? end_column) !== undefined) {
      throw invalidRequest('"start_column" and "end_column" are allowed only when the annotation is on one line.')
    }
    if (start_column !== undefined && end_column !== undefined && end_column < start_column) {
      throw invalidRequest('"end_column" must be greater than or equal to "start_column".')
    }
  }
}

/** Annotations are added to those that are there; all else that is given takes the place of what was. */
function applyChange(world: World, run: CheckRunRecord, change: RunChange): void {
  const { output, conclusion, status, completed_at, ...rest } = change
  Object.assign(run, rest)
  if (status) run.status = status
  if (conclusion) {
    run.status = 'completed'
    run.conclusion = conclusion
    run.completed_at = completed_at ?? timestamp(world)
  } else if (status) {
    run.conclusion = null
    run.completed_at = null
  }
  if (output) {
    run.output = { title: output.title ?? run.output.title, summary: output.summary, text: output.text ?? null }
    run.annotations.push(...(output.annotations ?? []))
  }
}

export function toCheckRun(world: World, run: CheckRunRecord): Schemas['check-run'] {
  const url = `${apiRoot(world)}/check-runs/${run.id}`
  return {
    id: run.id,
    node_id: nodeId('check_run', run.id),
    head_sha: run.head_sha,
    external_id: run.external_id,
    url,
    html_url: `${htmlRoot(world)}/runs/${run.id}`,
    details_url: run.details_url,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.started_at,
    completed_at: run.completed_at,
    output: { ...run.output, annotations_count: run.annotations.length, annotations_url: `${url}/annotations` },
    name: run.name,
    check_suite: { id: run.check_suite_id },
    app: toApp(world),
    pull_requests: toMinimalPulls(world, run.head_sha),
  }
}

export const getRun = (request: ApiRequest, world: World): Answer<Schemas['check-run']> =>
  ok(toCheckRun(world, checkRunOf(request, world)))

export function listAnnotations(request: ApiRequest, world: World): Answer<Schemas['check-annotation'][]> {
  const run = checkRunOf(request, world)
  const { body, headers } = page(request, run.annotations)
  const annotations = body!.map((annotation) => ({
    path: annotation.path,
    start_line: annotation.start_line,
    end_line: annotation.end_line,
    start_column: annotation.start_column ?? null,
    end_column: annotation.end_column ?? null,
    annotation_level: annotation.annotation_level,
    title: annotation.title ?? null,
    message: annotation.message,
    raw_details: annotation.raw_details ?? null,
    blob_href: `${htmlRoot(world)}/blob/${run.head_sha}/${encodePath(annotation.path)}`,
  }))
  return { ...ok(annotations), headers }
}

/** The runs on a commit; unless all are asked for, only the latest of each name. */
export async function listRuns(
  request: ApiRequest,
  world: World,
): Promise<Answer<{ total_count: number; check_runs: Schemas['check-run'][] }>> {
  const commit = await world.code.commit(toRevision(world, request.params.ref!))
  if (!commit) throw new Refusal(422, `No commit found for SHA: ${request.params.ref}`)
  const query = request.url.searchParams
  const [name, status, appId] = [query.get('check_name'), query.get('status'), query.get('app_id')]
  const runs = world.state.checkRuns
    .filter((run) => run.head_sha === commit.sha)
    .toReversed()
    .filter(
      (run, index, all) => query.get('filter') === 'all' || all.findIndex((one) => one.name === run.name) === index,
    )
    .filter((run) => (name === null || run.name === name) && (status === null || run.status === status))
    .filter(() => appId === null || Number(appId) === world.access.app.id)
  const { body, headers } = page(request, runs)
  return { ...ok({ total_count: runs.length, check_runs: body!.map((run) => toCheckRun(world, run)) }), headers }
}
