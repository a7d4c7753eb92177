/** A task goes, and what names or sends it stays: whatever is sent by its name is thrown away, and other code fails. */
import { goneTasks, renamedTasks, whereItStood } from '../../src/celery/change.ts'
import { leftSenders } from '../../src/celery/left-senders.ts'
import { defineRule, type Problem, type Related } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'task-removed-still-referenced',
  reference: 'production-deployment.md#removing-a-task',
  scope: 'change',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A task is removed while a schedule, a dispatch or a setting still names it, or code still sends it',
  replaces: ['unknown-task-name'],
  messages: {
    beat: 'This change removes the task {name}, and Beat goes on sending it: every worker discards the message with an error in its log. Remove the entry together with the task, and its row in the database if django-celery-beat keeps one.',
    row: 'This change removes the task {name}, and this row of django-celery-beat goes on sending it: every worker discards the message with an error in its log. Delete the row together with the task.',
    dispatch:
      'This change removes the task {name}, and it is still sent here: the message leaves all the same, and the worker that receives it discards it. Remove the call, or keep the task until nothing sends it any more.',
    plain:
      '{task} is a plain function after this change, and has no {method}: this raises an `AttributeError` when it runs. Keep the decorator, or call the function here.',
    absent:
      'This change takes {task} out of {module}, and it is still sent here: this raises an {error} when it runs. Remove the call as well, or send what took its place.',
    setting: 'This change removes the task {name}, so this entry applies to nothing. Remove it as well.',
  },
  *check(change): Generator<Problem> {
    const { after, previousPath } = change
    const renamed = new Set(renamedTasks(change).map(({ old }) => old.name))
    const gone = new Map(goneTasks(change).flatMap((task) => (renamed.has(task.name) ? [] : [[task.name, task]])))
    for (const [name, task] of gone) {
      for (const { file, literal, kind } of after.referencesTo(name)) {
        // A migration that has run already is history.
        if (file.isTest || (file.isMigration && previousPath(file.path) !== undefined)) continue
        const isSetting = kind === 'route' || kind === 'annotation'
        yield {
          messageId: isSetting ? 'setting' : kind,
          data: { name },
          file,
          span: literal,
          related: whereItWas(whereItStood(task, after, previousPath)),
          severity: isSetting ? ('warning' as const) : undefined,
        }
      }
    }
    for (const { file, method, task, plain, error } of leftSenders(change)) {
      const place = plain ? { ...plain, span: plain.node.nameSpan } : whereItStood(task, after, previousPath)
      yield {
        messageId: plain ? 'plain' : 'absent',
        data: { task: task.node.name, method: method.attr, module: task.file.module, error },
        file,
        span: method,
        related: place ? [{ ...place, note: plain ? '{task} is defined here' : '{task} stood beside this' }] : [],
      }
    }
  },
})

const whereItWas = (place: Pick<Related, 'file' | 'span'> | undefined): Related[] =>
  place ? [{ ...place, note: '{name} stood beside this' }] : []
