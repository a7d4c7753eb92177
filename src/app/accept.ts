/** Owns the one thing that a webhook handler does: make a job of a delivery, store it, and return. */
import { jobKey, type RepositoryRef, type ReviewJob } from '../queue/review-job.ts'
import type { ReviewQueue } from '../queue/review-queue.ts'
import type { Log } from './log.ts'

/** What every payload has that comes through the installation of an App. */
interface Origin {
  readonly installation?: { readonly id: number } | null
  readonly repository: { readonly id: number; readonly name: string; readonly owner: { readonly login: string } }
}

export type Wish = Pick<ReviewJob, 'subject'> & Partial<Pick<ReviewJob, 'review' | 'asked' | 'commands'>>

/** Stores what a delivery asks for. */
export type Accept = (delivery: string, payload: Origin, wish: Wish) => Promise<void>

/** GitHub shows what a handler throws to whoever looks at the delivery, so nothing but this is thrown. */
const notStored = 'The delivery was not stored; redeliver it.'

export function acceptInto(queue: ReviewQueue, log: Log): Accept {
  return async (delivery, { installation, repository }, { subject, review = false, asked, commands = [] }) => {
    if (!installation) return
    const ref: RepositoryRef = { id: repository.id, owner: repository.owner.login, name: repository.name }
    const wish = { subject, review, ...(asked ? { asked } : {}), commands }
    const job: ReviewJob = { delivery, installationId: installation.id, repository: ref, ...wish }
    const about = { delivery, job: jobKey(job) }
    try {
      log.info(about, `delivery ${await queue.accept({ id: delivery }, job)}`)
    } catch (error) {
      log.error({ ...about, err: error }, 'delivery not stored')
      throw new Error(notStored)
    }
  }
}
