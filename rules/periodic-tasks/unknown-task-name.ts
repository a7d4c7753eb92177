/** A name is only looked up when the message arrives, so one that no task has fails far from where it was written. */

import type { CeleryProject } from '../../src/celery/project.ts'
import { type Missing, TaskNames } from '../../src/celery/task-names.ts'
import type { TaskReference } from '../../src/celery/task-references.ts'
import type { Task } from '../../src/celery/tasks.ts'
import { codeSpan } from '../../src/core/code-span.ts'
import type { Fix } from '../../src/core/fix.ts'
import { nearest } from '../../src/core/nearest.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'unknown-task-name',
  reference: 'periodic-tasks.md#a-name-that-no-task-has',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A schedule, a dispatch or a route names a task that does not exist',
  messages: {
    beat: 'No task is called {name}: Beat sends it on time all the same, and every worker discards the message with an error in its log. Correct the name, or define the task that it stands for.',
    beatGuess:
      'No task is called {name}: Beat sends it on time all the same, and every worker discards the message with an error in its log. Did you mean {guess}?',
    dispatch:
      'No task is called {name}: the message is sent all the same, and the worker that receives it discards it with an error in its log. Correct the name, or define the task that it stands for.',
    dispatchGuess:
      'No task is called {name}: the message is sent all the same, and the worker that receives it discards it with an error in its log. Did you mean {guess}?',
    setting:
      'No task is called {name}, so this entry applies to nothing, and the task that it is meant for goes by the defaults. Correct the name, or remove the entry.',
    settingGuess:
      'No task is called {name}, so this entry applies to nothing, and the task that it is meant for goes by the defaults. Did you mean {guess}?',
    undecorated:
      '{name} is a plain function and no task, so workers discard every message that carries its name. Decorate it with `shared_task`, or name the task that is meant.',
    undecoratedSetting:
      '{name} is a plain function and no task, so this entry applies to nothing. Name the task that is meant, or remove the entry.',
  },
  *check({ project }) {
    const names = new TaskNames(project)
    if (names.areGenerated) return
    for (const reference of project.taskReferences) {
      const { file, literal, kind } = reference
      // A row that a migration created may have been mended by a later one.
      if (file.isTest || file.isMigration) continue
      // What another service answers to may well be sent to that one.
      if (project.repository.tasksByName.has(literal.value)) continue
      const missing = names.missing(literal.value, file)
      if (!missing) continue
      const guess = guessFor(project, reference, missing)
      if (!isCertain(reference, missing, guess)) continue
      const common = {
        data: { name: literal.value, guess: guess?.name ?? '' },
        file,
        span: literal,
        severity: isSetting(kind) ? ('warning' as const) : undefined,
      }
      if (missing.kind === 'undecorated') {
        const related = [{ file: missing.file, span: missing.node.nameSpan, note: 'the function is defined here' }]
        yield { ...common, messageId: isSetting(kind) ? 'undecoratedSetting' : 'undecorated', related }
        continue
      }
      const messageId = kind === 'dispatch' ? 'dispatch' : isSetting(kind) ? 'setting' : 'beat'
      yield guess
        ? {
            ...common,
            messageId: `${messageId}Guess`,
            related: [{ file: guess.file, span: guess.node.nameSpan, note: '{guess} is defined here' }],
            fix: rename(reference, guess.name!, missing),
          }
        : { ...common, messageId }
    }
  },
})

const isSetting = (kind: TaskReference['kind']) => kind === 'route' || kind === 'annotation'

/** Shorter names are within two slips of too many others. */
const MIN_LENGTH = 8

/** The one task that a name can be meant for: the one it leads to, the closest one, or the only one of that function. */
function guessFor(
  { tasksByName }: CeleryProject,
  { literal: { value } }: TaskReference,
  missing: Missing,
): Task | undefined {
  if (missing.kind === 'renamed') return missing.task
  const known = [...tasksByName].flatMap(([name, tasks]) => (tasks.some(({ file }) => !file.isTest) ? [name] : []))
  const close = value.length < MIN_LENGTH ? [] : nearest(value, known, 2).filter((name) => isSlip(value, name))
  const member = (name: string) => name.slice(name.lastIndexOf('.') + 1)
  const alike = close.length > 0 ? close : known.filter((name) => member(name) === member(value))
  const tasks = alike.length === 1 ? tasksByName.get(alike[0]!)! : []
  return tasks.length === 1 ? tasks[0] : undefined
}

/** `sync_v1` and `sync_v2` differ on purpose. */
const isSlip = (written: string, name: string) => written.replace(/\d/g, '') !== name.replace(/\d/g, '')

/**
 * Whether a name is wrong, and not that of a task in another repository: its module is here without it, it lies in a
 * package of the project, or it is a slip or its first packages away from one that exists.
 */
function isCertain({ kind, literal }: TaskReference, missing: Missing, guess: Task | undefined): boolean {
  switch (missing.kind) {
    case 'undecorated':
    case 'renamed':
      return true
    case 'undefined':
      return missing.moduleFound || kind === 'beat' || kind === 'row' || (isSetting(kind) && guess !== undefined)
    case 'elsewhere': {
      if (kind === 'dispatch' || !guess) return false
      if (!literal.value.includes('.') || nearest(literal.value, [guess.name!], 2).length > 0) return true
      // A name that was given is the same in every source root, so its first packages were left out.
      return guess.nameArgument !== undefined && guess.name!.endsWith(`.${literal.value}`)
    }
  }
}

function rename({ file, literal }: TaskReference, name: string, missing: Missing): Fix | undefined {
  const { quote, value, start, end } = literal
  // Prefixes, escapes and strings in several parts are left to their author.
  if (file.textOf(literal) !== `${quote}${value}${quote}` || /["'\\\n]/.test(name)) return undefined
  const isSure = missing.kind === 'renamed' || !value.includes('.') || nearest(value, [name], 2).length > 0
  return {
    title: `Name ${codeSpan(name)}`,
    applicability: isSure ? 'safe' : 'unsafe',
    edits: [{ span: { start, end }, replacement: `${quote}${name}${quote}` }],
  }
}
