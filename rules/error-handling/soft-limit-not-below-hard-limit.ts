/** The hard limit kills the process: a soft limit that does not come first gives no chance to clean up. */

import { classAttribute } from '../../src/celery/classes.ts'
import { numberOf, sameness } from '../../src/celery/constants.ts'
import { sentLabel } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { CelerySetting } from '../../src/celery/settings.ts'
import { taskLabel } from '../../src/celery/tasks.ts'
import type { Span } from '../../src/core/text.ts'
import type { ClassDef, Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

/** A limit and where it is written. */
interface Limit {
  /** Undefined where only the program knows. */
  readonly seconds?: number
  /** The same for limits that are certainly the same. */
  readonly sameness: string
  readonly file: ProjectFile
  readonly span: Span
}

type Kind = 'soft' | 'hard'
const optionOf = { soft: 'soft_time_limit', hard: 'time_limit' } as const

export default defineRule({
  name: 'soft-limit-not-below-hard-limit',
  reference: 'error-handling.md#the-soft-limit-must-come-first',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A soft time limit is not below the hard one, so the process is killed before the task can clean up',
  messages: {
    task: '{task} has a soft time limit of {soft} s but is killed after {hard} s, so it never gets its chance to clean up; Celery 5.5 and newer refuse to send it at all and raise a `ValueError`. Set the soft limit below the hard one.',
    settings:
      'Tasks get a soft time limit of {soft} s but are killed after {hard} s, so none gets its chance to clean up; Celery 5.5 and newer refuse to send them at all and raise a `ValueError`. Set the soft limit below the hard one.',
    call: 'This run of {task} gets a soft time limit of {soft} s but is killed after {hard} s, so it never gets its chance to clean up. Set the soft limit below the hard one.',
    equal:
      'The soft and the hard time limit are both {hard} s, so the process is killed when it is only just told to clean up. Set the soft limit some seconds below the hard one.',
    same: 'The soft and the hard time limit are both {limit}, so the process is killed when it is only just told to clean up. Set the soft limit some seconds below the hard one.',
  },
  *check({ project, file }) {
    const defaults = { soft: globalLimit(project, 'soft'), hard: globalLimit(project, 'hard') }

    for (const task of project.tasksOf(file)) {
      if (task.node.kind !== 'function' || task.wrapper) continue
      const limitOf = (kind: Kind) => {
        const { value, file, open } = project.taskOption(task, optionOf[kind])
        return limit(project, file, value) ?? (open || isGiven(value) ? undefined : defaults[kind])
      }
      const own = (kind: Kind) => task.options.get(optionOf[kind])
      yield* compared(task.file, limitOf, own, 'task', taskLabel(task))
    }

    for (const node of file.classes) {
      const own = (kind: Kind) => attributeOf(node, optionOf[kind])
      if (!(own('soft') ?? own('hard')) || !project.isTaskClass(file, node)) continue
      const limitOf = (kind: Kind) => {
        const found = classAttribute(project.names, { kind: 'class', file, node }, optionOf[kind])
        return limit(project, found?.file ?? file, found?.value)
      }
      yield* compared(file, limitOf, own, 'task', node.name)
    }

    const ownSetting = (kind: Kind) => settingOf(project, file, kind)
    yield* compared(
      file,
      (kind) => limit(project, file, ownSetting(kind)?.value),
      (kind) => ownSetting(kind)?.at,
      'settings',
    )

    for (const dispatch of project.dispatchesOf(file)) {
      const { options, task } = dispatch
      const limitOf = (kind: Kind) => {
        const given = options.get(optionOf[kind])?.value
        if (isGiven(given)) return limit(project, file, given)
        const inherited = task && project.taskOption(task, optionOf[kind])
        if (!inherited || isGiven(inherited.value)) return limit(project, inherited?.file ?? file, inherited?.value)
        return inherited.open ? undefined : defaults[kind]
      }
      yield* compared(file, limitOf, (kind) => options.get(optionOf[kind]), 'call', sentLabel(dispatch))
    }
  },
})

/**
 * The problem of two limits.
 * @param limitOf the limit that counts
 * @param own where the one that the problem is about writes it, if it does
 */
function* compared(
  file: ProjectFile,
  limitOf: (kind: Kind) => Limit | undefined,
  own: (kind: Kind) => Span | undefined,
  messageId: 'task' | 'settings' | 'call',
  task = '',
): Generator<Problem> {
  const written = own('soft') ?? own('hard')
  if (!written) return
  const soft = limitOf('soft')
  const hard = limitOf('hard')
  if (!soft || !hard) return
  const equal = soft.sameness === hard.sameness
  const [softSeconds = 0, hardSeconds = 0] = [soft.seconds, hard.seconds]
  const isKnown = soft.seconds !== undefined && hard.seconds !== undefined
  if (isKnown ? softSeconds < hardSeconds || hardSeconds <= 0 : !equal) return
  const other = own('soft')
    ? { ...hard, note: 'the hard limit is set here' }
    : { ...soft, note: 'the soft limit is set here' }
  yield {
    messageId: !isKnown ? 'same' : equal ? 'equal' : messageId,
    data: { task, soft: softSeconds, hard: hardSeconds, limit: hard.file.textOf(hard.span) },
    file,
    span: written,
    severity: equal || messageId === 'call' ? 'warning' : undefined,
    related: [other],
  }
}

function limit(project: CeleryProject, file: ProjectFile, expr: Expr | undefined): Limit | undefined {
  const same = expr && sameness(project, file, expr)
  return expr && same !== undefined
    ? { seconds: numberOf(project, file, expr), sameness: same, file, span: expr }
    : undefined
}

/** Whether a value is more than the `None` that stands for "as everywhere". */
const isGiven = (expr: Expr | undefined) => expr !== undefined && !(expr.kind === 'constant' && expr.value === null)

function attributeOf({ body }: ClassDef, attribute: string): Span | undefined {
  return body.find(
    (statement) =>
      statement.kind === 'assign' &&
      statement.targets.some((target) => target.kind === 'name' && target.id === attribute),
  )
}

/** The limit that every task has unless it sets its own; undefined when the places that set it do not agree. */
function globalLimit(project: CeleryProject, kind: Kind): Limit | undefined {
  const [first, ...others] = project
    .settingsFor(`task_${optionOf[kind]}`)
    .map(({ file, value }) => limit(project, file, value))
  return others.every((other) => other?.sameness === first?.sameness) ? first : undefined
}

/** The one place where a module of settings sets a limit once and for all. */
function settingOf(project: CeleryProject, file: ProjectFile, kind: Kind): CelerySetting | undefined {
  const places = project.settingsFor(`task_${optionOf[kind]}`).filter((setting) => setting.file === file)
  return places.length === 1 && !places[0]!.conditional ? places[0] : undefined
}
