/** Owns GitHub's limit on how much one actor may write in a time. */
import { Refusal } from './refusals.ts'

const minute = 60_000
const hour = 60 * minute

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
export class ContentLimit {
  readonly #written = new Map<string, number[]>()

  constructor(
    readonly perMinute: number,
    readonly perHour: number,
  ) {}

  /** Counts one write at `now` (milliseconds). @throws Refusal that says when to come back. */
  count(actor: string, now: number): void {
    const written = (this.#written.get(actor) ?? []).filter((time) => time > now - hour)
    this.#written.set(actor, written)
    const lastMinute = written.filter((time) => time > now - minute)
    if (lastMinute.length >= this.perMinute) throw exceeded(lastMinute[0]! + minute - now)
    if (written.length >= this.perHour) throw exceeded(written[0]! + hour - now)
    written.push(now)
  }
}

const exceeded = (wait: number) =>
  new Refusal(
    403,
    'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.',
    undefined,
    { 'retry-after': String(Math.max(1, Math.ceil(wait / 1000))) },
  )
