/** What a task returns is stored as JSON: a value without such a form makes the run fail after its work is done. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { isNoBackend } from '../../src/celery/result-backend.ts'
import { type Obstacle, obstacleOf } from '../../src/celery/serializable.ts'
import { hasExtendedJson } from '../../src/celery/serializers.ts'
import { hasForeignApplicationBase, hasForeignBase, taskMethod } from '../../src/celery/task-bases.ts'
import type { Task } from '../../src/celery/tasks.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

const because = (what: string) =>
  `{task} returns {value}, which is ${what}, and JSON has no form for it: storing the result raises \`EncodeError\`, and the run counts as failed although its work is done. Return what callers need of it in plain values, or set \`ignore_result=True\`.`

/** What is said of each kind of value. */
const reasons = {
  instance: because('a model instance'),
  response: because('a response'),
  set: because('a set'),
  iterator: because('an iterator'),
  duration: because('a timedelta'),
  path: because('a path object'),
  file: because('a file'),
  queryset: because('a queryset'),
  rows: because('a queryset of values'),
  dataclass: because('a dataclass instance'),
} as const satisfies Partial<Record<Obstacle | 'instance' | 'response', string>>

export default defineRule({
  name: 'non-json-return-value',
  reference: 'task-design-patterns.md#results-that-json-cannot-carry',
  scope: 'file',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'A task whose result is kept returns a value that JSON has no form for',
  messages: reasons,
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      if (!keepsJsonResult(project, task)) continue
      for (const node of executed(task.run.body)) {
        if (node.kind !== 'return' || !node.value) continue
        const messageId = unfit(project, file, node.value)
        if (!messageId || hasExtendedJson(project)) continue
        yield { messageId, data: { task: task.node.name, value: file.textOf(node.value) }, span: node }
      }
    }
  },
})

const isConstant = (expr: Expr | undefined, value: boolean) => expr?.kind === 'constant' && expr.value === value

/** Whether the project visibly stores what a task returns, as JSON. */
function keepsJsonResult(project: CeleryProject, task: Task): boolean {
  const { value, open } = project.taskOption(task, 'ignore_result')
  if (open || (value && !isConstant(value, false)) || task.wrapper) return false
  if (!value && project.settingsFor('task_ignore_result').some((setting) => !isConstant(setting.value, false)))
    return false
  if (taskMethod(project, task, ['__call__', 'on_success']) || task.inner.length > 0) return false
  if (hasForeignBase(project, task) || hasForeignApplicationBase(project)) return false
  // Before version 4 Celery kept results as pickles.
  if (project.versions.isBelow('celery', '4')) return false
  if (!project.settingsFor('result_backend').some((setting) => !isNoBackend(setting.value))) return false
  return project
    .settingsFor('result_serializer')
    .every((setting) => setting.value.kind === 'string' && setting.value.value === 'json')
}

function unfit(project: CeleryProject, file: ProjectFile, expr: Expr): keyof typeof reasons | undefined {
  if (project.ormValue(file, expr)?.kind === 'instance') return 'instance'
  if (expr.kind === 'call' && isResponse(project.externalName(file, expr.callee))) return 'response'
  const obstacle = obstacleOf(project, file, expr)
  return obstacle && obstacle in reasons ? (obstacle as keyof typeof reasons) : undefined
}

const isResponse = (name: string | undefined) =>
  name !== undefined && /^(requests|httpx)\.(get|post|put|patch|delete|head|options|request)$/.test(name)
