/** What a task or the settings say about lost workers, retries and limits is easily left behind when code is rewritten. */
import { survivingTasks, survivorNear } from '../../src/celery/change.ts'
import { classAttribute } from '../../src/celery/classes.ts'
import { numberOf } from '../../src/celery/constants.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { meantKey } from '../../src/celery/setting-names.ts'
import type { CelerySetting, SettingPlace } from '../../src/celery/settings.ts'
import { applicationBases } from '../../src/celery/task-bases.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import type { Decorator, Expr } from '../../src/python/syntax.ts'
import { descendants } from '../../src/python/walk.ts'
import { type ChangeContext, defineRule, type Problem } from '../../src/rule/rule.ts'

/** What comes of it, and what to do. */
const consequences = {
  acks: 'a message whose worker is killed in the middle of it is lost, where another worker took it over until now. Keep the option unless a lost run does no harm.',
  retries:
    'an exception that was worth another try until now fails the run for good. Keep the option, or call `self.retry` where a retry helps.',
  limit:
    'a run that hangs keeps a process of the worker for ever, where it was ended until now. Keep a limit that no good run reaches.',
  rate: 'its runs were held back until now, and come as fast as the workers can from here on. Keep the limit unless all that is called there can take that.',
}
type SafeguardName = keyof typeof consequences

const messages = {
  ended:
    '{task} retries, and no longer may: with `max_retries=0` an exception that was worth another try until now fails the run for good. Keep a number, or take the retries out with it.',
  ...Object.fromEntries(
    Object.entries(consequences).flatMap(([name, consequence]) => [
      [name, `{task} no longer has {options}: ${consequence}`],
      [
        `${name}-setting`,
        `The settings no longer have {options}, so for every task without an option of its own ${consequence}`,
      ],
    ]),
  ),
}

export default defineRule({
  name: 'reliability-option-dropped',
  reference: 'production-deployment.md#dropping-a-safeguard',
  scope: 'change',
  severity: 'warning',
  confidence: 'medium',
  status: 'stable',
  fix: 'never',
  summary: 'A task or a setting loses late acknowledgement, retries, a time limit or a rate limit',
  messages,
  *check(change) {
    for (const { old, now } of survivingTasks(change.before, change.after)) {
      if (now.file.isTest || old.wrapper !== now.wrapper || gainsDecorator(old, now)) continue
      for (const [messageId, safeguard] of Object.entries<Safeguard>(safeguards)) {
        const dropped = safeguard.options.filter((option) => isDropped(change, { old, now }, option))
        const isMadeUpFor = safeguard.others?.some((option) => isSet(change.after, now, option))
        if (dropped.length === 0 || isMadeUpFor || safeguard.stillThere?.(change.after, now)) continue
        yield {
          messageId,
          data: {
            task: taskLabel(now),
            options: dropped.map((option) => written(old, option)),
          },
          file: now.file,
          span: now.decorator ?? now.run.nameSpan,
        }
      }
    }
    yield* retriesEnded(change)
    yield* droppedSettings(change)
  },
})

/** Whether a decorator came to a task, which may do what its options did. */
function gainsDecorator(old: Task, now: Task): boolean {
  const had = new Set(old.node.decorators.map(calleeText(old)))
  return now.node.decorators.some((decorator) => decorator !== now.decorator && !had.has(calleeText(now)(decorator)))
}

const calleeText =
  ({ file }: Task) =>
  ({ expression }: Decorator): string =>
    file.textOf(expression.kind === 'call' ? expression.callee : expression)

/** `max_retries=0` on a task that retries: the first failure is the last. */
function* retriesEnded({ before, after }: ChangeContext): Generator<Problem> {
  for (const { old, now } of survivingTasks(before, after)) {
    const [was, is] = [old.options.get('max_retries'), now.options.get('max_retries')]
    if (now.file.isTest || !is || numberOf(after, now.file, is.value) !== 0) continue
    if (was && numberOf(before, old.file, was.value) === undefined) continue
    if (was ? numberOf(before, old.file, was.value) === 0 : before.taskOption(old, 'max_retries').open) continue
    if (!retries(before, old) || !retries(after, now)) continue
    yield { messageId: 'ended', data: { task: taskLabel(now) }, file: now.file, span: is }
  }
}

const retries = (project: CeleryProject, task: Task) =>
  mentionsRetry(task.run.body) || project.taskOption(task, 'autoretry_for').value !== undefined

interface Safeguard {
  /** Any of them is the safeguard. */
  readonly options: readonly string[]
  /** Options that have its effect as well. */
  readonly others?: readonly string[]
  /** Whether the task's code does the same. */
  readonly stillThere?: (project: CeleryProject, task: Task) => boolean
}

const safeguards: Readonly<Record<SafeguardName, Safeguard>> = {
  acks: { options: ['acks_late', 'reject_on_worker_lost'] },
  retries: { options: ['autoretry_for'], stillThere: (_, { run }) => mentionsRetry(run.body) },
  limit: { options: ['time_limit', 'soft_time_limit'], others: ['time_limit', 'soft_time_limit'] },
  rate: { options: ['rate_limit'] },
}

const mentionsRetry = (body: Task['run']['body']) =>
  body.some((statement) =>
    [...descendants(statement)].some((node) => node.kind === 'attribute' && /retry/.test(node.attr)),
  )

/** The setting that is the default of an option. Source: `Task.from_config` in celery/app/task.py. */
const settingOf: Readonly<Record<string, string>> = {
  acks_late: 'task_acks_late',
  reject_on_worker_lost: 'task_reject_on_worker_lost',
  time_limit: 'task_time_limit',
  soft_time_limit: 'task_soft_time_limit',
  rate_limit: 'task_default_rate_limit',
}

/** `acks_late=True`, as the task had it. */
const written = ({ options, file }: Task, option: string): string => {
  const given = options.get(option)
  return given ? file.textOf(given).replace(/\s+/g, ' ') : option
}

/** Whether a task had an option by itself, visibly on, and has it neither by itself nor from anywhere else now. */
function isDropped({ before, after }: ChangeContext, { old, now }: { old: Task; now: Task }, option: string): boolean {
  const given = old.options.get(option)
  return given !== undefined && isOn(before, old.file, given.value) && !isSet(after, now, option)
}

/** Whether an option is on for a task, or may be. */
function isSet(project: CeleryProject, task: Task, option: string): boolean {
  const { value, file, open } = project.taskOption(task, option)
  if (value) return !isOff(value)
  if (open) return true
  if (applicationBases(project).some((base) => classAttribute(project.names, base, option))) return true
  const key = settingOf[option]
  if (key && project.settingsFor(key).some((setting) => !setting.file.isTest && !isOff(setting.value))) return true
  return [file, ...project.settingsFor('task_annotations').map((setting) => setting.file)]
    .slice(1)
    .some(({ facts }) => facts.text.includes(option))
}

/** A limit of nothing is none. Source: `rate` in celery/utils/time.py, `execute_using_pool` in celery/worker/request.py. */
const isOff = (value: Expr) =>
  (value.kind === 'constant' && value.value !== true) ||
  (value.kind === 'number' && value.value === 0) ||
  (value.kind === 'string' && /^0(\/[smh])?$/.test(value.value)) ||
  ((value.kind === 'tuple' || value.kind === 'list') && value.elements.length === 0)

/** Whether a value can be seen to switch something on. */
function isOn(project: CeleryProject, file: ProjectFile, value: Expr): boolean {
  if (value.kind === 'constant') return value.value === true
  if (value.kind === 'tuple' || value.kind === 'list') return value.elements.length > 0
  if (isOff(value)) return false
  return value.kind === 'string' || numberOf(project, file, value) !== undefined
}

/** What the settings said for all tasks, and do not say any more, anywhere. */
function* droppedSettings({ before, after, previousPath }: ChangeContext): Generator<Problem> {
  for (const [name, { options }] of Object.entries(safeguards)) {
    const dropped = options.flatMap((option) => {
      const key = settingOf[option]
      const [was, ...others] = key ? placesOf(before, key) : []
      if (!key || !was || others.length > 0 || !isOn(before, was.file, was.value)) return []
      const now = placesOf(after, key)
      // That Celery does not read it any more is for celery-setting-ignored.
      const isMeant = ({ written: name }: SettingPlace) => name === was.written || meantKey(name) === key
      if (now.length === 0 && after.settingPlaces.some(isMeant)) return []
      if (now.some(({ value }) => !isOff(value)) || isTakenOver(after, key)) return []
      const [at] = now
      const place = at ? { file: at.file, span: at.at } : whereItStood(before, was, after, previousPath)
      return place ? [{ place, setting: was.written, was }] : []
    })
    const [first] = dropped
    if (!first) continue
    const data = { options: dropped.map(({ setting }) => setting) }
    yield { messageId: `${name}-setting`, data, ...first.place, gone: { file: first.was.file, span: first.was.at } }
  }
}

const placesOf = (project: CeleryProject, key: string) => project.settingsFor(key).filter(({ file }) => !file.isTest)

/** Whether a limit goes and the other one stays, or whether nobody can see what the settings hold. */
function isTakenOver(project: CeleryProject, key: string): boolean {
  const other = key.includes('soft') ? 'task_time_limit' : 'task_soft_time_limit'
  return /time_limit$/.test(key) && placesOf(project, other).some(({ value }) => !isOff(value))
}

/** The setting that stands where one is gone, in the same file. */
function whereItStood(
  before: CeleryProject,
  gone: CelerySetting,
  after: CeleryProject,
  previousPath: ChangeContext['previousPath'],
) {
  const siblings = before.settingPlaces.filter(({ file, source }) => file === gone.file && source === gone.source)
  const here = after.settingPlaces.filter(({ file }) => previousPath(file.path) === gone.file.path)
  const ordered = [...siblings].sort((a, b) => a.at.start - b.at.start)
  const self = ordered.find(({ at }) => at === gone.at)
  const near = self && survivorNear(ordered, self, ({ written: name }) => here.find((place) => place.written === name))
  // What cannot be parsed may well hold it still.
  return near && near.file.facts.errors.length === 0 ? { file: near.file, span: near.at } : undefined
}
