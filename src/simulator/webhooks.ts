/** Owns webhooks: their payloads in GitHub's shape, signed as GitHub signs them. Sending them is left to the caller. */
import { createHmac } from 'node:crypto'
import type { components } from '@octokit/openapi-types'
import { toApp, toInstallation } from './apps.ts'
import { toCheckRun } from './checks.ts'
import { toIssueComment } from './issue-comments.ts'
import { findCheckRun, findIssueComment, findPull, findReviewComment } from './lookup.ts'
import { toLabel, toMinimalPulls, toPull, toPullSimple } from './pulls.ts'
import { toRepository } from './repositories.ts'
import type { Commit } from './repository.ts'
import { toReviewComment } from './review-comments.ts'
import { nodeId, type PullRecord, type SignedWebhook } from './state.ts'
import { associationOf, toUser } from './users.ts'
import { apiRoot, htmlRoot, timestamp, type World } from './world.ts'

type Schemas = components['schemas']

/** What the caller says about each event; the rest of the payload follows from what is stored. */
export interface WebhookEvents {
  pull_request: {
    action:
      | 'opened'
      | 'synchronize'
      | 'reopened'
      | 'ready_for_review'
      | 'converted_to_draft'
      | 'edited'
      | 'closed'
      | 'labeled'
      | 'unlabeled'
    number: number
    /** Of `synchronize`: the head before the push. */
    before?: string
    /** Of `edited`: what it was before, such as `{ base: { ref: { from: 'main' }, sha: { from } } }`. */
    changes?: Record<string, unknown>
    /** Of `labeled` and `unlabeled`. */
    label?: string
  }
  issue_comment: { action: 'created' | 'edited' | 'deleted'; comment: number; changes?: Record<string, unknown> }
  pull_request_review_comment: { action: 'created' | 'edited' | 'deleted'; comment: number }
  /** `comment` is any of the thread's. */
  pull_request_review_thread: { action: 'resolved' | 'unresolved'; comment: number }
  check_run: { action: 'created' | 'completed' | 'rerequested' | 'requested_action'; id: number; identifier?: string }
  check_suite: { action: 'requested' | 'rerequested'; head_sha: string }
  merge_group: { action: 'checks_requested' | 'destroyed'; head_sha: string; base_ref?: string }
  installation: { action: 'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted' }
  installation_repositories: { action: 'added' | 'removed' }
}

export type WebhookName = keyof WebhookEvents

export interface Webhook extends SignedWebhook {
  readonly name: WebhookName
  readonly payload: Record<string, unknown>
}

/**
 * Builds a webhook about what is stored. `sender` is the login of whoever caused it, by default the author of what
 * the event is about.
 * @throws Refusal when the event names something that is not there.
 */
export async function buildWebhook<Name extends WebhookName>(
  world: World,
  name: Name,
  event: WebhookEvents[Name] & { sender?: string },
): Promise<Webhook> {
  const { sender, ...details } = event
  const built = await builders[name](world, details as never)
  const login = sender ?? built.by
  const { id: installationId } = toInstallation(world)
  const payload = {
    action: event.action,
    ...built.fields,
    ...(name.startsWith('installation') ? {} : { repository: { ...toRepository(world), custom_properties: {} } }),
    installation: built.fields.installation ?? { id: installationId, node_id: nodeId('installation', installationId) },
    sender: toUser(world, login),
  }
  const body = JSON.stringify(payload)
  const id = `00000000-0000-4000-8000-${String(world.state.nextId()).padStart(12, '0')}`
  const signature = createHmac('sha256', world.access.app.webhookSecret).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/simulator',
    'x-github-delivery': id,
    'x-github-event': name,
    'x-github-hook-id': String(world.access.app.id),
    'x-github-hook-installation-target-id': String(world.access.app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature-256': `sha256=${signature}`,
  }
  return { id, name, action: event.action, payload, body, headers }
}

interface Built {
  /** The login of whoever would have caused it. */
  readonly by: string
  readonly fields: Record<string, unknown>
}

type Builders = { [Name in WebhookName]: (world: World, event: WebhookEvents[Name]) => Built | Promise<Built> }

const builders: Builders = {
  async pull_request(world, { number, before, changes, label, action }) {
    const pull = findPull(world, number)
    return {
      by: pull.user,
      fields: {
        number,
        pull_request: await toPull(world, pull),
        ...(action === 'synchronize' ? { before: before ?? pull.base.sha, after: pull.head.sha } : {}),
        ...(changes ? { changes } : {}),
        ...(label ? { label: toLabel(world, label) } : {}),
      },
    }
  },

  issue_comment(world, { comment, changes }) {
    const record = findIssueComment(world, comment)
    return {
      by: record.user,
      fields: {
        issue: toIssue(world, findPull(world, record.issue_number)),
        comment: toIssueComment(world, record),
        ...(changes ? { changes } : {}),
      },
    }
  },

  pull_request_review_comment(world, { comment }) {
    const record = findReviewComment(world, comment)
    const pull = findPull(world, record.pull_number)
    return {
      by: record.user,
      fields: { comment: toReviewComment(world, record), pull_request: toPullSimple(world, pull) },
    }
  },

  pull_request_review_thread(world, { comment }) {
    const { thread, pull_number } = findReviewComment(world, comment)
    const pull = findPull(world, pull_number)
    const comments = world.state.commentsOf(thread).map((one) => toReviewComment(world, one))
    return {
      by: thread.resolved_by ?? pull.user,
      fields: {
        pull_request: toPullSimple(world, pull),
        thread: { node_id: nodeId('thread', thread.id), comments },
        updated_at: timestamp(world),
      },
    }
  },

  async check_run(world, { id, identifier }) {
    const run = findCheckRun(world, id)
    return {
      by: world.repository.owner,
      fields: {
        check_run: { ...toCheckRun(world, run), check_suite: await toCheckSuite(world, run.head_sha) },
        ...(identifier ? { requested_action: { identifier } } : {}),
      },
    }
  },

  check_suite: async (world, { head_sha }) => ({
    by: world.repository.owner,
    fields: { check_suite: await toCheckSuite(world, head_sha) },
  }),

  async merge_group(world, { head_sha, base_ref = world.repository.defaultBranch }) {
    const commit = await world.code.commit(head_sha)
    const base = commit?.parents[0] ?? head_sha
    return {
      by: world.repository.owner,
      fields: {
        merge_group: {
          head_sha,
          head_ref: `refs/heads/gh-readonly-queue/${base_ref}/pr-${world.state.pulls.length}-${base}`,
          base_sha: base,
          base_ref: `refs/heads/${base_ref}`,
          head_commit: toHeadCommit(commit),
        },
      },
    }
  },

  installation: (world) => ({
    by: world.repository.owner,
    fields: { installation: toInstallation(world), repositories: [toListedRepository(world)] },
  }),

  installation_repositories: (world, { action }) => ({
    by: world.repository.owner,
    fields: {
      installation: toInstallation(world),
      repository_selection: 'selected',
      repositories_added: action === 'added' ? [toListedRepository(world)] : [],
      repositories_removed: action === 'removed' ? [toListedRepository(world)] : [],
      requester: null,
    },
  }),
}

function toListedRepository(world: World) {
  const { id, node_id, name, full_name, private: isPrivate } = toRepository(world)
  return { id, node_id, name, full_name, private: isPrivate }
}

async function toCheckSuite(world: World, headSha: string) {
  const id = world.state.idOf('check_suite', headSha)
  const runs = world.state.checkRuns.filter((run) => run.head_sha === headSha)
  const pulls = toMinimalPulls(world, headSha)
  const isDone = runs.every((run) => run.status === 'completed')
  return {
    id,
    node_id: nodeId('check_suite', id),
    head_branch: pulls[0]?.head.ref ?? null,
    head_sha: headSha,
    status: isDone ? 'completed' : 'in_progress',
    conclusion: isDone ? (runs.at(-1)?.conclusion ?? null) : null,
    url: `${apiRoot(world)}/check-suites/${id}`,
    before: pulls[0]?.base.sha ?? null,
    after: headSha,
    pull_requests: pulls,
    app: toApp(world),
    created_at: world.repository.createdAt,
    updated_at: world.repository.createdAt,
    head_commit: toHeadCommit(await world.code.commit(headSha)),
    latest_check_runs_count: runs.length,
    check_runs_url: `${apiRoot(world)}/check-suites/${id}/check-runs`,
  }
}

const toHeadCommit = (commit: Commit | undefined) =>
  commit && {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  }

/** A pull request as the events about its conversation show it. */
function toIssue(world: World, pull: PullRecord): Schemas['issue'] {
  const url = `${apiRoot(world)}/issues/${pull.number}`
  const html = `${htmlRoot(world)}/pull/${pull.number}`
  return {
    id: pull.id,
    node_id: nodeId('pull', pull.id),
    number: pull.number,
    url,
    repository_url: apiRoot(world),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    state: pull.state,
    title: pull.title,
    body: pull.body,
    user: toUser(world, pull.user),
    labels: pull.labels.map((name) => toLabel(world, name)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: pull.locked,
    active_lock_reason: null,
    comments: world.state.issueComments.filter((comment) => comment.issue_number === pull.number).length,
    pull_request: {
      url: `${apiRoot(world)}/pulls/${pull.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: pull.merged ? pull.closed_at : null,
    },
    created_at: pull.created_at,
    updated_at: pull.updated_at,
    closed_at: pull.closed_at,
    draft: pull.draft,
    author_association: associationOf(world, pull.user),
  }
}
