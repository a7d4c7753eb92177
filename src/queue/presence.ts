/**
 * Owns knowing which processes live. Each shows its own life by a beat that counts up; one whose beat stands still for
 * too long is dead, and what it held is free again. Nobody's clock is compared with anybody else's.
 */
import { randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'
import type { JobTable } from './job-table.ts'

export interface PresenceOptions {
  readonly table: JobTable
  readonly clock: Clock
  /** Counts the time that passes, and is never set. */
  readonly steady: Clock
  /** How long a process may show nothing before it counts as dead, in milliseconds. */
  readonly lease: number
  /** Told at every beat. */
  readonly onBeat: () => Promise<void>
  /** Told when this process was taken for dead, and all that it runs was taken away. */
  readonly onLost: () => void
  /** Told when jobs became free. */
  readonly onFreed: () => void
  readonly onError: (error: unknown) => void
}

/** A slow moment must not cost a process its life. */
const beatsPerLease = 4

export class Presence {
  readonly #options: PresenceOptions
  #id = randomUUID()
  /** The beat of every process, and when it was seen first. */
  readonly #seen = new Map<string, { readonly beat: number; readonly at: number }>()
  #cancel = () => {}
  #isOver = false

  constructor(options: PresenceOptions) {
    this.#options = options
  }

  /** Under which this process holds jobs. */
  get id(): string {
    return this.#id
  }

  async start(): Promise<void> {
    await this.#options.table.register(this.#id)
    this.#schedule()
  }

  /** What this process held is no longer its own. */
  async reappear(): Promise<void> {
    this.#id = randomUUID()
    this.#options.onLost()
    await this.#options.table.register(this.#id)
  }

  /** What was broken off may be on its way to GitHub still: nobody takes that up before the lease is over. */
  async end({ isIdle }: { isIdle: boolean }): Promise<void> {
    this.#isOver = true
    this.#cancel()
    if (!isIdle) return
    await this.#options.table.release(this.#id, undefined, this.#options.clock.now())
  }

  #schedule(): void {
    if (this.#isOver) return
    this.#cancel = this.#options.steady.after(this.#options.lease / beatsPerLease, () => {
      this.#beat()
        .catch(this.#options.onError)
        .finally(() => this.#schedule())
    })
  }

  async #beat(): Promise<void> {
    const { table } = this.#options
    if (!(await table.beat(this.#id))) await this.reappear()
    await this.#buryTheDead()
    await this.#options.onBeat()
  }

  async #buryTheDead(): Promise<void> {
    const { table, clock, steady, lease } = this.#options
    const holders = await table.holders()
    const now = steady.now()
    for (const { id, beat } of holders) {
      const seen = this.#seen.get(id)
      if (seen?.beat !== beat) this.#seen.set(id, { beat, at: now })
      else if (id !== this.#id && now - seen.at >= lease && (await table.release(id, beat, clock.now())) > 0) {
        this.#options.onFreed()
      }
    }
    const alive = new Set(holders.map(({ id }) => id))
    for (const id of this.#seen.keys()) if (!alive.has(id)) this.#seen.delete(id)
  }
}
