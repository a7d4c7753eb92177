/** Celery makes any queue that it is told to send to, whether a worker reads from it or not. */
import { declaredQueues, queueUses } from '../../src/celery/queues.ts'
import type { Fix } from '../../src/core/fix.ts'
import { nearest } from '../../src/core/nearest.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'undeclared-queue',
  reference: 'configuration-guide.md#queues-that-nobody-reads',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'sometimes',
  summary: 'A message is sent to a queue whose name is almost, but not quite, that of one the project declares',
  messages: {
    misspelt:
      'The settings declare no queue {queue}, but one that is called {declared}. Celery makes the queue without a word and sends to it, and where no worker reads from it the messages wait there for ever. Use {declared}.',
  },
  *check({ project }) {
    const declared = declaredQueues(project)
    for (const { file, name } of queueUses(project)) {
      const queue = name.value
      if (file.isTest || declared.has(queue)) continue
      const meant = meantBy(queue, declared)
      if (meant === undefined) continue
      const isPlain = file.textOf(name) === name.quote + queue + name.quote
      const fix: Fix = {
        title: `Use ${meant}`,
        applicability: 'unsafe',
        edits: [{ span: name, replacement: name.quote + meant + name.quote }],
      }
      yield {
        messageId: 'misspelt',
        data: { queue, declared: meant },
        file,
        span: name,
        fix: isPlain ? fix : undefined,
      }
    }
  },
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
