/** `max_retries=None` never gives up on a task that cannot succeed; as an argument of `retry` it means something else. */
import { lineage } from '../../src/celery/classes.ts'
import { isRetry } from '../../src/celery/current-task.ts'
import { entriesOf } from '../../src/celery/dispatches.ts'
import { type GivenOption, givenOptions } from '../../src/celery/given-options.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'infinite-retries',
  reference: 'error-handling.md#retries-without-an-end',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'max_retries is None, so a task that cannot succeed is retried for ever, or not what it says',
  messages: {
    endless:
      '{task} is retried without an end: a run that cannot succeed, for a row that is gone or a bug, comes back for ever, and each such run adds to the load. Set a number, or let messages expire with `expires`.',
    default:
      '`max_retries=None` in a retry does not lift the limit but means the one of the task, 3 unless it says otherwise. Set `max_retries` on the task, or pass a number here.',
  },
  *check({ project, file }) {
    for (const given of givenOptions(project, file, 'max_retries')) {
      if (isNone(given.value) && retriesBlindly(project, given))
        yield { messageId: 'endless', data: { task: given.label }, span: given.at }
    }
    for (const given of givenOptions(project, file, 'retry_kwargs')) {
      const limit = entriesOf(given.value)?.get('max_retries')
      if (limit && isNone(limit) && isLimited(given)) yield { messageId: 'default', span: limit }
    }
    for (const call of file.methodCalls('retry')) {
      const limit = call.args.find(({ name }) => name === 'max_retries')
      if (!limit || !isNone(limit.value) || !isRetry(project, file, call)) continue
      const task = project.taskAround(file, call)
      const own = task && project.taskOption(task, 'max_retries')
      if (own && !own.open && !(own.value && isNone(own.value))) yield { messageId: 'default', span: limit }
    }
  },
})

const isNone = (expr: Expr) => expr.kind === 'constant' && expr.value === null

/** Whether a task has a limit of its own, Celery's default included. */
function isLimited({ option }: GivenOption): boolean {
  const { value, open } = option('max_retries')
  return !open && !(value && isNone(value))
}

/** Whether a task retries, and nothing that can be seen makes it stop: no message expires, no code counts. */
function retriesBlindly(project: CeleryProject, { task, base, option }: GivenOption): boolean {
  const expires = option('expires')
  if (expires.open || (expires.value && !isNone(expires.value))) return false
  const classes = base ? lineage(project.names, base).own.map(({ node }) => node) : []
  let retries = option('autoretry_for').value !== undefined
  for (const code of [...(task?.run.body ?? []), ...classes]) {
    for (const node of descendants(code)) {
      if (node.kind === 'argument' && node.name === 'max_retries') return false
      if (node.kind !== 'attribute') continue
      if (node.attr === 'retries') return false
      if (node.attr === 'retry') retries = true
    }
  }
  return retries
}
