/** Owns what a comment asks for. Whether its author may ask for it is settled when the command is run. */
import type { Context } from 'probot'
import { parseCommands } from '../review/commands.ts'
import { parseMarker } from '../review/marker.ts'
import type { Accept } from './accept.ts'

export const issueCommentEvents = ['issue_comment.created'] as const
export const reviewCommentEvents = ['pull_request_review_comment.created'] as const

/** On the conversation of a pull request. */
export function handleIssueComment(accept: Accept) {
  return async ({ id, payload }: Context<(typeof issueCommentEvents)[number]>): Promise<void> => {
    const { issue, comment, sender } = payload
    if (!issue.pull_request || issue.state !== 'open' || !comment.user || !isCommand(comment.body, sender)) return
    await accept(id, payload, {
      subject: { kind: 'pull-request', number: issue.number },
      commands: [{ commentId: comment.id, author: comment.user.login, body: comment.body }],
    })
  }
}

/** In a review thread. */
export function handleReviewComment(accept: Accept) {
  return async ({ id, payload }: Context<(typeof reviewCommentEvents)[number]>): Promise<void> => {
    const { pull_request, comment, sender } = payload
    if (pull_request.state !== 'open' || !comment.user || !isCommand(comment.body, sender)) return
    const thread = comment.in_reply_to_id ?? comment.id
    await accept(id, payload, {
      subject: { kind: 'pull-request', number: pull_request.number },
      commands: [{ commentId: comment.id, thread, author: comment.user.login, body: comment.body }],
    })
  }
}

/** What a bot says is never a command, nor is what we said ourselves and somebody passes on. */
const isCommand = (body: string, sender: { readonly type: string }): boolean =>
  sender.type !== 'Bot' && parseCommands(body).length > 0 && !parseMarker(body)
