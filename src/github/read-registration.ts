/** Owns reading how the App is registered at GitHub, and how its deliveries and installations fare. Asks as the App itself. */
import { GitHubFailure } from './failure.ts'
import type { Octokit } from './octokit.ts'

/** Permissions by name, such as `checks: 'write'`. */
export type Permissions = Readonly<Record<string, string | undefined>>

export interface Registration {
  readonly slug: string
  /** The page from which it is installed and configured. */
  readonly url: string
  readonly permissions: Permissions
  readonly events: readonly string[]
  readonly webhook: {
    readonly url?: string
    readonly contentType?: string
    readonly isInsecure: boolean
    readonly hasSecret: boolean
  }
  readonly installations: readonly Installation[]
  /** The last ones that GitHub tells of, at most a hundred, newest first. */
  readonly deliveries: readonly { readonly event: string; readonly status: string; readonly isDelivered: boolean }[]
  /** GitHub's clock at the first answer, in milliseconds since the epoch. */
  readonly answeredAt: number
}

export interface Installation {
  readonly account: string
  readonly isSuspended: boolean
  /** What its owner has agreed to. */
  readonly permissions: Permissions
  readonly url: string
}

/**
 * Reads it, at most the first hundred installations.
 * @throws GitHubFailure
 */
export async function readRegistration(octokit: Octokit): Promise<Registration> {
  const { data: app, headers } = await octokit.rest.apps.getAuthenticated()
  if (!app) throw new GitHubFailure({ kind: 'gone' }, 'GET /app: no app')
  const { data: hook } = await octokit.rest.apps.getWebhookConfigForApp()
  const { data: installations } = await octokit.rest.apps.listInstallations({ per_page: 100 })
  const { data: deliveries } = await octokit.rest.apps.listWebhookDeliveries({ per_page: 100 })
  return {
    slug: app.slug ?? app.name,
    url: app.html_url,
    permissions: app.permissions,
    events: app.events,
    webhook: {
      url: hook.url,
      contentType: hook.content_type,
      isInsecure: String(hook.insecure_ssl ?? 0) !== '0',
      hasSecret: !!hook.secret,
    },
    installations: installations.map(({ account, suspended_at, permissions, html_url }) => ({
      account: account?.login ?? 'unknown',
      isSuspended: suspended_at !== null,
      permissions,
      url: html_url,
    })),
    deliveries: deliveries.map(({ event, status, status_code }) => ({
      event,
      status: status_code ? `${status_code} ${status}` : status,
      isDelivered: status_code >= 200 && status_code < 300,
    })),
    answeredAt: Date.parse(headers.date ?? ''),
  }
}
