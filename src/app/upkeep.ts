/** Owns what is done from time to time, by one of all processes: reconciling, and forgetting what is old. */
import { takeTurn } from '../database/chores.ts'
import { forgetOld } from '../queue/queue-records.ts'
import { Reconciler } from './reconcile.ts'
import type { AppParts } from './start-app.ts'
import type { Storage } from './storage.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** How often it is done, in milliseconds. */
const every = 10 * minute

/** How long things are kept, in milliseconds: deliveries for longer than GitHub sends them again, the rest for as long as a pull request rests. */
const kept = { deliveries: 7 * day, jobs: 30 * day, pulls: 180 * day, facts: 30 * day }

/** A hundred large projects. */
const mostBytesOfFacts = 1_000_000_000

/** @param interval how often, in milliseconds */
export function beginUpkeep({ database, facts }: Pick<Storage, 'database' | 'facts'>, interval = every) {
  return ({ probot, clients, queue, store, clock }: AppParts): (() => Promise<void>) => {
    const { log } = probot
    let isOver = false
    let cancel = () => {}
    const upkeep = async (): Promise<void> => {
      const now = clock.now()
      const last = await takeTurn(database, 'upkeep', now, interval / 2)
      if (last === undefined || isOver) return
      const reconciler = new Reconciler({
        asApp: await probot.auth(),
        auth: (id) => clients.forListing(id),
        receive: (event) => probot.receive(event as Parameters<typeof probot.receive>[0]),
        queue,
        store,
        log,
      })
      log.info(await reconciler.reconcile(now, last || now), 'reconciled')
      await forgetOld(database, { deliveries: now - kept.deliveries, jobs: now - kept.jobs })
      await store.forgetUnchangedSince(now - kept.pulls)
      await facts.forget({ unusedSince: now - kept.facts, mostBytes: mostBytesOfFacts })
    }
    const repeat = async (): Promise<void> => {
      await upkeep().catch((error) => log.error({ err: error }, 'the upkeep failed'))
      if (!isOver) cancel = clock.after(interval, () => void repeat())
    }
    let underWay = Promise.resolve()
    underWay = repeat()
    return async () => {
      isOver = true
      cancel()
      await underWay
    }
  }
}
