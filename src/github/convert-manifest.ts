/** Owns the last step of creating an App from a manifest: trading GitHub's code for the App's credentials. */
import type { Octokit } from './octokit.ts'

export interface NewApp {
  readonly id: number
  readonly slug: string
  readonly url: string
  /** PEM. */
  readonly privateKey: string
  readonly webhookSecret: string
}

/**
 * Trades the code, which works once and for an hour:
 * https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 * @throws GitHubFailure
 */
export async function convertManifest(octokit: Octokit, code: string): Promise<NewApp> {
  const { data } = await octokit.rest.apps.createFromManifest({ code, request: { retries: 0 } })
  return {
    id: data.id,
    slug: data.slug ?? data.name,
    url: data.html_url,
    privateKey: data.pem,
    webhookSecret: data.webhook_secret ?? '',
  }
}

/** Where GitHub's pages are, by where its REST interface is: on github.com, with data residency, and on a server of one's own. */
export function webAddressOf(apiUrl: string): string {
  const { protocol, host } = new URL(apiUrl)
  const isHosted = host === 'api.github.com' || (host.startsWith('api.') && host.endsWith('.ghe.com'))
  return `${protocol}//${isHosted ? host.slice('api.'.length) : host}`
}
