/** Automatic retries without a backoff all come back after the same three minutes, together. */

import { isRetry } from '../../src/celery/current-task.ts'
import { elementsOf, entriesOf } from '../../src/celery/dispatches.ts'
import { givenOptions } from '../../src/celery/given-options.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import { appendArgument } from '../../src/python/edits.ts'
import { executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Any of these says that somebody has thought about the wait. */
const waits = ['retry_backoff', 'default_retry_delay']

export default defineRule({
  name: 'retry-without-backoff',
  reference: 'error-handling.md#how-long-to-wait-between-retries',
  scope: 'file',
  severity: 'info',
  confidence: 'medium',
  status: 'preview',
  fix: 'sometimes',
  summary: 'A task is retried automatically and says nothing about the wait between its retries',
  messages: {
    fixed:
      '{task} waits three minutes before each of its retries, the default, and so does every other run that failed with it: they come back together, at a peer that may only just be up again. Let the wait grow and vary with `retry_backoff`, or set `default_retry_delay` if it is meant.',
  },
  *check({ project, file }) {
    for (const { value, at, label, task, option } of givenOptions(project, file, 'autoretry_for')) {
      if (!task || elementsOf(value)?.length === 0) continue
      const kwargs = option('retry_kwargs')
      const isSet = waits.map(option).some((given) => given.open || given.value)
      if (isSet || kwargs.open || (kwargs.value && mayWait(entriesOf(kwargs.value)))) continue
      // A task that also retries by hand has a wait of its own there.
      const retries = [...executed(task.run.body)].some((node) => node.kind === 'call' && isRetry(project, file, node))
      if (!retries) yield { messageId: 'fixed', data: { task: label }, span: at, fix: withBackoff(file, task) }
    }
  },
})

const mayWait = (entries: ReadonlyMap<string, unknown> | undefined) =>
  entries === undefined || entries.has('countdown') || entries.has('eta')

/** A first wait of up to a minute: three retries then take about as long as they did. */
function withBackoff({ facts }: ProjectFile, { decorator }: Task): Fix | undefined {
  const call = decorator?.expression
  const edit = call?.kind === 'call' ? appendArgument(facts.text, call, 'retry_backoff=60') : undefined
  return edit && { title: 'Let the wait grow from one minute on', applicability: 'unsafe', edits: [edit] }
}
