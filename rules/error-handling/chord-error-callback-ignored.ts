/** A chord or group that is sent with callbacks hands them to its header, which refuses them; run eagerly, as in tests, it ignores them. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { applyAsyncMethods, signatureModifiers } from '../../src/celery/vocabulary/methods.ts'
import type { Fix } from '../../src/core/fix.ts'
import { removeArgument } from '../../src/python/edits.ts'
import type { Argument, Call, Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'chord-error-callback-ignored',
  reference: 'error-handling.md#callbacks-of-a-chord-or-group',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'preview',
  fix: 'sometimes',
  summary: 'A chord or group is sent with link or link_error, which it refuses, and ignores where tasks run eagerly',
  messages: {
    chord:
      'A chord hands {option} on to its header, which is a group and refuses it: nothing is sent, and this raises a `TypeError`. Tests that run tasks eagerly do not notice, for there it is ignored; link the callback to the body instead.',
    group:
      'A group takes no {option}: nothing is sent, and this raises a `TypeError`. Link the callback to the signatures in the group, or make a chord of it.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      const given = call.args.find(({ name }) => name === 'link' || name === 'link_error')
      const receiver = given && receiverOf(call)
      const kind = receiver && kindOf(project, file, receiver)
      if (!kind || isNone(given.value)) continue
      yield {
        messageId: kind,
        data: { option: given.name! },
        span: given,
        fix: kind === 'chord' && given.name === 'link_error' ? onError(file, call, given, receiver) : undefined,
      }
    }
  },
})

const isNone = (expr: Expr) => expr.kind === 'constant' && expr.value === null

/** What a call sends: `chord(…)` in `chord(…).apply_async()` and `chord(…)(body)`. */
function receiverOf({ callee }: Call): Expr | undefined {
  if (callee.kind === 'attribute') return applyAsyncMethods.has(callee.attr) ? callee.value : undefined
  return callee.kind === 'call' || callee.kind === 'name' ? callee : undefined
}

/** Whether an expression is a chord or a group, and which. */
function kindOf(project: CeleryProject, file: ProjectFile, expr: Expr): 'chord' | 'group' | undefined {
  if (expr.kind === 'name') {
    const value = project.names.resolve(file, expr)
    return value?.kind === 'value' && value.expr.kind === 'call' ? kindOf(project, value.file, value.expr) : undefined
  }
  if (expr.kind !== 'call') return undefined
  const { callee } = expr
  const made = /^celery\.(?:canvas\.)?(chord|group)$/.exec(project.externalName(file, callee) ?? '')?.[1]
  if (made === 'chord' || made === 'group') return made
  return callee.kind === 'attribute' && signatureModifiers.has(callee.attr)
    ? kindOf(project, file, callee.value)
    : undefined
}

/** `chord(header)(body, link_error=callback)` as `chord(header)(body.on_error(callback))`. */
function onError(file: ProjectFile, call: Call, given: Argument, receiver: Expr): Fix | undefined {
  const callbacks = given.value.kind === 'list' || given.value.kind === 'tuple' ? given.value.elements : [given.value]
  const body = receiver === call.callee ? call.args[0] : undefined
  const place = receiver === call.callee ? (body?.name || body?.unpack ? undefined : body?.value) : receiver
  if (!place || !['call', 'name', 'attribute'].includes(place.kind)) return undefined
  // A signature that the project keeps in a name may be a list of them.
  if (callbacks.some((callback) => callback.kind !== 'call')) return undefined
  const at = (place.parens ?? place).end
  const replacement = callbacks.map((callback) => `.on_error(${file.textOf(callback)})`).join('')
  const title = receiver === call.callee ? 'Link the callback to the body' : 'Link the callback to the chord'
  const edits = [{ span: { start: at, end: at }, replacement }, removeArgument(call, given)] as const
  return { title, applicability: 'safe', edits }
}
