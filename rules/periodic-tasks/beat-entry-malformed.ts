/** Each entry of the schedule becomes the arguments of a class: one that does not fit keeps Beat from starting. */
import { schedulerOf } from '../../src/celery/scheduler.ts'
import type { BeatEntry } from '../../src/celery/schedules.ts'
import { beatEntryKeys, periodicTaskFields } from '../../src/celery/vocabulary/beat.ts'
import { dispatchOptions } from '../../src/celery/vocabulary/dispatch-options.ts'
import type { Fix } from '../../src/core/fix.ts'
import { nearest } from '../../src/core/nearest.ts'
import type { DictEntry, Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'beat-entry-malformed',
  reference: 'periodic-tasks.md#what-an-entry-of-the-schedule-has',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'An entry of the beat schedule has a key or a value that keeps it from being run',
  messages: {
    option:
      'An entry of the schedule has no {key}: Beat fails with a `TypeError` when it reads {entry}, and no periodic task is run at all. It is an option of the message and belongs into the `options` of the entry.',
    key: 'An entry of the schedule has no {key}: Beat fails with a `TypeError` when it reads {entry}, and no periodic task is run at all. The keys are `task`, `schedule`, `args`, `kwargs`, `options` and `relative`.',
    field:
      'Neither an entry of the schedule nor a `PeriodicTask` has a {key}, so the scheduler logs an error and leaves {entry} out. Use a name that either has.',
    missing: '{entry} has no {key}, without which Beat cannot run it. Add one, or remove the entry.',
    args: 'The `args` of {entry} are {value}, which is no list or tuple: the task gets other arguments than these, or Beat fails to send it. Write the arguments as a list.',
    mapping:
      'The {key} of {entry} are not a mapping, so Beat fails when the entry is due. Write them as a dict with string keys.',
  },
  *check({ project }) {
    const scheduler = schedulerOf(project)
    for (const entry of project.beatEntries) {
      if (!entry.open) {
        for (const key of ['task', 'schedule']) {
          if (!entry.fields.has(key) && !isMisspelt(entry, key))
            yield { messageId: 'missing', data: { entry: entry.key, key }, file: entry.file, span: entry.keyNode }
        }
      }
      if (scheduler !== 'unknown') yield* unknownKeys(entry, scheduler)
      yield* wrongValues(entry)
    }
  },
})

/** Whether another key of an entry is this one with a slip in it. */
const isMisspelt = ({ fields }: BeatEntry, key: string) =>
  [...fields.keys()].some((other) => nearest(other, [key], 1).length > 0)

function* unknownKeys(entry: BeatEntry, scheduler: 'default' | 'database'): Generator<Problem> {
  const isKnown = (key: string) => beatEntryKeys.has(key) || (scheduler === 'database' && periodicTaskFields.has(key))
  const unknown = entry.dict.entries.filter(({ key }) => key?.kind === 'string' && !isKnown(key.value))
  for (const field of unknown) {
    const { key: keyNode } = field
    if (keyNode?.kind !== 'string') continue
    const key = keyNode.value
    const isOption = dispatchOptions.has(key)
    const messageId = scheduler === 'database' ? 'field' : isOption ? 'option' : 'key'
    const fix = isOption
      ? unknown.length === 1 && !entry.open && !entry.fields.has('options')
        ? intoOptions(field, keyNode.quote)
        : undefined
      : renaming(entry, keyNode, key)
    yield { messageId, data: { entry: entry.key, key }, file: entry.file, span: field, fix }
  }
}

function intoOptions({ start, end }: DictEntry, quote: string): Fix {
  return {
    title: 'Move it into the options',
    applicability: 'safe',
    edits: [
      { span: { start, end: start }, replacement: `${quote}options${quote}: {` },
      { span: { start: end, end }, replacement: '}' },
    ],
  }
}

function renaming({ file, fields }: BeatEntry, keyNode: Expr & { kind: 'string' }, key: string): Fix | undefined {
  const [meant, ...others] = nearest(key, beatEntryKeys, key.length < 6 ? 1 : 2)
  const { quote } = keyNode
  if (!meant || others.length > 0 || fields.has(meant) || file.textOf(keyNode) !== quote + key + quote) return undefined
  return {
    title: `Use \`${meant}\``,
    applicability: 'safe',
    edits: [{ span: keyNode, replacement: quote + meant + quote }],
  }
}

const isScalar = ({ kind }: Expr) => kind === 'string' || kind === 'number' || kind === 'fstring'

function* wrongValues({ key: entry, file, fields }: BeatEntry): Generator<Problem> {
  const args = fields.get('args')
  if (args && (isScalar(args) || args.kind === 'dict' || args.kind === 'set' || isParenthesised(args))) {
    yield {
      messageId: 'args',
      data: { entry, value: file.textOf(args.parens ?? args) },
      file,
      span: args,
      fix: inList(args),
    }
  }
  for (const key of ['kwargs', 'options']) {
    const value = fields.get(key)
    if (value && (isScalar(value) || value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set'))
      yield { messageId: 'mapping', data: { entry, key }, file, span: value }
  }
}

/** Whether something is one value in parentheses, which make no tuple, and is none by itself. */
const isParenthesised = (expr: Expr) =>
  expr.parens !== undefined && (expr.kind === 'constant' || expr.kind === 'attribute' || expr.kind === 'unary')

function inList(args: Expr): Fix | undefined {
  if (args.kind === 'dict' || args.kind === 'set') return undefined
  if (args.parens) {
    const comma = { span: { start: args.end, end: args.end }, replacement: ',' }
    return { title: 'Make it a tuple', applicability: 'safe', edits: [comma] }
  }
  return {
    title: 'Put it in a list',
    applicability: 'unsafe',
    edits: [
      { span: { start: args.start, end: args.start }, replacement: '[' },
      { span: { start: args.end, end: args.end }, replacement: ']' },
    ],
  }
}
