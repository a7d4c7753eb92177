/** Celery makes any queue that it is told to send to, whether a worker reads from it or not. */

import { consumedQueues, declaredQueues, queueUses } from '../../src/celery/queues.ts'
import { codeSpan } from '../../src/core/code-span.ts'
import type { Fix } from '../../src/core/fix.ts'
import { nearest } from '../../src/core/nearest.ts'
import type { StringLiteral } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'undeclared-queue',
  reference: 'configuration-guide.md#queues-that-nobody-reads',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'sometimes',
  summary: 'A message is sent to a queue that no worker reads from, often for a slip in its name',
  readsDeployment: true,
  messages: {
    unread:
      'No worker that this repository starts reads from {queue}, and no setting declares it. Celery makes the queue without a word, and what is sent to it waits there for ever. Add it to the `-Q` of a worker, or send to a queue that one reads from.',
    misspelt:
      'No setting and no worker knows a queue {queue}, but one that is called {declared}. Celery makes the queue without a word and sends to it, and where no worker reads from it the messages wait there for ever. Use {declared}.',
  },
  *check({ project }): Iterable<Problem> {
    const declared = declaredQueues(project)
    const consumed = consumedQueues(project)
    const known = new Set([...declared.names, ...(consumed?.names ?? [])])
    for (const { file, name, isOwn } of queueUses(project)) {
      const queue = name.value
      if (file.isTest || known.has(queue)) continue
      const meant = meantBy(queue, known)
      if (meant !== undefined) {
        const isPlain = file.textOf(name) === name.quote + queue + name.quote
        const fix = isPlain ? using(name, meant) : undefined
        yield { messageId: 'misspelt', data: { queue, declared: meant }, file, span: name, fix }
      } else if (consumed && isOwn && !declared.isOpen) {
        const { process, file: place } = consumed.first
        const related = [{ file: place, span: process, note: 'a worker is told here what to read from' }]
        yield { messageId: 'unread', data: { queue }, file, span: name, related }
      }
    }
  },
})

const using = (name: StringLiteral, meant: string): Fix => ({
  title: `Use ${codeSpan(meant)}`,
  applicability: 'unsafe',
  edits: [{ span: name, replacement: name.quote + meant + name.quote }],
})

/** The one queue that differs in case or separators only, or by a slip in its letters. */
function meantBy(queue: string, declared: ReadonlySet<string>): string | undefined {
  const alike = [...declared].filter((name) => lettersOf(name) === lettersOf(queue))
  // Numbers tell queues apart: `shard1` and `shard2` are both meant.
  const close =
    queue.length < 5
      ? []
      : nearest(
          queue,
          [...declared].filter((name) => numbersOf(name) === numbersOf(queue)),
          1,
        )
  const [meant, ...others] = alike.length > 0 ? alike : close
  return others.length === 0 ? meant : undefined
}

const lettersOf = (name: string) => name.toLowerCase().replace(/[-_. ]/g, '')
const numbersOf = (name: string) => name.replace(/\D+/g, ' ')
