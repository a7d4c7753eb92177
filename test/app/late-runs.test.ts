/**
 * A process that stood still is taken for dead, and does what it was about to do when another one has taken its work over:
 * whatever it opens then, somebody concludes.
 */
import { expect, test } from 'vitest'
import type { ReviewJob } from '../../src/queue/review-job.ts'
import type { RunJob } from '../../src/queue/review-queue.ts'
import { code, findMistakes, settings, startSetting } from './setting.ts'

const base = { 'settings.py': settings, 'shop/tasks.py': code(40) }
const head = { 'shop/tasks.py': code(40, { 20: 'mistake_one' }) }
const opening = { method: 'POST', path: /\/check-runs$/ }
const tenMinutes = 10 * 60_000

async function setUp(analyse = findMistakes) {
  let runJob: RunJob | undefined
  let job: ReviewJob | undefined
  const setting = await startSetting({
    base,
    head,
    app: {
      analyse: (input) => analyse(input),
      makeQueue: () => ({
        start: (run: RunJob) => {
          runJob = run
        },
        accept: async (_, accepted) => {
          job = accepted
          return 'accepted'
        },
        isBusyWith: async () => false,
        stop: async () => ({ left: 0 }),
      }),
    },
  })
  await setting.send('pull_request', { action: 'opened', number: 1 })
  const { github, store, clock } = setting
  /** @param isCurrent whether nobody has taken the work over */
  const review = (attempt: number, isCurrent = () => true) =>
    runJob!(job!, { attempt, signal: new AbortController().signal, isCurrent: async () => isCurrent() })
  /** What the next reconciliation has looked into. */
  const left = () => store.openChecks(clock.now() - tenMinutes)
  return {
    ...setting,
    review,
    left,
    checks: () => github.state.checkRuns.map(({ status, output }) => `${status}: ${output.title}`),
    /** Has a later reconciliation find one pull request that is worth another look, and nothing after that look. */
    async lookLater() {
      clock.advance(2 * tenMinutes)
      expect(await left()).toHaveLength(1)
      await review(3)
      expect(await left()).toEqual([])
    },
  }
}

function makeGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

const concluded = 'completed: 1 error'

test('one that is opened while another run reviews is concluded with that', async () => {
  const isReviewing = makeGate()
  const isLateOver = makeGate()
  let reviews = 0
  const { github, review, checks, clock, left } = await setUp(async (input) => {
    if (reviews++ === 0) {
      isReviewing.open()
      await isLateOver.opened
    }
    return findMistakes(input)
  })
  let other: Promise<unknown> | undefined
  github.before(opening, async () => {
    other = review(2)
    await isReviewing.opened
  })
  await expect(review(1, () => other === undefined)).rejects.toThrow('replaces')
  isLateOver.open()
  await other
  expect(checks()).toEqual([concluded, concluded])
  clock.advance(2 * tenMinutes)
  expect(await left()).toEqual([])
})

test('one that is opened when another run has ended is looked into later', async () => {
  const { github, review, checks, comments, lookLater } = await setUp()
  let isOver = false
  github.before(opening, async () => {
    await review(2)
    isOver = true
  })
  await expect(review(1, () => !isOver)).rejects.toThrow('replaces')
  expect(checks().sort()).toEqual([concluded, 'in_progress: null'])
  await lookLater()
  expect(checks()).toEqual([concluded, concluded])
  expect(comments()).toHaveLength(1)
})

test('one whose opening is the last thing that a process did is looked for later', async () => {
  const { github, review, checks, lookLater } = await setUp()
  github.before(opening, async () => {
    await review(2)
    github.failNext({ ...opening, status: 502, afterCommit: true })
    github.failNext({ method: 'GET', path: /\/check-runs\?/, status: 502 })
  })
  await expect(review(1)).rejects.toThrow('unavailable')
  expect(checks().sort()).toEqual([concluded, 'in_progress: null'])
  await lookLater()
  expect(checks()).toEqual([concluded, concluded])
})

test('one that a dead process never opened is looked for once more', async () => {
  const { github, store, review, checks, clock, lookLater } = await setUp()
  const ref = { installationId: github.installationId, repositoryId: github.repository.id, number: 1 }
  const promise = { head: github.state.pulls[0]!.head.sha, at: clock.now(), run: 'of a dead process' }
  await store.change(ref, (state) => ({ ...state, openChecks: [promise] }))
  await review(2)
  expect(checks()).toEqual([concluded])
  await lookLater()
})
