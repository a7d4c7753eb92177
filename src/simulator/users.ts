/** Owns how people and bots are shown. */
import type { components } from '@octokit/openapi-types'
import { nodeId } from './state.ts'
import type { World } from './world.ts'

type Schemas = components['schemas']

export const isBot = (login: string): boolean => login.endsWith('[bot]')

export function toUser(world: World, login: string): Schemas['simple-user'] {
  const id = world.state.idOf('user', login)
  const url = `${world.url}/users/${encodeURIComponent(login)}`
  return {
    login,
    id,
    node_id: nodeId('user', id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: isBot(login) ? `https://github.com/apps/${login.slice(0, -5)}` : `https://github.com/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: isBot(login) ? 'Bot' : 'User',
    site_admin: false,
  }
}

/** What the API says about a person's standing. Of members who keep their membership private it knows no more than this. */
export function associationOf(world: World, login: string): Schemas['author-association'] {
  if (login === world.repository.owner) return 'OWNER'
  const role = world.access.roleOf(login)
  return role === 'none' || role === 'read' ? 'NONE' : 'COLLABORATOR'
}
