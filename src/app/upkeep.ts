/** Owns what is done from time to time, by one of all processes: reconciling, and forgetting what is old. */
import { keepPlace, readPlace, takeTurn } from '../database/chores.ts'
import { forgetOld } from '../queue/queue-records.ts'
import { type ReconcilePlace, Reconciler } from './reconcile.ts'
import type { AppParts } from './start-app.ts'
import type { Storage } from './storage.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** How often it is done, in milliseconds. */
const every = 10 * minute

/** As which it is known to the database. */
const chore = 'upkeep'

/** How long things are kept, in milliseconds: deliveries for longer than GitHub sends them again, the rest for as long as a pull request rests. */
const kept = { deliveries: 7 * day, jobs: 30 * day, pulls: 180 * day, facts: 30 * day }

/** A hundred large projects. */
const mostBytesOfFacts = 1_000_000_000

/** A reconciler that asks GitHub and fills the queue as the app does. */
export const reconcilerOf = async (
  { probot, clients, queue, store, longestReview, log }: AppParts,
  isOver?: () => boolean,
): Promise<Reconciler> =>
  new Reconciler({
    asApp: await probot.auth(),
    auth: (id) => clients.forListing(id),
    receive: (event) => probot.receive(event as Parameters<typeof probot.receive>[0]),
    queue,
    store,
    longestReview,
    log,
    isOver,
  })

/** @param interval how often, in milliseconds */
export function beginUpkeep({ database, facts }: Pick<Storage, 'database' | 'facts'>, interval = every) {
  return (parts: AppParts): (() => Promise<void>) => {
    const { store, clock, log } = parts
    let isOver = false
    let cancel = () => {}
    const upkeep = async (): Promise<void> => {
      const now = clock.now()
      const last = await takeTurn(database, chore, now, interval / 2)
      if (last === undefined || isOver) return
      const reconciler = await reconcilerOf(parts, () => isOver)
      const from = await readPlace<ReconcilePlace>(database, chore)
      const { place, ...counts } = await reconciler.reconcile(now, last || now, from)
      await keepPlace(database, chore, place)
      log.info(counts, 'reconciled')
      await forgetOld(database, { deliveries: now - kept.deliveries, jobs: now - kept.jobs })
      await store.forgetUnchangedSince(now - kept.pulls)
      await facts.forget({ unusedSince: now - kept.facts, mostBytes: mostBytesOfFacts })
    }
    let underWay: Promise<void>
    const repeat = (): void => {
      underWay = upkeep()
        .catch((error) => log.error({ err: error }, 'the upkeep failed'))
        .then(() => {
          if (!isOver) cancel = clock.after(interval, repeat)
        })
    }
    repeat()
    return async () => {
      isOver = true
      cancel()
      await underWay
    }
  }
}
