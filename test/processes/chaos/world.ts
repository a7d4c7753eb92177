/**
 * Owns a simulated GitHub, the processes of the app that serve it, and what people do there; and knows what the app must
 * have said in the end, and what it must not have.
 */
import type { ChildProcess } from 'node:child_process'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../../src/database/database.ts'
import { readQueueState } from '../../../src/queue/queue-records.ts'
import { parseMarker } from '../../../src/review/marker.ts'
import { type Simulator, startSimulator, type Webhook } from '../../../src/simulator/simulator.ts'
import { type Place, postgresPlace, postgresUrl, sqlitePlace } from '../../support/databases.ts'
import { createRepository, type GitRepository } from '../../support/git-repository.ts'
import { AppProcess } from './app-process.ts'
import { type Answer, type Arrival, Network, type Passage } from './network.ts'
import { type Fate, type Fault, isAt, type Push, type RoundPlan, type Step } from './plan.ts'

/** Starts `test/processes/hasty-app.ts` with these variables. */
export type StartApp = (variables: NodeJS.ProcessEnv) => ChildProcess

export type Adapter = 'sqlite' | 'postgres'

/** What happened that must not. */
export interface Complaints {
  /** What was not said that should have been, and what was left open. */
  readonly lost: string[]
  /** What was said twice. */
  readonly doubled: string[]
  /** What was logged that nobody may read there. */
  readonly leaked: string[]
}

/** A pull request, and the mistakes in it by path. */
interface OpenPull {
  readonly number: number
  readonly branch: string
  head: string
  readonly mistakes: Set<string>
  readonly cured: Set<string>
}

const processes = { sqlite: 1, postgres: 3 }

/** Words that stand in the reviewed code alone. */
const codeWord = 'nightly_reckoning_of_the_lighthouse'
const mistake = `from celery.schedules import crontab\n\n${codeWord} = crontab(hour=3)\n`
const cure = `from celery.schedules import crontab\n\n${codeWord} = crontab(hour=3, minute=0)\n`

/** More open pull requests than these make a round longer and no harder. */
const mostOpen = 4

/** How often to look whether the dust has settled, and how long it may take, in milliseconds. */
const look = 25
const patience = 45_000
/** How long processes may take to start, in milliseconds: they are waited for, not judged. */
const mostPatience = 180_000

export class World {
  readonly #pulls = new Map<number, OpenPull>()
  /** The comments with commands, by the pull request that they are on. */
  readonly #commands = new Map<number, number>()
  readonly #github: Simulator
  readonly #repository: GitRepository
  readonly #start: string
  readonly #place: PlaceOfApp
  readonly #database: Database
  readonly #processes: AppProcess[] = []
  readonly #networks: Network[] = []
  #faults: { fault: Fault; pass: number }[] = []
  #late: Webhook[] = []
  #downtime = 0
  #serial = 0
  /** Heads move one after the other: each goes on from where the last one led. */
  #lastMove: Promise<unknown> = Promise.resolve()
  /** What is under way besides the steps of the round, and must end before it can. */
  readonly #errands = new Set<Promise<unknown>>()
  readonly #mishaps: unknown[] = []

  private constructor(
    github: Simulator,
    repository: GitRepository,
    start: string,
    place: PlaceOfApp,
    database: Database,
  ) {
    this.#github = github
    this.#repository = repository
    this.#start = start
    this.#place = place
    this.#database = database
  }

  static async open(adapter: Adapter, startApp: StartApp, privateKey: string): Promise<World> {
    const repository = await createRepository()
    const start = await repository.commit('Start', { 'shop/__init__.py': '' })
    const github = await startSimulator({
      app: { privateKey },
      repository: { owner: 'acme', name: 'shop', gitDir: repository.dir },
      limits: { contentPerMinute: 1_000_000, contentPerHour: 1_000_000 },
    })
    const place = await openPlace(adapter)
    const { database } = await place.open()
    const world = new World(github, repository, start, place, database)
    for (let number = 0; number < processes[adapter]; number++) await world.#add(startApp, place.variables)
    await Promise.all(world.#processes.map((process) => process.start()))
    return world
  }

  async #add(startApp: StartApp, variables: NodeJS.ProcessEnv): Promise<void> {
    const network = new Network(this.#github.url)
    const { id, privateKey, webhookSecret } = this.#github.app
    const process = new AppProcess(() =>
      startApp({
        ...variables,
        APP_ID: String(id),
        PRIVATE_KEY: privateKey,
        WEBHOOK_SECRET: webhookSecret,
        GITHUB_API_URL: url,
        HOST: '127.0.0.1',
        PORT: '0',
      }),
    )
    const url = await network.listen((passage) => this.#carry(passage, process))
    this.#processes.push(process)
    this.#networks.push(network)
  }

  get kills(): number {
    return this.#processes.reduce((sum, { kills }) => sum + kills, 0)
  }

  /** What is left in the queue, what GitHub was asked last, and what the processes logged, without what they do again and again. */
  async story(): Promise<string> {
    const jobs = await this.#database.query(
      `SELECT key, generation, waiting IS NOT NULL AS waits, holder, attempts, not_before, dead FROM job
        WHERE waiting IS NOT NULL OR holder IS NOT NULL OR dead IS NOT NULL`,
    )
    const holders = await this.#database.query('SELECT * FROM holder')
    const asked = this.#github.requests.slice(-60).map(({ method, path, status }) => `${method} ${path} ${status}`)
    return [JSON.stringify({ now: Date.now(), jobs, holders }), ...asked, this.#log].join('\n')
  }

  get #log(): string {
    const isNew = (line: string) => !/"delivery repeated"|"reconciled"/.test(line)
    const cut = (line: string) => line.replace(/"stack":"(\\.|[^"\\])*",?/g, '')
    return this.#processes
      .map(({ lines }, number) => `process ${number}:\n${lines.filter(isNew).slice(-40).map(cut).join('\n')}`)
      .join('\n')
  }

  /** Runs a round to its end, when nothing is left to do or patience is over. */
  async run(plan: RoundPlan): Promise<Complaints> {
    this.#faults = plan.faults.map((fault) => ({ fault, pass: fault.pass }))
    this.#downtime = plan.downtime
    for (const [index, step] of plan.steps.entries()) await this.#take(step, index)
    for (const webhook of this.#late.splice(0).reverse()) await this.#deliver(webhook, 0)
    const before = this.kills
    let lost = await this.#settle()
    this.#faults = []
    if (this.kills === before && lost.length === 0) {
      await this.#kill(this.#processes[plan.downtime % this.#processes.length]!)
      lost = await this.#settle()
    }
    if (this.#mishaps.length > 0) throw this.#mishaps[0]
    return { lost, doubled: this.#doubled(), leaked: this.#leaked() }
  }

  async close(): Promise<void> {
    await Promise.all(this.#errands)
    await Promise.all(this.#processes.map((process) => process.end()))
    for (const network of this.#networks) network.close()
    await this.#github.close()
    await this.#place.remove()
    await this.#repository.remove()
  }

  async #take(step: Step, index: number): Promise<void> {
    switch (step.kind) {
      case 'open':
        return this.#openPull(step.fate, index)
      case 'push': {
        const pull = this.#choose(step.pull)
        return pull && this.#push(pull, step, index)
      }
      case 'command': {
        const pull = this.#choose(step.pull)
        if (!pull) return
        const { id } = this.#github.comment(pull.number, { author: 'acme', body: '/celery-review help' })
        this.#commands.set(id, pull.number)
        const webhook = await this.#github.webhook('issue_comment', { action: 'created', comment: id })
        return this.#send(webhook, step.fate, index)
      }
      case 'close':
        return this.#pulls.size > 1 ? this.#closePull(this.#choose(step.pull), step.fate, index) : undefined
      case 'rest':
        return pause(step.for)
      case 'crash': {
        const process = this.#processes[step.process % this.#processes.length]!
        return this.#errand(pause(step.after).then(() => this.#kill(process)))
      }
      case 'disconnect':
        return this.#errand(pause(step.after).then(() => this.#place.disconnect(this.#database)))
    }
  }

  #choose(which: number): OpenPull | undefined {
    return [...this.#pulls.values()][which % Math.max(1, this.#pulls.size)]
  }

  async #openPull(fate: Fate, index: number): Promise<void> {
    const branch = `change-${++this.#serial}`
    const path = `shop/beat_${this.#serial}.py`
    const head = await this.#repository.commit('A change', { [path]: mistake }, { branch, from: this.#start })
    const { number } = await this.#github.openPull({ base: 'main', head: branch, author: 'alice' })
    this.#pulls.set(number, { number, branch, head, mistakes: new Set([path]), cured: new Set() })
    await this.#send(await this.#github.webhook('pull_request', { action: 'opened', number }), fate, index)
    if (this.#pulls.size > mostOpen) await this.#closePull(this.#choose(0), 'sent', index)
  }

  async #push(pull: OpenPull, push: Push, index: number): Promise<void> {
    const { number } = pull
    const moved = this.#lastMove.then(() => this.#move(pull, push))
    this.#lastMove = moved.catch((error) => this.#mishaps.push(error))
    const before = await moved
    await this.#send(
      await this.#github.webhook('pull_request', { action: 'synchronize', number, before }),
      push.fate,
      index,
    )
  }

  /** Every push brings a mistake of its own, and so something to say on every head. Gives the head before it. */
  async #move(pull: OpenPull, { isForced, isCure }: Push): Promise<string> {
    const { number, branch, mistakes, cured } = pull
    const [oldest] = mistakes
    if (isCure && oldest !== undefined && mistakes.delete(oldest)) cured.add(oldest)
    mistakes.add(`shop/beat_${++this.#serial}.py`)
    const files = [...[...mistakes].map((path) => [path, mistake]), ...[...cured].map((path) => [path, cure])]
    const from = isForced ? this.#start : pull.head
    pull.head = await this.#repository.commit('More', Object.fromEntries(files), { branch, from })
    const { sha: before } = this.#github.state.pulls.find((one) => one.number === number)!.head
    await this.#github.pushTo(number, pull.head, { force: isForced })
    return before
  }

  async #closePull(pull: OpenPull | undefined, fate: Fate, index: number): Promise<void> {
    if (!pull) return
    this.#pulls.delete(pull.number)
    await this.#github.editPull(pull.number, { state: 'closed' })
    const { number } = pull
    await this.#send(await this.#github.webhook('pull_request', { action: 'closed', number }), fate, index)
  }

  async #send(webhook: Webhook, fate: Fate, index: number): Promise<void> {
    switch (fate) {
      case 'sent':
        return this.#deliver(webhook, index)
      case 'doubled':
        await Promise.all([this.#deliver(webhook, index), this.#deliver(webhook, index + 1)])
        return
      case 'late':
        this.#late.push(webhook)
        return
      case 'failed':
        await this.#github.deliver(webhook, 'http://127.0.0.1:9')
        return
      case 'lost':
        return
    }
  }

  async #deliver(webhook: Webhook, to: number): Promise<void> {
    const { url } = this.#processes[to % this.#processes.length]!
    await this.#github.deliver(webhook, `${url}/api/github/webhooks`)
  }

  #errand(work: Promise<unknown>): void {
    const errand = work.catch((error) => this.#mishaps.push(error)).finally(() => this.#errands.delete(errand))
    this.#errands.add(errand)
  }

  /** Kills a process, and has it come back later. */
  async #kill(process: AppProcess): Promise<void> {
    if (!(await process.kill())) return
    this.#errand(pause(this.#downtime).then(() => process.start()))
  }

  async #carry({ method, path, ask }: Passage, process: AppProcess): Promise<Arrival> {
    const trouble = this.#troubleAt(method, path)
    if (!trouble) return { kind: 'answer', answer: await ask() }
    switch (trouble.kind) {
      case 'push':
        await this.#moveHead(path, trouble)
        return { kind: 'answer', answer: await ask() }
      case 'disconnect': {
        if (trouble.when === 'before') await this.#place.disconnect(this.#database)
        const answer = await ask()
        if (trouble.when === 'after') await this.#place.disconnect(this.#database)
        return { kind: 'answer', answer }
      }
      case 'freeze': {
        if (trouble.when === 'before') this.#errand(process.freeze(trouble.for))
        const answer = await ask()
        if (trouble.when === 'after') this.#errand(process.freeze(trouble.for))
        return { kind: 'answer', answer }
      }
      case 'kill':
        if (trouble.when === 'answered') {
          const onArrival = () => this.#errand(pause(trouble.left).then(() => this.#kill(process)))
          return { kind: 'answer', answer: await ask(), onArrival }
        }
        await this.#kill(process)
        if (trouble.when === 'after') await ask()
        return { kind: 'reset' }
      default: {
        const answer = trouble.when === 'after' ? await ask() : serverError
        if (trouble.kind === 'error') return { kind: 'answer', answer: serverError }
        if (trouble.kind === 'limit') return { kind: 'answer', answer: tooMany }
        return { kind: trouble.kind, answer }
      }
    }
  }

  /** Has the head move at this very moment. Whoever hears of that, hears of it later. */
  async #moveHead(path: string, { fate, ...push }: Push): Promise<void> {
    const named = Number(/\/pulls\/(\d+)/.exec(path)?.[1])
    const pull = this.#pulls.get(named) ?? this.#choose(this.#pulls.size - 1)
    if (!pull) return
    await this.#push(pull, { ...push, fate: 'lost' }, 0)
    const { number } = pull
    const webhook = await this.#github.webhook('pull_request', { action: 'synchronize', number })
    this.#errand(this.#send(webhook, fate === 'late' ? 'sent' : fate, 0))
  }

  #troubleAt(method: string, path: string): Fault['trouble'] | undefined {
    for (const armed of this.#faults) {
      if (!isAt(armed.fault.at, method, path) || armed.pass-- > 0) continue
      this.#faults.splice(this.#faults.indexOf(armed), 1)
      return armed.fault.trouble
    }
    return undefined
  }

  /** Waits until all is said and nothing is left to do. Gives back what still is, when patience is over. */
  async #settle(): Promise<string[]> {
    let end = performance.now() + patience
    for (;;) {
      if (this.#errands.size > 0) {
        // A busy machine takes its time to start processes, which is nobody's fault but must come to an end.
        const over = Promise.all(this.#errands).then(() => 'over')
        if ((await Promise.race([over, sleep(mostPatience, undefined, { ref: false })])) !== 'over')
          return ['a process does not start']
        end = performance.now() + patience
      }
      const lost = await this.#unsettled()
      if (lost.length === 0 || performance.now() > end) return lost
      await pause(look)
    }
  }

  async #unsettled(): Promise<string[]> {
    const { state } = this.#github
    const lost = [...this.#pulls.values()].flatMap((pull) => this.#unsaid(pull))
    for (const { id, head_sha, status } of state.checkRuns) {
      if (status !== 'completed') lost.push(`check run ${id} on ${head_sha} is ${status}`)
    }
    // What was said before the pull request was closed need not be answered.
    for (const [id] of [...this.#commands].filter(([, number]) => this.#pulls.has(number))) {
      const faces = state.reactions.filter(({ subject_id }) => subject_id === id).map(({ content }) => content)
      if (this.#repliesTo(id) === 0) lost.push(`command ${id} is not answered`)
      if (String(faces) !== '+1') lost.push(`command ${id} shows ${String(faces) || 'nothing'}`)
    }
    if (lost.length > 0) return lost
    const { waiting, running } = await readQueueState(this.#database)
    return waiting + running === 0 ? [] : ['the queue is not idle']
  }

  #unsaid({ number, head, mistakes, cured }: OpenPull): string[] {
    const { state } = this.#github
    const unsaid: string[] = []
    const has = (path: string) => state.reviewComments.filter((one) => one.pull_number === number && one.path === path)
    if (!this.#reviewsOf(number).some((key) => key.startsWith(head))) unsaid.push(`#${number} has no review of ${head}`)
    for (const path of mistakes) if (has(path).length === 0) unsaid.push(`#${number} has no comment on ${path}`)
    for (const path of cured) {
      if (has(path).some(({ thread }) => thread.resolved_by === null)) unsaid.push(`#${number}: ${path} is not settled`)
    }
    const check = state.checkRuns.findLast((run) => run.head_sha === head)
    if (!check) unsaid.push(`#${number} has no check run on ${head}`)
    else if (/^Not reviewed/.test(check.output.title ?? '')) unsaid.push(`#${number}: ${check.output.title}`)
    return unsaid
  }

  /** The keys of our reviews. */
  #reviewsOf(number: number): string[] {
    return this.#github.state.reviews
      .filter(({ pull_number }) => pull_number === number)
      .flatMap(({ body }) => parseMarker(body)?.review ?? [])
  }

  #repliesTo(comment: number): number {
    const replies = this.#github.state.issueComments.map(({ body }) => parseMarker(body)?.reply)
    return replies.filter((reply) => reply === String(comment)).length
  }

  #doubled(): string[] {
    const { state } = this.#github
    const said = [
      ...state.pulls.flatMap(({ number }) =>
        this.#reviewsOf(number).map((key) => `the review of #${number} at ${key.split('/', 1)[0]}`),
      ),
      ...state.reviewComments.map(({ pull_number, path }) => `the comment of #${pull_number} on ${path}`),
      ...[...this.#commands.keys()].flatMap((id) =>
        Array<string>(this.#repliesTo(id)).fill(`the answer to command ${id}`),
      ),
    ]
    return [...new Set(said.filter((one, index) => said.indexOf(one) < index))]
  }

  #leaked(): string[] {
    const { privateKey, webhookSecret } = this.#github.app
    const secrets = [privateKey.split('\n')[1]!, webhookSecret, codeWord, 'ghs_']
    const lines = this.#processes.flatMap((process) => process.lines)
    return lines.filter((line) => secrets.some((secret) => line.includes(secret)))
  }
}

const serverError = failure(502, {}, 'Server Error')
const tooMany = failure(403, { 'retry-after': '1' }, 'You have exceeded a secondary rate limit')

function failure(status: number, headers: Record<string, string>, message: string): Answer {
  const body = Buffer.from(JSON.stringify({ message }))
  return { status, headers: { 'content-type': 'application/json', ...headers }, body }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The database of the app. */
interface PlaceOfApp extends Place {
  /** By which the app finds it. */
  readonly variables: NodeJS.ProcessEnv
  /** Ends the connections that processes of the app have to it, as seen from a connection of our own. */
  disconnect(database: Database): Promise<unknown>
}

async function openPlace(adapter: Adapter): Promise<PlaceOfApp> {
  if (adapter === 'sqlite') {
    const place = await sqlitePlace()
    return { ...place, variables: { DATA_DIR: dirname(place.path) }, disconnect: async () => {} }
  }
  if (!postgresUrl) throw new Error('there is no PostgreSQL: set TEST_DATABASE_URL')
  const place = await postgresPlace(postgresUrl)
  const url = new URL(postgresUrl)
  url.searchParams.set('application_name', place.schema)
  return {
    ...place,
    variables: { DATABASE_URL: url.href, SCHEMA: place.schema },
    disconnect: (database) =>
      database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
        place.schema,
      ]),
  }
}
