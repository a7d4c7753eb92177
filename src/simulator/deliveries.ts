/** Owns the sending of webhooks, the record that GitHub keeps of it, and sending them again. */
import type { components } from '@octokit/openapi-types'
import { type Answer, type ApiRequest, numberParam, ok, page } from './http.ts'
import { notFound } from './refusals.ts'
import { toTimestamp } from './repository.ts'
import type { DeliveryRecord, SignedWebhook } from './state.ts'
import type { World } from './world.ts'

type Schemas = components['schemas']

/** Sends a webhook and keeps the record of it. A receiver that refuses it or is not there is no error, as for GitHub. */
export async function deliver(
  world: World,
  webhook: SignedWebhook,
  url: string,
  redelivery = false,
): Promise<DeliveryRecord> {
  const started = world.access.now()
  const status_code = await fetch(url, { method: 'POST', headers: webhook.headers, body: webhook.body }).then(
    async (response) => {
      await response.arrayBuffer()
      return response.status
    },
    () => 0,
  )
  const delivery: DeliveryRecord = {
    id: world.state.nextId(),
    webhook,
    url,
    redelivery,
    delivered_at: toTimestamp(started),
    duration: (world.access.now() - started) / 1000,
    status_code,
  }
  world.state.deliveries.push(delivery)
  return delivery
}

function toDelivery(world: World, { webhook, ...delivery }: DeliveryRecord): Schemas['hook-delivery-item'] {
  const isOk = delivery.status_code >= 200 && delivery.status_code < 400
  return {
    id: delivery.id,
    guid: webhook.id,
    delivered_at: delivery.delivered_at,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: isOk ? 'OK' : delivery.status_code === 0 ? 'failed to connect to host' : 'Invalid HTTP Response',
    status_code: delivery.status_code,
    event: webhook.name,
    action: webhook.action,
    installation_id: world.installationId,
    repository_id: world.repository.id,
  }
}

/** The latest first. GitHub pages these by cursor; a simulator's fit on one page. */
export function listDeliveries(request: ApiRequest, world: World): Answer<Schemas['hook-delivery-item'][]> {
  const deliveries = world.site
    .flatMap((one) => one.state.deliveries.map((delivery) => ({ one, delivery })))
    .sort((a, b) => b.delivery.id - a.delivery.id)
    .map(({ one, delivery }) => toDelivery(one, delivery))
  return { status: 200, body: page(request, deliveries, 100).body! }
}

/** The delivery that a path names, and the repository that it was about. */
function deliveryOf(request: ApiRequest, { site }: World): { world: World; delivery: DeliveryRecord } {
  const id = numberParam(request, 'id')
  for (const world of site) {
    const delivery = world.state.deliveries.find((candidate) => candidate.id === id)
    if (delivery) return { world, delivery }
  }
  throw notFound()
}

/** One delivery with what was sent. */
export function getDelivery(request: ApiRequest, asked: World): Answer<object> {
  const { world, delivery } = deliveryOf(request, asked)
  const { headers, body } = delivery.webhook
  return ok({ ...toDelivery(world, delivery), request: { headers, payload: JSON.parse(body) } })
}

/** Answers once the receiver has; GitHub answers before. */
export async function redeliver(request: ApiRequest, asked: World): Promise<Answer<object>> {
  const { world, delivery } = deliveryOf(request, asked)
  await deliver(world, delivery.webhook, delivery.url, true)
  return { status: 202, body: {} }
}
