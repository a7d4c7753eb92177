/** A delayed message does not wait in the queue but in a worker's memory, where nobody meant it to stay for days. */
import { brokerOf, visibilityDefaults, visibilityTimeouts } from '../../src/celery/broker.ts'
import { numberOf, secondsOf } from '../../src/celery/constants.ts'
import { type MessageOptions, messageOptions } from '../../src/celery/message-options.ts'
import { momentOf } from '../../src/celery/moments.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { Argument } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** The longest delay, in seconds, that is nobody's concern. */
const LONG = 3_600
/** The longest time that SQS lets a message be hidden, in seconds. */
const SQS_MAXIMUM = 43_200

export default defineRule({
  name: 'long-eta-countdown',
  reference: 'production-deployment.md#messages-that-wait-for-days',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'never',
  summary: 'A task is sent with a delay of more than an hour, which a worker waits out with the message in its memory',
  messages: {
    redelivered:
      'This message is due in {delay}, and until then a worker keeps it in memory without acknowledging it; {broker} takes it for lost after {timeout} s and hands it to another worker, again and again, so that the task runs more than once. Store when it is due, and let a periodic task send what is due.',
    hidden:
      'This message is due in {delay}, and SQS hides a message that is not acknowledged for 12 hours at most: it is handed to another worker again and again, and the task runs more than once. Store when it is due, and let a periodic task send what is due.',
    long: 'This message is due in {delay}, and until then a worker keeps it in memory without acknowledging it: each restart hands it on to another worker, and the code that runs it in the end may be newer. Store when it is due, and let a periodic task send what is due.',
    rabbit:
      'This message is due in {delay}, and until then a worker keeps it in memory without acknowledging it, which RabbitMQ by default bears for half an hour: then it closes the channel and hands the message on. Store when it is due, and let a periodic task send what is due.',
  },
  *check({ project }) {
    const delays = [...messageOptions(project)].flatMap((message) => delayOf(project, message) ?? [])
    if (delays.length === 0) return
    const broker = brokerOf(project)
    if (broker === 'RabbitMQ' && delaysNatively(project)) return
    const timeouts = broker === 'RabbitMQ' ? [] : visibilityTimeouts(project)
    for (const { message, option, seconds } of delays) {
      const data = { delay: spoken(seconds), broker: broker ?? '', timeout: 0 }
      const place = { data, file: message.file, span: option }
      if (broker === 'SQS' && seconds > SQS_MAXIMUM) yield { messageId: 'hidden', ...place, severity: 'error' }
      // Somebody has thought of it; whether it is long enough is for `visibility-timeout-too-short`.
      else if (!timeouts || timeouts.length > 0) continue
      else if ((broker === 'Redis' || broker === 'SQS') && seconds > visibilityDefaults[broker])
        yield {
          messageId: 'redelivered',
          ...place,
          data: { ...data, timeout: visibilityDefaults[broker] },
          severity: 'error',
        }
      else yield { messageId: broker === 'RabbitMQ' ? 'rabbit' : 'long', ...place }
    }
  },
})

interface Delay {
  readonly message: MessageOptions
  readonly option: Argument
  readonly seconds: number
}

/** The delay of a message, if it is a long one. */
function delayOf(project: CeleryProject, message: MessageOptions): Delay | undefined {
  const { file, options } = message
  const [countdown, eta] = [options.get('countdown'), options.get('eta')]
  const option = countdown ?? eta
  if (!option) return undefined
  const { value } = option
  // A `timedelta` is refused by both, and meant all the same.
  const seconds = countdown
    ? (numberOf(project, file, value) ?? secondsOf(project, file, value))
    : (momentOf(project, file, value)?.ahead ?? secondsOf(project, file, value))
  return seconds !== undefined && seconds > LONG ? { message, option, seconds } : undefined
}

/** Whether RabbitMQ itself keeps what is delayed, as it does for quorum queues with Celery 5.5 and newer. */
const delaysNatively = (project: CeleryProject) =>
  project.settings.some(
    ({ key, value }) =>
      key.startsWith('broker_native_delayed_delivery') ||
      (key === 'task_default_queue_type' && value.kind === 'string' && value.value === 'quorum'),
  )

function spoken(seconds: number): string {
  const [unit, size] = seconds >= 2 * 86_400 ? (['days', 86_400] as const) : (['hours', 3_600] as const)
  const count = Math.round((seconds / size) * 10) / 10
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`
}
