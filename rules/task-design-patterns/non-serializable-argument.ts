/** A message is JSON, and JSON has no form for sets, durations, files, querysets and other objects of Python's. */

import type { Dispatch } from '../../src/celery/dispatches.ts'
import { insert, sentLabel } from '../../src/celery/on-commit.ts'
import { mayConvertArguments, type SentValue, sentValues } from '../../src/celery/sent-values.ts'
import { type Obstacle, obstacleOf } from '../../src/celery/serializable.ts'
import { serializerOf } from '../../src/celery/serializers.ts'
import type { Applicability, Edit, Fix } from '../../src/core/fix.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Each message names the obstacle and the cure; what happens is the same for all. */
const because = (obstacle: string, cure: string) =>
  `{argument} is ${obstacle}, and JSON has no form for it: sending {task} raises \`EncodeError\`. ${cure}`

export default defineRule({
  name: 'non-serializable-argument',
  reference: 'task-design-patterns.md#arguments-that-json-cannot-carry',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task is sent a set, a timedelta, a queryset, an exception or another value that JSON has no form for',
  messages: {
    set: because('a set', 'Pass a list.'),
    iterator: because('an iterator or a view rather than a list', 'Pass a list of what it yields.'),
    duration: because('a `timedelta`', 'Pass a number of seconds.'),
    path: because('a path object', 'Pass it as a string.'),
    file: because(
      'an open file or an upload',
      'Store it where the worker can reach it, and pass its name or its primary key.',
    ),
    request: because('the request itself', 'Pass the few values of it that the task needs.'),
    queryset: because('a queryset', 'Pass a list of primary keys and query again in the task.'),
    rows: because('a queryset of values', 'Make a list of it first.'),
    exception: because('an exception', 'Pass its text, or what the task needs to know about it.'),
    member: because(
      'a member of a plain `Enum`',
      'Pass its `value`, or let the enumeration derive from `str` or `int` as well.',
    ),
    dataclass: because('a dataclass instance', 'Pass its fields, for instance as `dataclasses.asdict` returns them.'),
    function: because('a function', 'Pass something that names it.'),
    class: because('a class', 'Pass something that names it.'),
    keys: '{argument} has keys that are neither strings nor numbers, and JSON has no form for them: sending {task} raises `EncodeError`. Use strings as keys, or pass a list of pairs.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      const task = project.taskSentBy(dispatch)
      if (serializerOf(project, dispatch) !== 'json' || (task && mayConvertArguments(project, task))) continue
      for (const sent of sentValues(project, dispatch)) {
        const obstacle = obstacleOf(project, file, sent.expr)
        if (!obstacle || project.taskOf(file, sent.expr)) continue
        yield {
          messageId: obstacle,
          data: { argument: file.textOf(sent.expr), task: sentLabel(dispatch) },
          span: sent.expr,
          fix: fixOf(dispatch, sent, obstacle),
        }
      }
    }
  },
})

/** A form that JSON knows. Lists are what was meant; other forms may ask for a change of the task. */
function fixOf({ call }: Dispatch, { expr, parameter }: SentValue, obstacle: Obstacle): Fix | undefined {
  switch (obstacle) {
    case 'set':
    case 'iterator': {
      const expectsSet = parameter?.annotation !== undefined && obstacle === 'set'
      const sharesParentheses = expr.start === call.argsSpan.start
      const edits = sharesParentheses
        ? within(expr, '[', ']')
        : isDisplay(expr)
          ? bracketed(expr)
          : around(expr, 'list')
      return fix('Pass a list', expectsSet ? 'unsafe' : 'safe', edits)
    }
    case 'rows':
      return fix('Pass a list', 'safe', around(expr, 'list'))
    case 'path':
      return fix('Pass a string', 'unsafe', around(expr, 'str'))
    case 'exception':
      return fix('Pass its text', 'unsafe', around(expr, 'str'))
    case 'member':
      return expr.kind === 'attribute' ? fix('Pass its value', 'unsafe', [insert(expr.end, '.value')]) : undefined
    case 'duration':
      // A name may hold `None` as well.
      return expr.kind === 'call' ? fix('Pass seconds', 'unsafe', [insert(expr.end, '.total_seconds()')]) : undefined
  }
  return undefined
}

const fix = (title: string, applicability: Applicability, edits: readonly [Edit, ...Edit[]]): Fix => ({
  title,
  applicability,
  edits,
})

/** `{a, b}`, `{x for x in y}` and `(x for x in y)`, whose own braces or parentheses can become brackets. */
const isDisplay = ({ kind }: Expr) => kind === 'set' || kind === 'comprehension'

const bracketed = ({ start, end }: Expr): readonly [Edit, Edit] => [
  { span: { start, end: start + 1 }, replacement: '[' },
  { span: { start: end - 1, end }, replacement: ']' },
]

const around = ({ start, end }: Expr, callee: string) => [insert(start, `${callee}(`), insert(end, ')')] as const

const within = ({ start, end }: Expr, opening: string, closing: string) =>
  [insert(start + 1, opening), insert(end - 1, closing)] as const
