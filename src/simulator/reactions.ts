/** Owns reactions to comments. */
import type { components } from '@octokit/openapi-types'
import { z } from 'zod'
import { type Answer, type ApiRequest, authorOf, created, noContent, numberParam, ok, page, readBody } from './http.ts'
import { issueCommentOf, reviewCommentOf } from './lookup.ts'
import { notFound } from './refusals.ts'
import { nodeId, type ReactionRecord } from './state.ts'
import { toUser } from './users.ts'
import { timestamp, type World } from './world.ts'

type Schemas = components['schemas']
type Subject = ReactionRecord['subject']

const contents = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const
const newReaction = z.strictObject({ content: z.enum(contents) })

function toReaction(world: World, { id, user, content, created_at }: ReactionRecord): Schemas['reaction'] {
  return { id, node_id: nodeId('reaction', id), user: toUser(world, user), content, created_at }
}

/** How often each reaction was given to a comment. */
export function rollupOf(world: World, subject: Subject, id: number, url: string): Schemas['reaction-rollup'] {
  const given = reactionsTo(world, subject, id)
  const count = (content: ReactionRecord['content']) => given.filter((one) => one.content === content).length
  return {
    url: `${url}/reactions`,
    total_count: given.length,
    '+1': count('+1'),
    '-1': count('-1'),
    laugh: count('laugh'),
    confused: count('confused'),
    heart: count('heart'),
    hooray: count('hooray'),
    eyes: count('eyes'),
    rocket: count('rocket'),
  }
}

const reactionsTo = (world: World, subject: Subject, id: number): ReactionRecord[] =>
  world.state.reactions.filter((one) => one.subject === subject && one.subject_id === id)

const subjectOf = (request: ApiRequest, world: World, subject: Subject): number =>
  (subject === 'issue_comment' ? issueCommentOf(request, world) : reviewCommentOf(request, world)).id

export const listReactions =
  (subject: Subject) =>
  (request: ApiRequest, world: World): Answer<Schemas['reaction'][]> => {
    const { body, headers } = page(request, reactionsTo(world, subject, subjectOf(request, world, subject)))
    return { ...ok(body!.map((reaction) => toReaction(world, reaction))), headers }
  }

/** Giving the same reaction twice changes nothing and answers 200. */
export const createReaction =
  (subject: Subject) =>
  (request: ApiRequest, world: World): Answer<Schemas['reaction']> => {
    const subject_id = subjectOf(request, world, subject)
    const { content } = readBody(request, newReaction)
    const user = authorOf(request)
    const given = reactionsTo(world, subject, subject_id).find((one) => one.user === user && one.content === content)
    if (given) return ok(toReaction(world, given))
    const id = world.state.nextId()
    const reaction = { id, user, content, subject, subject_id, created_at: timestamp(world) }
    world.state.reactions.push(reaction)
    return created(toReaction(world, reaction))
  }

export const deleteReaction =
  (subject: Subject) =>
  (request: ApiRequest, world: World): Answer<never> => {
    const id = numberParam(request, 'reaction')
    const subjectId = subjectOf(request, world, subject)
    const reaction = reactionsTo(world, subject, subjectId).find((one) => one.id === id)
    if (!reaction) throw notFound()
    world.state.remove(world.state.reactions, reaction)
    return noContent()
  }
