/** A model instance cannot travel in a JSON message, and as a pickle it arrives as an old copy of the row. */

import { calledTask } from '../../src/celery/called-tasks.ts'
import type { OrmValue } from '../../src/celery/models.ts'
import { sentLabel } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { instancesIn, mayConvertArguments, type SentValue, sentValues } from '../../src/celery/sent-values.ts'
import { serializerOf, taskSerializer } from '../../src/celery/serializers.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { Fix } from '../../src/core/fix.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'model-instance-argument',
  reference: 'task-design-patterns.md#passing-a-model-instance',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A task is sent a model instance instead of its primary key',
  messages: {
    json: '{argument} is a model instance, and JSON has no form for it: sending {task} raises `EncodeError`. Pass its primary key and load the row in the task, which then also sees its current values.',
    jsonMany:
      '{argument} holds model instances, and JSON has no form for them: sending {task} raises `EncodeError`. Pass a list of primary keys and load the rows in the task.',
    pickle:
      '{argument} is a model instance, and pickle sends a copy of it: when {task} runs, the row may have changed, and saving the copy overwrites what is newer. Pass its primary key and load the row in the task.',
    parameter:
      '{parameter} is annotated with the model {model}, but JSON has no form for an instance: sending one to {task} raises `EncodeError`. Take the primary key and load the row in the task.',
    parameterPickle:
      '{parameter} is annotated with the model {model}, so {task} works on a copy that was pickled when it was sent: the row may have changed since, and saving the copy overwrites what is newer. Take the primary key and load the row in the task.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      const task = project.taskSentBy(dispatch)
      const serializer = serializerOf(project, dispatch)
      if (serializer === 'other' || (task && mayConvertArguments(project, task))) continue
      for (const sent of sentValues(project, dispatch)) {
        const value = instancesIn(project, file, sent.expr)
        if (!value) continue
        const many = value.kind === 'queryset'
        yield {
          messageId: serializer === 'pickle' ? 'pickle' : many ? 'jsonMany' : 'json',
          data: { argument: file.textOf(sent.expr), task: sentLabel(dispatch) },
          span: sent.expr,
          severity: serializer === 'pickle' ? 'warning' : undefined,
          fix: many ? undefined : primaryKeyFix(sent, value),
        }
      }
    }
    for (const task of project.tasksOf(file)) yield* annotatedParameters(project, task)
  },
})

/** Adds `.pk` where the parameter asks for a key, so that the task needs no change. */
function primaryKeyFix({ expr, parameter }: SentValue, { model }: OrmValue): Fix | undefined {
  const asked = /^(?:(\w+)_)?(?:id|pk)s?$/.exec(parameter?.name ?? '')
  if (!asked || (expr.kind !== 'name' && expr.kind !== 'attribute')) return undefined
  const [, of] = asked
  const name = expr.kind === 'name' ? expr.id : expr.attr
  const isOfThis = of === undefined || of === name || of === snakeCase(model) || name.endsWith(`_${of}`)
  return {
    title: 'Pass the primary key',
    applicability: isOfThis ? 'safe' : 'unsafe',
    edits: [{ span: { start: expr.end, end: expr.end }, replacement: '.pk' }],
  }
}

const snakeCase = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()

function* annotatedParameters(project: CeleryProject, task: Task): Generator<Problem> {
  // An inherited `run` is spoken of where it is defined.
  if (task.run !== task.node && task.run.parent !== task.node) return
  const serializer = taskSerializer(project, task)
  if (serializer === 'other' || mayConvertArguments(project, task)) return
  for (const parameter of task.parameters) {
    const value = parameter.annotation && project.annotatedModel(task.file, parameter.annotation)
    if (!value) continue
    if (isOnlyCalled(project, task)) return
    yield {
      messageId: serializer === 'pickle' ? 'parameterPickle' : 'parameter',
      data: { parameter: parameter.name, model: value.model, task: task.node.name },
      span: parameter,
      severity: serializer === 'pickle' ? 'warning' : undefined,
    }
  }
}

/** Whether the project calls a task as a plain function and shows nobody who sends it. */
const isOnlyCalled = (project: CeleryProject, task: Task): boolean =>
  !project.dispatches.some((dispatch) => project.taskSentBy(dispatch) === task) &&
  [...project.files.values()].some((file) => file.calls.some((call) => calledTask(project, file, call) === task))
