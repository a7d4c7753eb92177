import { describe, expect, test } from 'vitest'
import { clientOf, refusalOf, repo, startSetting } from './setting.ts'

const { github, octokit, base, head, pull } = await startSetting()

const annotation = (line: number) => ({
  path: 'shop/tasks.py',
  start_line: line,
  end_line: line,
  annotation_level: 'warning' as const,
  message: 'Look here.',
})
const output = (count: number) => ({
  title: 'Findings',
  summary: 'A few.',
  annotations: Array.from({ length: count }, (_, index) => annotation(index + 1)),
})
const run = { ...repo, name: 'celery-review', head_sha: head }

function create(changes: object) {
  return octokit.rest.checks.create({ ...run, ...changes } as never)
}

test('a run goes from in progress to completed and gathers annotations', async () => {
  const { data } = await create({ status: 'in_progress', external_id: `pull ${pull.pull_number}` })
  expect(data).toMatchObject({
    status: 'in_progress',
    conclusion: null,
    head_sha: head,
    external_id: 'pull 1',
    app: { slug: 'celery-review' },
    pull_requests: [{ number: pull.pull_number }],
  })
  const named = { ...repo, check_run_id: data.id }
  await octokit.rest.checks.update({ ...named, output: output(50) })
  const done = await octokit.rest.checks.update({ ...named, conclusion: 'neutral', output: output(1) })
  expect(done.data).toMatchObject({ status: 'completed', conclusion: 'neutral', output: { annotations_count: 51 } })
  expect(done.data.completed_at).not.toBeNull()
  const annotations = await octokit.paginate(octokit.rest.checks.listAnnotations, { ...named, per_page: 100 })
  expect(annotations.map(({ start_line }) => start_line)).toEqual([...Array(50).keys(), 0].map((line) => line + 1))
  expect((await octokit.rest.checks.get(named)).data).toEqual(done.data)
})

test('a commit shows the latest run of each name', async () => {
  const second = await create({ conclusion: 'success' })
  const other = await create({ name: 'other' })
  const list = async (query: object) =>
    (await octokit.rest.checks.listForRef({ ...repo, ref: head, ...query })).data.check_runs.map(({ id }) => id)
  expect(await list({})).toEqual([other.data.id, second.data.id])
  expect(await list({ check_name: 'celery-review' })).toEqual([second.data.id])
  expect(await list({ filter: 'all', check_name: 'celery-review' })).toHaveLength(2)
  expect(await list({ status: 'completed' })).toEqual([second.data.id])
  expect(await list({ ref: base })).toEqual([])
})

test('a run on the head of a fork names no pull request', async () => {
  await github.editPull(pull.pull_number, { state: 'closed' })
  await github.openPull({ base: 'main', head: 'feature', fromFork: 'mallory' })
  expect((await create({})).data.pull_requests).toEqual([])
})

describe('refuses', () => {
  const long = (length: number) => 'x'.repeat(length)
  const only = (longest: number, length: number) => `Only ${longest} characters are allowed; ${length} were supplied.`
  const action = { label: 'Again', description: 'Reviews again', identifier: 'again' }
  const refused: [string, object, string | RegExp][] = [
    ['more than 50 annotations', { output: output(51) }, 'No more than 50 items are allowed; 51 were supplied.'],
    ['a summary that is too long', { output: { title: 't', summary: long(65_536) } }, only(65_535, 65_536)],
    ['a text that is too long', { output: { title: 't', summary: '', text: long(65_536) } }, only(65_535, 65_536)],
    ['an output without a title', { output: { summary: '' } }, '"output/title" wasn\'t supplied.'],
    ['an output without a summary', { output: { title: '' } }, '"output/summary" wasn\'t supplied.'],
    ['a run without a name', { name: undefined }, '"name" wasn\'t supplied.'],
    ['an unknown conclusion', { conclusion: 'fine' }, /^"fine" is not a member of \[/],
    ['a conclusion that only GitHub may set', { conclusion: 'stale' }, /^"stale" is not a member of \[/],
    ['an end without a conclusion', { status: 'completed' }, '"conclusion" wasn\'t supplied.'],
    ['a time that is none', { started_at: 'today' }, /./],
    [
      'four actions',
      { actions: [action, action, action, action] },
      'No more than 3 items are allowed; 4 were supplied.',
    ],
    ['a long label', { actions: [{ ...action, label: long(21) }] }, only(20, 21)],
    ['a long description', { actions: [{ ...action, description: long(41) }] }, only(40, 41)],
    ['a long identifier', { actions: [{ ...action, identifier: long(21) }] }, only(20, 21)],
  ]
  test.each(refused)('%s', async (_, changes, detail) => {
    const before = github.state.checkRuns.length
    const refusal = await refusalOf(create(changes))
    expect(refusal.status).toBe(422)
    expect(refusal.message.replace('Invalid request.\n\n', '')).toMatch(detail)
    expect(github.state.checkRuns).toHaveLength(before)
  })

  const one = annotation(3)
  const annotations: [string, object, string | RegExp][] = [
    ['without a path', { ...one, path: undefined }, '"output/annotations/0/path" wasn\'t supplied.'],
    ['without a message', { ...one, message: undefined }, '"output/annotations/0/message" wasn\'t supplied.'],
    [
      'without a level',
      { ...one, annotation_level: undefined },
      '"output/annotations/0/annotation_level" wasn\'t supplied.',
    ],
    ['of an unknown level', { ...one, annotation_level: 'error' }, /^"error" is not a member of/],
    ['on line 0', { ...one, start_line: 0 }, /./],
    ['that ends before it starts', { ...one, end_line: 2 }, /"end_line" must be/],
    ['with columns over several lines', { ...one, end_line: 4, start_column: 1 }, /"start_column" and "end_column"/],
    ['with columns the wrong way round', { ...one, start_column: 5, end_column: 4 }, /"end_column" must be/],
    ['with a long title', { ...one, title: long(256) }, only(255, 256)],
    ['with an unknown field', { ...one, line: 3 }, '"line" is not a permitted key.'],
  ]
  test.each(annotations)('an annotation %s', async (_, bad, detail) => {
    const refusal = await refusalOf(create({ output: { ...output(1), annotations: [one, bad] } }))
    expect(refusal.status).toBe(422)
    expect(refusal.message.replace('Invalid request.\n\n', '').replace('annotations/1', 'annotations/0')).toMatch(
      detail,
    )
  })

  test('a commit that is not there', async () => {
    const head_sha = '1'.repeat(40)
    expect(await refusalOf(create({ head_sha }))).toEqual({
      status: 422,
      message: `No commit found for SHA: ${head_sha}`,
    })
    expect(await refusalOf(create({ head_sha: 'main' }))).toMatchObject({ status: 422 })
  })

  test('people', async () => {
    const owner = clientOf(github, github.userToken('acme'))
    expect(await refusalOf(owner.rest.checks.create(run))).toMatchObject({ status: 403 })
  })
})
