/** Redis and SQS hand a message out again when it was not acknowledged in time, also while the task is still running. */
import { brokerOf, type Place, visibilityDefaults, visibilityTimeouts } from '../../src/celery/broker.ts'
import { numberOf } from '../../src/celery/constants.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

/** The longest time that SQS lets a message be hidden, in seconds. */
const SQS_MAXIMUM = 43_200
/** What a task may need besides the time that it is allowed to run. */
const MARGIN = 60

export default defineRule({
  name: 'visibility-timeout-too-short',
  reference: 'configuration-guide.md#the-visibility-timeout',
  scope: 'project',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A broker hands a message out again before the task that acknowledges it late may be done',
  messages: {
    task: 'A message counts as lost after {timeout} s, but {task} may run for {limit} s and acknowledges its message only when it is done. {broker} then hands the message to a second worker while the first one still runs: make the visibility timeout longer than the time limit.',
    default:
      'With this limit {task} may run for {limit} s, and it acknowledges its message only when it is done; {broker} takes a message for lost after {timeout} s, unless `visibility_timeout` is set, and hands it to a second worker. Set `visibility_timeout` in `broker_transport_options` to more than the limit.',
    countdown:
      'A message counts as lost after {timeout} s, but {task} is sent with a countdown of {limit} s, which a worker waits out without acknowledging the message. {broker} hands it to another worker again and again, and the task runs more than once: make the visibility timeout longer than the countdown.',
    maximum: 'SQS hides a message for 43,200 s at most and refuses {timeout}. Use 43200 or less.',
    type: '`visibility_timeout` is a number of seconds; {value} raises a `TypeError` in the worker. Write an integer.',
  },
  *check({ project }) {
    const broker = brokerOf(project)
    if (broker !== 'Redis' && broker !== 'SQS') return
    const timeouts = visibilityTimeouts(project)
    if (!timeouts) return
    const slowest = longest(lateTasks(project))
    const countdown = longest(countdowns(project))
    for (const timeout of timeouts) {
      const { file, value } = timeout
      const seconds = numberOf(project, file, value)
      if (seconds === undefined) {
        yield { messageId: 'type', data: { value: file.textOf(value) }, file, span: value }
      } else if (broker === 'SQS' && seconds > SQS_MAXIMUM) {
        yield { messageId: 'maximum', data: { timeout: seconds }, file, span: value }
      } else {
        const messageId = countdown && countdown.seconds > (slowest?.seconds ?? 0) ? 'countdown' : 'task'
        const longer = messageId === 'countdown' ? countdown : slowest
        if (longer && longer.seconds > seconds) yield tooShort(messageId, broker, timeout, seconds, longer)
      }
    }
    if (timeouts.length === 0 && slowest && slowest.seconds > visibilityDefaults[broker]) {
      const { file, expr, seconds, task } = slowest
      const data = { task, limit: seconds, broker, timeout: visibilityDefaults[broker] }
      yield { messageId: 'default', data, file, span: expr }
    }
  },
})

/** A time that a message of a task stays unacknowledged, and where that is written. */
interface Unacknowledged {
  readonly task: string
  readonly seconds: number
  readonly file: ProjectFile
  readonly expr: Expr
}

function tooShort(
  messageId: 'task' | 'countdown',
  broker: keyof typeof visibilityDefaults,
  { file, value }: Place,
  timeout: number,
  { task, seconds, file: where, expr }: Unacknowledged,
): Problem {
  const enough = seconds + MARGIN
  const note = messageId === 'task' ? 'the task may run this long' : 'the task is delayed this long'
  return {
    messageId,
    data: { task, limit: seconds, broker, timeout },
    file,
    span: value,
    related: [{ file: where, span: expr, note }],
    fix:
      value.kind === 'number' && Number.isInteger(enough) && (broker === 'Redis' || enough <= SQS_MAXIMUM)
        ? {
            title: `Use ${enough} seconds`,
            applicability: 'unsafe',
            edits: [{ span: value, replacement: String(enough) }],
          }
        : undefined,
  }
}

/** The tasks that acknowledge late, by the hard limit on how long they run. */
function* lateTasks(project: CeleryProject): Generator<Unacknowledged> {
  const globally = { late: agreed(project, 'task_acks_late'), limit: agreed(project, 'task_time_limit') }
  for (const task of project.tasks) {
    if (task.file.isTest || !acknowledgesLate(project, task, globally.late)) continue
    const { value, file, open } = project.taskOption(task, 'time_limit')
    const given = value && !(value.kind === 'constant' && value.value === null) ? { file, value } : undefined
    const place = given ?? (open ? undefined : globally.limit)
    const seconds = place && numberOf(project, place.file, place.value)
    if (place && seconds !== undefined) yield { task: taskLabel(task), seconds, file: place.file, expr: place.value }
  }
}

function acknowledgesLate(project: CeleryProject, task: Task, globally: Place | undefined): boolean {
  const { value, open } = project.taskOption(task, 'acks_late')
  const setting = value ?? (open ? undefined : globally?.value)
  return setting?.kind === 'constant' && setting.value === true
}

/** The one place that sets something. */
function agreed(project: CeleryProject, key: string): Place | undefined {
  const [only, ...others] = project.settingsFor(key)
  return others.length === 0 ? only : undefined
}

/** The countdowns that tasks are sent with. */
function* countdowns(project: CeleryProject): Generator<Unacknowledged> {
  for (const { file, kind, options, task } of project.dispatches) {
    const given = options.get('countdown')?.value
    const seconds = given && numberOf(project, file, given)
    if (file.isTest || kind !== 'send' || !task || !given || seconds === undefined) continue
    yield { task: taskLabel(task), seconds, file, expr: given }
  }
}

function longest(times: Iterable<Unacknowledged>): Unacknowledged | undefined {
  let found: Unacknowledged | undefined
  for (const time of times) if (!found || time.seconds > found.seconds) found = time
  return found
}
