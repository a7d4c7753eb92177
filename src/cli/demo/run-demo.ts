/** Owns the command `demo`: the review of a small shop from end to end, printed, and on a terminal shown as a page too. */
import { rm } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { pagesOf } from '../../app/pages/pages.ts'
import { UserError } from '../../core/errors.ts'
import { octokitClass } from '../../github/octokit.ts'
import { loadRules } from '../../rule/registry.ts'
import { catalogueOf } from '../catalogue.ts'
import type { Io } from '../io.ts'
import { readReferences, referencesDirectory } from '../package.ts'
import { reviewOnSimulator } from '../review-on-simulator.ts'
import { paintFor, printable, textWidth } from '../terminal.ts'
import { pullRequestPage } from './page/pull-request-page.ts'
import { type Course, formatHeadline, formatReview } from './print-review.ts'
import type { ReviewedPullRequest } from './pull-request.ts'
import { readReview } from './read-review.ts'
import { servePages } from './serve-pages.ts'
import { createShopRepository, shopPullRequest } from './shop-repository.ts'

/** Where there is no terminal the review is still for people to read. */
const widthElsewhere = 100

/** What the demo needs of the process that it runs in. */
export interface DemoProcess {
  readonly stdin: { readonly isTTY?: boolean }
  once(signal: 'SIGINT' | 'SIGTERM', end: () => void): unknown
}

/**
 * Runs the demo. The answer is the exit code: 1 when the review did not come, 130 when it was not waited for.
 * @throws UserError when there is no git.
 */
export async function runDemo(io: Io, process: DemoProcess): Promise<number> {
  const end = new AbortController()
  const ended = new Promise((resolve) => end.signal.addEventListener('abort', resolve))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort())

  const pages = new Map<string, () => string>()
  const server = process.stdin.isTTY && io.stdout.isTTY ? await servePages(pages) : undefined
  try {
    const referencesUrl = server ? `${server.url}/references` : pathToFileURL(referencesDirectory()).href
    const { pull, course } = await reviewShop(referencesUrl)
    if (end.signal.aborted) return 130
    const terminal = { paint: paintFor(io.stdout, io.environment), width: textWidth(io.stdout) ?? widthElsewhere }
    io.stdout.write(`\n${formatHeadline(pull, course, terminal)}\n\n${formatReview(pull, terminal)}\n`)
    if (!server) return 0

    const page = pullRequestPage(pull)
    pages.set('/', () => page)
    for (const [path, rulePage] of pagesOf(readReferences(), catalogueOf(await loadRules()))) {
      if (path !== '/') pages.set(path, rulePage)
    }
    const address = terminal.paint(['bold', 'cyan'], server.url)
    io.stdout.write(`\nThe pull request with its comments in place: ${address} (Ctrl-C ends)\n`)
    await ended
    return 0
  } catch (error) {
    if (error instanceof UserError) throw error
    io.stderr.write(printable(`celery-review: the review did not come: ${(error as Error).message}\n`))
    return 1
  } finally {
    await server?.close()
  }
}

/**
 * Has the shop's pull request reviewed. Nothing of it is left running or on the disk.
 * @throws UserError when there is no git, Error when the review did not come.
 */
export async function reviewShop(referencesUrl: string): Promise<{ pull: ReviewedPullRequest; course: Course }> {
  const { owner, name } = shopPullRequest
  const gitDir = await createShopRepository()
  try {
    const { github, pull, requests, ms } = await reviewOnSimulator({ ...shopPullRequest, gitDir, referencesUrl })
    try {
      const [delivery] = github.state.deliveries
      const webhook = { status: delivery!.status_code, ms: delivery!.duration * 1000 }
      const course = { webhook, requests, rejected: github.rejected, ms }
      const Client = octokitClass({ isPatient: false })
      const octokit = new Client({ auth: { token: github.userToken(pull.user) }, baseUrl: github.url })
      const reviewed = await readReview(octokit, { owner, repo: name, pull_number: pull.number })
      return { pull: reviewed, course }
    } finally {
      await github.close()
    }
  } finally {
    await rm(gitDir, { recursive: true, force: true })
  }
}
