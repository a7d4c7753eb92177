/**
 * What a priority means is the broker's business: Redis serves 0 first, RabbitMQ last, and only where a queue allows for it.
 * Source: kombu/transport/redis.py of kombu 5.6 (tried with 5.2), and `_set_max_priority` in celery/app/amqp.py of Celery 5.6.
 */
import { brokerOf } from '../../src/celery/broker.ts'
import { numberOf } from '../../src/celery/constants.ts'
import { messageOptions } from '../../src/celery/message-options.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Argument } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** What a project says of its queues, for which settings need not be the place. */
const priorityQueues = /max_priority|x-max-priority|quorum/i
const prioritySteps = /queue_order_strategy|priority_steps/

export default defineRule({
  name: 'priority-inverted-on-redis',
  reference: 'configuration-guide.md#what-a-priority-means',
  scope: 'project',
  severity: 'info',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'A priority makes a message wait on Redis, or has no effect on RabbitMQ',
  messages: {
    inverted:
      'On Redis 0 is served first, and it is what a message without a priority has: with {priority}, {label} waits until all of those are done. Where it should come first, leave it at 0 and give the others a larger number, or give it a queue of its own.',
    ignored:
      'RabbitMQ takes no notice of the priority {priority} of {label}, as nothing here sets `task_queue_max_priority` or the `x-max-priority` of a queue. Set one of them, which needs the queue to be declared anew, or give it a queue of its own.',
  },
  *check({ project }) {
    const broker = brokerOf(project)
    const isIgnored = broker === 'RabbitMQ' && !project.mentions(priorityQueues)
    const isInverted = broker === 'Redis' && !project.mentions(prioritySteps)
    if (!isIgnored && !isInverted) return
    for (const { file, label, given } of priorities(project)) {
      const priority = numberOf(project, file, given.value)
      if (!priority || file.isTest) continue
      yield { messageId: isIgnored ? 'ignored' : 'inverted', data: { label, priority }, file, span: given }
    }
  },
})

function* priorities(project: CeleryProject): Generator<{ file: ProjectFile; label: string; given: Argument }> {
  for (const { file, options, name, node } of project.tasks) {
    const given = options.get('priority')
    if (given) yield { file, label: name ?? node.name, given }
  }
  for (const { file, options, label } of messageOptions(project)) {
    const given = options.get('priority')
    if (given) yield { file, label, given }
  }
}
