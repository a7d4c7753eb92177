/** Owns one process of the app: its life, its deaths, and all that it ever logged. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export class AppProcess {
  readonly #spawn: () => ChildProcess
  #child?: ChildProcess
  #isUp = false
  #url = 'http://127.0.0.1:9'
  readonly lines: string[] = []
  kills = 0

  constructor(spawn: () => ChildProcess) {
    this.#spawn = spawn
  }

  /** Whether it listens. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** Where it listens, or did when it still lived. */
  get url(): string {
    return this.#url
  }

  /** Ends when it listens, or when it is dead. */
  async start(): Promise<void> {
    const child = this.#spawn()
    this.#child = child
    const dead = once(child, 'exit')
    const listening = new Promise<void>((resolve) => {
      for (const stream of [child.stdout!, child.stderr!]) {
        let rest = ''
        stream.on('data', (chunk) => {
          const lines = (rest + chunk).split('\n')
          rest = lines.pop()!
          this.lines.push(...lines)
          const url = lines.flatMap((line) => /"url":"([^"]+)".*"msg":"listening"/.exec(line)?.[1] ?? []).at(-1)
          if (url === undefined) return
          this.#url = url
          this.#isUp = true
          resolve()
        })
      }
    })
    await Promise.race([listening, dead])
    if (child.exitCode !== null) throw new Error(`the app ended by itself:\n${this.lines.slice(-20).join('\n')}`)
  }

  /** Kills it as a power cut would. Ends when it is dead; says whether it lived. */
  async kill(): Promise<boolean> {
    const child = this.#child
    if (!child || !this.#isUp) return false
    this.#isUp = false
    this.kills++
    const dead = once(child, 'exit')
    child.kill('SIGKILL')
    await dead
    return true
  }

  /** Has it stand still, as a machine does that is moved or out of memory. Ends when it goes on, or is dead. */
  async freeze(ms: number): Promise<void> {
    const child = this.#child
    if (!child || !this.#isUp) return
    child.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, ms))
    child.kill('SIGCONT')
  }

  /** Asks it to end, and waits for that. Says how it ended. */
  async end(): Promise<number | null> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return null
    this.#isUp = false
    const dead = once(child, 'exit')
    child.kill('SIGTERM')
    const [code] = (await dead) as [number | null]
    return code
  }
}
