/** Owns what GitHub tells of the webhooks that it sent. */
import type { Octokit } from './octokit.ts'

export interface FailedDelivery {
  readonly id: number
  /** `X-GitHub-Delivery`; all attempts at one event have the same. */
  readonly guid: string
  /** When the first attempt was made, in milliseconds since the epoch. */
  readonly at: number
}

/**
 * The events since a time (milliseconds since the epoch) no attempt at which was answered well, by time and name.
 * @param mostPages how many requests it may take; what lies further back is left out then
 * @throws GitHubFailure
 */
export async function listFailedDeliveries(
  asApp: Octokit,
  since: number,
  mostPages: number,
): Promise<FailedDelivery[]> {
  const failed = new Map<string, FailedDelivery>()
  const delivered = new Set<string>()
  const pages = asApp.paginate.iterator(asApp.rest.apps.listWebhookDeliveries, { per_page: 100 })
  let left = mostPages
  for await (const { data } of pages) {
    for (const { id, guid, status_code, delivered_at } of data) {
      if (status_code >= 200 && status_code < 400) delivered.add(guid)
      else failed.set(guid, { id, guid, at: Date.parse(delivered_at) })
    }
    const oldest = data.at(-1)
    if (--left === 0 || !oldest || Date.parse(oldest.delivered_at) < since) break
  }
  return [...failed.values()]
    .filter(({ guid, at }) => at >= since && !delivered.has(guid))
    .sort((one, other) => one.at - other.at || (one.guid < other.guid ? -1 : 1))
}

/**
 * The event of a delivery, as it was sent.
 * @throws GitHubFailure
 */
export async function readDelivery(
  asApp: Octokit,
  id: number,
): Promise<{ id: string; name: string; payload: unknown }> {
  const { data } = await asApp.rest.apps.getWebhookDelivery({ delivery_id: id })
  return { id: data.guid, name: data.event, payload: data.request.payload }
}
