/** Messages hold values by place or by name: give a place or a name another meaning, and they are read wrongly. */
import { byPosition, type SignatureChange, signatureChanges } from '../../src/celery/change.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { passesByName, passesByPlace, type Sender, sendersOf } from '../../src/celery/senders.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Edit, Fix } from '../../src/core/fix.ts'
import type { Parameter } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-param-renamed-or-reordered',
  reference: 'production-deployment.md#renaming-or-reordering-parameters',
  scope: 'change',
  severity: 'error',
  confidence: 'medium',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A parameter of a task gets another name, place or meaning, so messages already queued are read wrongly',
  messages: {
    inserted:
      '{parameter} of {task} takes the place that {displaced} had: messages that are already queued, scheduled or waiting for a retry give it the value that was meant for {displaced}, and nothing fails. Put it behind the parameters that were there before.',
    reordered:
      'The parameters of {task} change their order, but messages that are already queued, scheduled or waiting for a retry hold their values in the old one: {parameter} receives what was meant for {displaced}. Keep the order for one release, or pass everything by keyword before you change it.',
    keyword:
      'The parameter {old} of {task} is {parameter} now, but messages that are already queued, scheduled or waiting for a retry carry it by its old name: they fail with a `TypeError`. Accept both names for one release.',
    keywordOnly:
      '{parameter} of {task} can only be passed by keyword now, but messages that are already queued, scheduled or waiting for a retry pass it by position: they fail with a `TypeError`. Pass it by keyword for one release first.',
    meaning:
      '{task} now takes {parameter} where it took {old}, and callers pass {value} instead of {oldValue}: messages that are already queued hold the old value, which is read as the new one. Accept both for one release, or give the new value a parameter of its own with a default.',
    unseen:
      'The parameter {old} of {task} is {parameter} now. Nothing here shows how it is passed: messages under way that carry it by name fail with a `TypeError`, and those that hold another kind of value in its place are read wrongly. Accept both for one release if there may be any.',
  },
  *check({ before, after }) {
    for (const change of signatureChanges(before, after)) {
      const problems = [...moved(before, after, change), ...renamed(before, after, change)]
      const data = { task: taskLabel(change.now) }
      for (const problem of problems) {
        yield { ...problem, data: { ...data, ...problem.data }, file: change.now.file, span: problem.parameter }
      }
    }
  },
})

interface Finding {
  readonly messageId: string
  readonly data: Readonly<Record<string, string>>
  readonly parameter: Parameter
  readonly severity?: 'warning'
  readonly fix?: Fix
}

/** What reads a value that was meant for another parameter, and what no longer reads positions at all. */
function* moved(before: CeleryProject, after: CeleryProject, change: SignatureChange): Generator<Finding> {
  const [was, is] = [byPosition(change.was), byPosition(change.is)]
  const senders = sendersOf(before, change.old)
  const reaches = (place: number) => senders.some((sender) => passesByPlace(sender, place))
  const severity = senders.length === 0 ? ('warning' as const) : undefined
  const [first] = change.reordered
  if (first) {
    const common = (parameters: readonly Parameter[], others: readonly Parameter[]) =>
      parameters.filter(({ name }) => others.some((other) => other.name === name))
    const displaced = common(was, is)[common(is, was).indexOf(first)]
    const places = change.reordered.map(({ name }) => was.findIndex((parameter) => parameter.name === name))
    if (displaced && (severity || places.some(reaches)))
      yield {
        messageId: 'reordered',
        data: { parameter: first.name, displaced: displaced.name },
        parameter: first,
        severity,
        fix: isPassedInOrder(senders, after, change) ? undefined : inOldOrder(change),
      }
    return
  }
  // A new parameter that is required is an error of its own, wherever it stands.
  const inserted = change.added.find((parameter) => parameter.default && is.includes(parameter))
  const place = inserted ? is.indexOf(inserted) : -1
  const displaced = was[place]
  if (inserted && displaced && is.slice(place).some(({ name }) => name === displaced.name)) {
    const isPassed = sendersOf(after, change.now).some((sender) => passesByPlace(sender, place))
    if (severity || reaches(place))
      yield {
        messageId: 'inserted',
        data: { parameter: inserted.name, displaced: displaced.name },
        parameter: inserted,
        severity,
        fix: isPassed ? undefined : movingToEnd(change.now, is, inserted),
      }
  }
  if (change.is.some(({ form }) => form === '*')) return
  for (const parameter of change.is) {
    if (parameter.form !== 'keyword-only') continue
    const old = was.findIndex(({ name }) => name === parameter.name)
    if (old >= 0 && reaches(old))
      yield { messageId: 'keywordOnly', data: { parameter: parameter.name }, parameter, fix: withoutStar(change) }
  }
}

function* renamed(before: CeleryProject, after: CeleryProject, change: SignatureChange): Generator<Finding> {
  if (change.renamed.length === 0) return
  const senders = sendersOf(before, change.old)
  for (const { from, to } of change.renamed) {
    const data = { old: from.name, parameter: to.name }
    const isCaught = change.is.some(({ form }) => form === '**')
    if (senders.some((sender) => passesByName(sender, from))) {
      if (!isCaught) yield { messageId: 'keyword', data, parameter: to }
    } else if (senders.length === 0) {
      if (!isCaught && !sameMeaning(from, to)) yield { messageId: 'unseen', data, parameter: to, severity: 'warning' }
    } else if (!sameMeaning(from, to)) {
      const oldValues = valuesAt(senders, byPosition(change.was).indexOf(from), from)
      const values = valuesAt(sendersOf(after, change.now), byPosition(change.is).indexOf(to), to)
      const [[oldValue], [value]] = [oldValues, values]
      if (oldValue === undefined || value === undefined) continue
      // A parameter that only had the wrong name until now.
      if (oldValues.some((old) => [to.name, ...values].some((text) => isAlike(old, text)))) continue
      // What is passed got the new name along with it, and is made in the same way: `asdict(log)` became `asdict(task)`.
      const isMadeAlike = (old: string) => old !== from.name && values.includes(old.replaceAll(wordIn(from), to.name))
      if (oldValues.some(isMadeAlike)) continue
      yield { messageId: 'meaning', data: { ...data, oldValue, value }, parameter: to, severity: 'warning' }
    }
  }
}

const wordIn = ({ name }: Parameter) => new RegExp(`\\b${name}\\b`, 'g')

/** Whether a name only says more or less about the same thing: `pk` and `order_pk`, `_name` and `name`. */
const sameMeaning = (from: Parameter, to: Parameter): boolean => isAlike(from.name, to.name)

/** Whether the words of one text are the last ones of the other: `order_id`, `line.order.pk` and `orderId`. */
function isAlike(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)]
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a]
  return `_${longer.join('_')}`.endsWith(`_${shorter.join('_')}`)
}

const wordsOf = (text: string) =>
  text
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[\W_]+/)
    .flatMap((word) => (word === '' ? [] : word === 'pk' ? 'id' : word))

/** What senders are seen to pass for a parameter, as written. */
function valuesAt(senders: readonly Sender[], place: number, { name }: Parameter): string[] {
  return senders.flatMap(({ file, args, partial }) => {
    const value = args.keywords.get(name) ?? (partial || place < 0 ? undefined : args.positional[place])
    return value ? [file.textOf(value)] : []
  })
}

/** Whether a sender that is new or changed passes by position what changes its place: it has the new order in mind. */
function isPassedInOrder(were: readonly Sender[], after: CeleryProject, { now, is, reordered }: SignatureChange) {
  const written = new Set(were.map(({ file, at }) => file.textOf(at)))
  return sendersOf(after, now).some(
    (sender) =>
      !written.has(sender.file.textOf(sender.at)) &&
      reordered.some((one) => passesByPlace(sender, byPosition(is).indexOf(one))),
  )
}

/** Puts the same parameters back in their order, each with what stands behind its name now, where no comment can be lost. */
function inOldOrder({ was, is, now: { file, run } }: SignatureChange): Fix | undefined {
  const ordered = was.flatMap(({ name }) => is.find((parameter) => parameter.name === name) ?? [])
  const isSame = ordered.length === is.length && was.length === is.length
  const isValid = ordered.every((one, index) => one.default || !ordered.slice(0, index).some((other) => other.default))
  if (!isSame || !isValid || byPosition(is).length < is.length || file.textOf(run.parametersSpan).includes('\n'))
    return undefined
  const edits = is.flatMap((parameter, index): Edit[] =>
    parameter === ordered[index] ? [] : [{ span: parameter, replacement: file.textOf(ordered[index]!) }],
  )
  const [first, ...others] = edits
  return first && { title: 'Keep the order', applicability: 'safe', edits: [first, ...others] }
}

/** Takes the `*` away that came before parameters which stand where they always stood, on one line only. */
function withoutStar({ was, is, now: { file, run } }: SignatureChange): Fix | undefined {
  const first = is.findIndex(({ form }) => form === 'keyword-only')
  const isOld = is.every(
    ({ name, form }, index) => form !== '*' && (form === '**' || byPosition(was)[index]?.name === name),
  )
  const before = run.parameters[run.parameters.indexOf(is[first]!) - 1]
  const start = before?.end ?? run.parametersSpan.start + 1
  const between = { start, end: is[first]!.start }
  if (!isOld || !/^(, )?\*, $/.test(file.textOf(between))) return undefined
  const replacement = before ? ', ' : ''
  return { title: 'Take it by position too', applicability: 'safe', edits: [{ span: between, replacement }] }
}

/** Moves a parameter behind the last one that is filled by position, on one line only, where no comment can be lost. */
function movingToEnd({ file, run }: Task, is: readonly Parameter[], inserted: Parameter): Fix | undefined {
  const next = run.parameters[run.parameters.indexOf(inserted) + 1]
  const last = is.at(-1)
  if (!next || !last?.default || last === inserted || file.textOf(run.parametersSpan).includes('\n')) return undefined
  const edits: readonly [Edit, Edit] = [
    { span: { start: inserted.start, end: next.start }, replacement: '' },
    { span: { start: last.end, end: last.end }, replacement: `, ${file.textOf(inserted)}` },
  ]
  return { title: `Move \`${inserted.name}\` to the end`, applicability: 'safe', edits }
}
