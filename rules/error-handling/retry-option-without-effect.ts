/** Options of automatic retries on a task that has none, and options of retries on a task that never retries. */
import { classAttribute, lineage } from '../../src/celery/classes.ts'
import { numberOf } from '../../src/celery/constants.ts'
import { isRetry, keepsToItself } from '../../src/celery/current-task.ts'
import { entriesOf } from '../../src/celery/dispatches.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { applicationBases, hasForeignApplicationBase, hasForeignBase } from '../../src/celery/task-bases.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Argument, Expr } from '../../src/python/syntax.ts'
import { descendants } from '../../src/python/walk.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

/** Read only by the wrapper that `autoretry_for` puts around a task. Source: celery/app/autoretry.py. */
const automatic = ['retry_backoff', 'retry_backoff_max', 'retry_jitter', 'retry_kwargs', 'dont_autoretry_for']
/** Read by every retry. Source: `Task.retry` in celery/app/task.py. */
const general = ['max_retries', 'default_retry_delay']
/** Keys of `retry_policy`, which is about sending a message: a task has no such options. Source: celery/app/task.py. */
const publishing = ['interval_start', 'interval_step', 'interval_max']

export default defineRule({
  name: 'retry-option-without-effect',
  reference: 'error-handling.md#options-that-retry-nothing',
  scope: 'file',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A task sets options for retries that it never makes, or that another option overrides',
  messages: {
    never:
      '{task} is given {options} to no effect: it neither lists exceptions in `autoretry_for` nor calls `self.retry`, so a failed run is never repeated. List the exceptions that are worth another try, or remove what is not used.',
    manual:
      '{task} is given {options} to no effect: only retries by `autoretry_for` heed such options, and it is not set. `self.retry()` waits for its own `countdown`, or else for `default_retry_delay`, three minutes unless set: pass `countdown=`, or list the exceptions in `autoretry_for`.',
    publishing:
      '{task} is given {options} to no effect: these belong to the `retry_policy` of a dispatch, which is about reaching the broker, and a task that is retried waits for `default_retry_delay` all the same. Set that, in seconds, or `retry_backoff` for automatic retries.',
    overridden:
      '{task} sets `max_retries` to {ignored}, but `retry_kwargs` says {used} and wins for every retry by `autoretry_for`. Keep one of the two.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      if (task.node.kind !== 'function' || task.wrapper) continue
      yield* notOfTasks(project, task)
      const given = [...automatic, ...general].flatMap((name) => task.options.get(name) ?? [])
      if (given.length === 0) continue
      const { value, open } = project.taskOption(task, 'autoretry_for')
      if (value && !isEmpty(value)) yield* contradiction(project, task)
      else if (!open && keepsToItself(project, task) && !appRetries(project)) yield* withoutEffect(project, task, given)
    }
  },
})

function* withoutEffect(project: CeleryProject, task: Task, given: readonly Argument[]): Generator<Problem> {
  const used = attributesUsed(project, task)
  const retries =
    used.has('retry') || [task.file, ...filesCalled(project, task)].some((file) => retriesByName(project, file))
  const idle = given
    .filter(({ name, value }) => !isOff(value) && !used.has(name!) && !(retries && general.includes(name!)))
    .sort((a, b) => a.start - b.start)
  const [first] = idle
  if (!first) return
  yield {
    messageId: retries ? 'manual' : 'never',
    data: { options: idle.map(({ name }) => name!), task: taskLabel(task) },
    span: first,
  }
}

const producerInterval = /\.interval_(start|step|max)\b/

function* notOfTasks(project: CeleryProject, task: Task): Generator<Problem> {
  const idle = publishing.flatMap((name) => task.options.get(name) ?? []).sort((a, b) => a.start - b.start)
  const [first] = idle
  // A class from elsewhere may read them.
  if (!first || task.optionsOpen || hasForeignBase(project, task) || hasForeignApplicationBase(project)) return
  if (project.mentions(producerInterval)) return
  yield {
    messageId: 'publishing',
    data: { options: idle.map(({ name }) => name!), task: taskLabel(task) },
    span: first,
  }
}

function* contradiction(project: CeleryProject, task: Task): Generator<Problem> {
  const own = task.options.get('max_retries')
  const given = entriesOf(task.options.get('retry_kwargs')?.value)?.get('max_retries')
  if (!own || !given) return
  const ignored = numberOf(project, task.file, own.value)
  const used = numberOf(project, task.file, given)
  if (ignored === undefined || used === undefined || ignored === used) return
  yield { messageId: 'overridden', data: { task: taskLabel(task), ignored, used }, span: own }
}

const isEmpty = (value: Expr) => (value.kind === 'tuple' || value.kind === 'list') && value.elements.length === 0

/** Whether a value says that there is nothing to do, which needs no effect. */
const isOff = (value: Expr) =>
  (value.kind === 'constant' && value.value !== true) || (value.kind === 'number' && value.value === 0)

/** Every attribute that the task's code and that of its base classes names: what retries, and which options it reads itself. */
function attributesUsed(project: CeleryProject, task: Task): Set<string> {
  const classes = task.base?.kind === 'class' ? lineage(project.names, task.base).own.map(({ node }) => node) : []
  const used = new Set<string>()
  for (const code of [...task.run.body, ...classes])
    for (const node of descendants(code)) if (node.kind === 'attribute') used.add(node.attr)
  return used
}

/** Whether code of a file retries a task by name, or whichever one is running, rather than a parameter such as `self`. */
const retriesByName = (project: CeleryProject, file: ProjectFile) =>
  file.calls.some(
    (call) =>
      isRetry(project, file, call) && call.callee.kind === 'attribute' && project.resolve(file, call.callee.value),
  )

/** The files of the functions that a task calls. */
const filesCalled = (project: CeleryProject, { file, run }: Task): ProjectFile[] =>
  [...descendants(run)].flatMap((node) => {
    const called = node.kind === 'call' ? project.resolve(file, node.callee) : undefined
    return called?.kind === 'function' ? [called.file] : []
  })

/** Whether the application gives all its tasks a class that retries for them. */
const appRetries = (project: CeleryProject) =>
  applicationBases(project).some((base) => classAttribute(project.names, base, 'autoretry_for'))
