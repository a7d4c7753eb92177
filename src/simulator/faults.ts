/** Owns what tests make go wrong: answers that fail on purpose, connections that break, and things that happen in between. */

export interface RequestMatch {
  readonly method: string
  /** Matched against the path with its query. */
  readonly path: RegExp
}

export interface Failure extends RequestMatch {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** JSON; bytes as they are. */
  readonly body?: unknown
  /** Does what was asked for first, and then says that it failed. */
  readonly afterCommit?: boolean
}

export interface Drop extends RequestMatch {
  /** Closes the connection instead of answering. */
  readonly drop: true
  readonly afterCommit?: boolean
}

export type Fault = Failure | Drop

interface Hook extends RequestMatch {
  run(): unknown
}

/** Every fault and every hook is good for one request; of several that match, the oldest goes first. */
export class Faults {
  readonly #faults: Fault[] = []
  readonly #hooks: Hook[] = []

  failNext(fault: Fault): void {
    this.#faults.push(fault)
  }

  before(match: RequestMatch, run: () => unknown): void {
    this.#hooks.push({ ...match, run })
  }

  async runHook(method: string, path: string): Promise<void> {
    await take(this.#hooks, method, path)?.run()
  }

  takeFault(method: string, path: string): Fault | undefined {
    return take(this.#faults, method, path)
  }
}

function take<Match extends RequestMatch>(matches: Match[], method: string, path: string): Match | undefined {
  const index = matches.findIndex((match) => match.method === method && match.path.test(path))
  return index < 0 ? undefined : matches.splice(index, 1)[0]
}
