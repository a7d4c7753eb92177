/** A late acknowledgement alone does not bring back a run whose process was killed, and the option for that does nothing alone. */
import { classAttribute } from '../../src/celery/classes.ts'
import type { Derivation } from '../../src/celery/derived.ts'
import { givenOptions } from '../../src/celery/given-options.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { applicationBases, hasForeignApplicationBase } from '../../src/celery/task-bases.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Span } from '../../src/core/text.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'acks-late-without-reject-on-worker-lost',
  reference: 'error-handling.md#late-acknowledgement-and-lost-workers',
  scope: 'file',
  severity: 'info',
  confidence: 'medium',
  status: 'stable',
  fix: 'never',
  summary: 'acks_late is set without reject_on_worker_lost, or the other way round',
  messages: {
    alone:
      '{late} lets the message of a run survive the loss of the whole worker, but not of the one process that runs it: when that process is killed, for lack of memory for example, Celery acknowledges the message and the run is lost. Set {reject} too, if the work may be done twice and no message can kill its process each time, or set it to `False` to say that this is meant.',
    useless:
      '{task} is given `reject_on_worker_lost` to no effect: its messages are acknowledged before it runs, so there is none left to reject. Set `acks_late=True` too, if the task may run twice.',
  },
  *check({ project, file }) {
    for (const { task, at } of uselessOptions(project, file))
      yield {
        messageId: 'useless',
        data: { task: taskLabel(task) },
        file,
        span: at,
        severity: 'warning',
      }
    // One decision, often made for many tasks at a time: said once in a file.
    const [first] = alone(project, file)
    if (first && !project.derived.of(knowsWhatIsLost)) yield first
  },
})

/** A project that uses one of the options where it has an effect knows it, and has left it out elsewhere on purpose. */
const knowsWhatIsLost: Derivation<CeleryProject, boolean> = {
  find: (project) =>
    [...project.files.values()].some((file) =>
      project.remember(file, 'knows what is lost', () => {
        const useless = file.isTest ? 0 : uselessOptions(project, file).length
        return countOf(file, /reject_on_worker_lost/gi) > useless || countOf(file, /acks_on_failure_or_timeout/gi) > 0
      }),
    ),
  parts: (knows) => [knows],
}

const uselessOptions = (project: CeleryProject, file: ProjectFile): { task: Task; at: Span }[] =>
  [...givenOptions(project, file, 'reject_on_worker_lost')].flatMap(({ value, at, task }) =>
    task && isTrue(value) && !mayAckLate(project, task) ? [{ task, at }] : [],
  )

/** Where a file asks for late acknowledgement: of one task, of a class of tasks, or of all. */
function* alone(project: CeleryProject, file: ProjectFile): Generator<Problem> {
  const problem = (span: Span, late: string, reject: string): Problem => ({
    messageId: 'alone',
    data: { late, reject },
    file,
    span,
  })
  for (const { value, at, task, option } of givenOptions(project, file, 'acks_late')) {
    if (isTrue(value) && !option('reject_on_worker_lost').open)
      yield problem(at, 'acks_late', task ? 'reject_on_worker_lost=True' : 'reject_on_worker_lost = True')
  }
  for (const { key, at, value, written } of project.settings.filter((setting) => setting.file === file)) {
    if (key !== 'task_acks_late' || !isTrue(value)) continue
    const reject = /[A-Z]$/.test(written) ? 'REJECT_ON_WORKER_LOST' : 'reject_on_worker_lost'
    yield problem(at, written, written.replace(/acks_late$/i, reject))
  }
}

const isTrue = (expr: Expr) => expr.kind === 'constant' && expr.value === true
const isFalse = (expr: Expr) => expr.kind === 'constant' && expr.value === false
const isNone = (expr: Expr) => expr.kind === 'constant' && expr.value === null

const countOf = ({ facts }: ProjectFile, option: RegExp): number => facts.text.match(option)?.length ?? 0

/** Whether messages of a task may be acknowledged late, as far as can be seen. */
function mayAckLate(project: CeleryProject, task: Task): boolean {
  const { value, open } = project.taskOption(task, 'acks_late')
  const isLeftOpen = value === undefined || isNone(value)
  if (open || !(isLeftOpen || isFalse(value))) return true
  // A library does not see the settings of those who use it.
  if (project.settings.length === 0 && !project.namespace) return true
  if (hasForeignApplicationBase(project)) return true
  return (
    (isLeftOpen && project.settingsFor('task_acks_late').some((setting) => !isFalse(setting.value))) ||
    applicationBases(project).some((base) => classAttribute(project.names, base, 'acks_late'))
  )
}
