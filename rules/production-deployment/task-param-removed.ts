/** Messages that were sent before a deployment carry an argument that the new code has no parameter for. */
import { byPosition, type SignatureChange, signatureChanges, takenByBinding } from '../../src/celery/change.ts'
import { hidesKeywords, passesByName, passesByPlace, type Sender, sendersOf } from '../../src/celery/senders.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Parameter } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-param-removed',
  reference: 'production-deployment.md#removing-a-parameter',
  scope: 'change',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task loses a parameter that messages already queued still carry',
  messages: {
    removed:
      '{task} no longer has {parameter}, but messages that are already queued, scheduled or waiting for a retry carry it: they fail with a `TypeError`, or give its value to another parameter. Keep it for one release with a default, unused, and stop passing it.',
    collected:
      '{task} no longer takes arguments that it has no parameter for, but messages that are already queued, scheduled or waiting for a retry carry {parameter}: they fail with a `TypeError`. Keep {collector} for one release, and stop passing it.',
    bound:
      '{task} is bound now, so {parameter} receives the task itself, and the value that messages carry for it goes to the parameter behind it or fails with a `TypeError`. Take `self` as the first parameter.',
    optional:
      '{task} no longer has {parameter}. Nothing here shows how the task is sent; a message that carries the parameter fails with a `TypeError`. Keep it for one release if there may be one.',
  },
  *check({ before, after }): Generator<Problem> {
    for (const change of signatureChanges(before, after)) {
      const { file, name = change.now.node.name, run } = change.now
      const taken = takenByBinding(change)
      if (taken) {
        yield { messageId: 'bound', data: { task: name, parameter: taken.name }, file, span: taken }
        continue
      }
      const senders = sendersOf(before, change.old)
      for (const parameter of change.removed) {
        const isPassed = senders.some((sender) => breaks(change, parameter, sender))
        // Nobody is seen to send it, and yet whoever does may pass it.
        const mayBePassed = senders.length === 0 && !takesMore(change)
        if (!isPassed && !mayBePassed) continue
        const isCertain = isPassed || !parameter.default
        yield {
          messageId: isCertain ? 'removed' : 'optional',
          data: { task: name, parameter: parameter.name },
          file,
          span: run.nameSpan,
          severity: isCertain ? undefined : 'info',
          fix: isCertain ? keeping(change, parameter) : undefined,
          gone: { file: change.old.file, span: parameter },
        }
      }
      for (const { parameter, collector } of noLongerCollected(change, senders)) {
        yield { messageId: 'collected', data: { task: name, parameter, collector }, file, span: run.nameSpan }
      }
    }
  },
})

const has = (parameters: readonly Parameter[], form: Parameter['form']) =>
  parameters.some((parameter) => parameter.form === form)

/** Whether a task takes arguments that it has no parameter for. */
const takesMore = ({ is }: SignatureChange) => has(is, '*') || has(is, '**')

/** Whether the messages of a sender of before go wrong because a parameter is gone. */
function breaks({ was, is }: SignatureChange, parameter: Parameter, sender: Sender): boolean {
  if (passesByName(sender, parameter) || hidesKeywords(sender)) return !has(is, '**')
  const places = byPosition(was)
  const place = places.indexOf(parameter)
  if (place < 0 || !passesByPlace(sender, place)) return false
  // What is left over goes to `*args`, when nothing behind it moves up; code that takes all values there expects them.
  const left = byPosition(is).length
  return !has(is, '*') || (left > 0 && (has(was, '*') || left > place))
}

/** What senders of before pass that only `*args` or `**kwargs` took, where that is gone. */
function noLongerCollected({ was, is }: SignatureChange, senders: readonly Sender[]) {
  const lost = (form: '*' | '**') => (has(is, form) ? undefined : was.find((parameter) => parameter.form === form))
  const [rest, keywords] = [lost('*'), lost('**')]
  const isTaken = (name: string) => [...was, ...is].some((parameter) => parameter.name === name)
  const names = new Set(senders.flatMap(({ args }) => [...args.keywords.keys()]).filter((name) => !isTaken(name)))
  const places = Math.max(byPosition(was).length, byPosition(is).length)
  const surplus = senders.flatMap(({ file, args: { positional }, partial }) => {
    const first = positional[places - (partial ? 1 : 0)]
    return first ? [file.textOf(first)] : []
  })
  return [
    ...(keywords ? [...names].map((parameter) => ({ parameter, collector: `**${keywords.name}` })) : []),
    ...(rest ? surplus.slice(0, 1).map((parameter) => ({ parameter, collector: `*${rest.name}` })) : []),
  ]
}

/** Takes the parameter back, on one line and only at the end of its kind, so that every value keeps its place. */
function keeping({ was, is, now: { file, run } }: SignatureChange, parameter: Parameter): Fix | undefined {
  const isLast = byPosition(was).at(-1) === parameter && byPosition(is).length === byPosition(was).length - 1
  const last = run.parameters.findLast(({ form }) => form === 'positional')
  if (
    parameter.form !== 'positional' ||
    !isLast ||
    has(is, '*') ||
    has(is, 'positional-only') ||
    file.textOf(run.parametersSpan).includes('\n')
  )
    return undefined
  const text = last ? `, ${parameter.name}=None` : `${parameter.name}=None${run.parameters.length > 0 ? ', ' : ''}`
  const at = last ? last.end : run.parametersSpan.start + 1
  return {
    title: `Keep \`${parameter.name}\` for one release`,
    applicability: 'safe',
    edits: [{ span: { start: at, end: at }, replacement: text }],
  }
}
