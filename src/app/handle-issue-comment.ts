/** Owns what a comment asks for. Whether its author may ask for it is settled when the command is run. */
import type { Context } from 'probot'
import { parseCommands } from '../review/commands.ts'
import type { Accept } from './accept.ts'

export const issueCommentEvents = ['issue_comment.created'] as const

export function handleIssueComment(accept: Accept) {
  return async ({ id, payload }: Context<(typeof issueCommentEvents)[number]>): Promise<void> => {
    const { issue, comment, sender } = payload
    if (!issue.pull_request || issue.state !== 'open' || sender.type === 'Bot' || !comment.user) return
    if (parseCommands(comment.body).length === 0) return
    await accept(id, payload, {
      subject: { kind: 'pull-request', number: issue.number },
      commands: [{ commentId: comment.id, author: comment.user.login, body: comment.body }],
    })
  }
}
