/** Owns judging how the app is set up: what is in order, what is not, and the remedy for each fault. Pure. */
import type { Installation, Permissions, Registration } from '../../github/read-registration.ts'
import { webhookPath } from '../serve-http.ts'

export interface Diagnosis {
  /** What was looked at: `webhook`. */
  readonly subject: string
  /** What was found, and what to do about it when it is a fault. */
  readonly message: string
  /** A fault keeps reviews from coming; a doubt may. */
  readonly state: 'fine' | 'doubt' | 'fault'
}

/** What the App should have, by its manifest. */
export interface Manifest {
  readonly default_permissions: Permissions
  readonly default_events: readonly string[]
}

/** GitHub refuses a token whose beginning or end is more than this off, in milliseconds. */
export const bearable = 30_000

export const fine = (subject: string, message: string): Diagnosis => ({ subject, message, state: 'fine' })
export const doubt = (subject: string, message: string): Diagnosis => ({ subject, message, state: 'doubt' })
export const fault = (subject: string, message: string): Diagnosis => ({ subject, message, state: 'fault' })

/**
 * Judges a registration.
 * @param now the clock of this machine when GitHub answered, in milliseconds since the epoch
 */
export function diagnose(registration: Registration, manifest: Manifest, now: number): Diagnosis[] {
  return [
    ofClock(registration, now),
    ...ofPermissions(registration, manifest),
    ofEvents(registration, manifest),
    ...ofWebhook(registration),
    ...ofInstallations(registration, manifest),
    ofDeliveries(registration),
  ]
}

function ofClock({ answeredAt }: Registration, now: number): Diagnosis {
  const seconds = Math.round((now - answeredAt) / 1000)
  if (!(Math.abs(now - answeredAt) > bearable)) return fine('clock', 'agrees with GitHub')
  const way = seconds > 0 ? 'ahead of' : 'behind'
  return fault(
    'clock',
    `is ${Math.abs(seconds)} s ${way} GitHub, which refuses tokens from the past and the future: set it by NTP`,
  )
}

const ranks = ['read', 'write', 'admin']

/** The permissions of the manifest that are not granted, as `checks: write`. */
function missing(wanted: Permissions, granted: Permissions): string[] {
  return Object.entries(wanted).flatMap(([name, level]) =>
    ranks.indexOf(granted[name] ?? '') < ranks.indexOf(level ?? '') ? [`${name}: ${level}`] : [],
  )
}

function ofPermissions({ permissions, url }: Registration, manifest: Manifest): Diagnosis[] {
  const lacking = missing(manifest.default_permissions, permissions)
  const surplus = missing(permissions, manifest.default_permissions).filter((one) => !one.startsWith('merge_queues'))
  return [
    lacking.length === 0
      ? fine('permissions', 'are what app.yml asks for')
      : fault('permissions', `lack ${lacking.join(', ')}: add them below ${url} → App settings → Permissions & events`),
    ...(surplus.length > 0
      ? [doubt('permissions', `include ${surplus.join(', ')}, which the app never uses: take them away`)]
      : []),
  ]
}

function ofEvents({ events, url }: Registration, { default_events }: Manifest): Diagnosis {
  const lacking = default_events.filter((event) => !events.includes(event))
  return lacking.length === 0
    ? fine('events', 'are what app.yml asks for')
    : fault(
        'events',
        `lack ${lacking.join(', ')}: subscribe to them below ${url} → App settings → Permissions & events`,
      )
}

function ofWebhook({ webhook }: Registration): Diagnosis[] {
  const { url, contentType, isInsecure, hasSecret } = webhook
  const found: Diagnosis[] = []
  if (!url) return [fault('webhook', `has no address: set it to https://your-host${webhookPath}, and make it active`)]
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  if (path !== webhookPath) found.push(fault('webhook', `goes to ${url}: its path must be ${webhookPath}`))
  if (contentType !== 'json')
    found.push(fault('webhook', `is sent as ${contentType}: set its content type to application/json`))
  if (!hasSecret) found.push(fault('webhook', 'has no secret at GitHub: set it there to the value of WEBHOOK_SECRET'))
  if (isInsecure) found.push(doubt('webhook', 'is sent without verifying the certificate: enable SSL verification'))
  return found.length > 0 ? found : [fine('webhook', `goes to ${url}`)]
}

function ofInstallations({ installations, url }: Registration, manifest: Manifest): Diagnosis[] {
  if (installations.length === 0)
    return [fault('installations', `are none: install the App from ${url}/installations/new`)]
  const found = installations.flatMap((one) => ofInstallation(one, manifest))
  return found.length > 0
    ? found
    : [fine('installations', `${installations.length}, all with the permissions they need`)]
}

function ofInstallation({ account, isSuspended, permissions, url }: Installation, manifest: Manifest): Diagnosis[] {
  if (isSuspended) return [doubt('installations', `that of ${account} is suspended: its owner can lift that at ${url}`)]
  const lacking = missing(manifest.default_permissions, permissions)
  if (lacking.length === 0) return []
  return [
    fault('installations', `that of ${account} lacks ${lacking.join(', ')}: its owner has to accept them at ${url}`),
  ]
}

function ofDeliveries({ deliveries, url }: Registration): Diagnosis {
  const failed = deliveries.filter(({ isDelivered }) => !isDelivered)
  const [last] = failed
  if (deliveries.length === 0)
    return doubt('deliveries', 'GitHub tells of none yet: open a pull request, and look again')
  if (!last) return fine('deliveries', `the last ${deliveries.length} arrived`)
  const message = `${failed.length} of the last ${deliveries.length} failed, lately ${last.event} with "${last.status}": see ${url} → App settings → Advanced`
  return deliveries[0] === last ? fault('deliveries', message) : doubt('deliveries', message)
}
