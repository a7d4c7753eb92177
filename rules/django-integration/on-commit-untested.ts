/** A test in a transaction that is rolled back never commits: what waits for the commit is not sent, whatever the code does. */
import { lineage } from '../../src/celery/classes.ts'
import type { Dispatch } from '../../src/celery/dispatches.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { type Task, taskLabel } from '../../src/celery/tasks.ts'
import { applyAsyncMethods, delayMethods } from '../../src/celery/vocabulary/methods.ts'
import type { Call, Expr, FunctionDef } from '../../src/python/syntax.ts'
import { ancestors, descendants, enclosingClass, enclosingFunction } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

/** Test cases that roll their transaction back. Source: django/test/testcases.py of Django 5.2 and rest_framework/test.py. */
const rollingBack = new Set([
  'django.test.TestCase',
  'django.test.testcases.TestCase',
  'rest_framework.test.APITestCase',
])
/** What runs the callbacks after all. */
const runsCallbacks =
  /captureOnCommitCallbacks|capture_on_commit_callbacks|\bon_commit\b|TransactionTestCase|run_and_clear/
const patchers = new Set(['unittest.mock.patch', 'mock.patch'])

export default defineRule({
  name: 'on-commit-untested',
  reference: 'django-integration.md#tests-that-never-commit',
  scope: 'file',
  severity: 'info',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  inTests: true,
  summary: 'A test asserts that a task is not sent, where nothing that waits for the commit ever is',
  messages: {
    never:
      '{task} is sent after the commit only, and a test of this {base} never commits: nothing is sent here whatever the code does, so the assertion cannot fail. Run the code in `self.captureOnCommitCallbacks(execute=True)`.',
  },
  *check({ project, file }) {
    if (!file.isTest || file.mentions(runsCallbacks)) return
    for (const call of file.calls) {
      const { callee } = call
      if (callee.kind !== 'attribute' || callee.attr !== 'assert_not_called') continue
      const test = enclosingFunction(call)
      const base = test && baseOf(project, file, test)
      const task = base && mockedTask(project, file, test, callee.value)
      if (!task || !waitsForCommit(project, task)) continue
      yield { messageId: 'never', data: { task: taskLabel(task), base }, span: call }
    }
  },
})

/** The test case that a method belongs to, where it rolls back. */
function baseOf(project: CeleryProject, file: ProjectFile, test: FunctionDef): string | undefined {
  const owner = enclosingClass(test)
  if (!owner) return undefined
  const { external, unknown } = lineage(project.names, { kind: 'class', file, node: owner })
  const found = external.find((name) => rollingBack.has(name))
  return unknown ? undefined : found?.slice(found.lastIndexOf('.') + 1)
}

/** The task whose sending method a mock stands for: one that a decorator of the test or a `with` around it has made. */
function mockedTask(project: CeleryProject, file: ProjectFile, test: FunctionDef, mock: Expr): Task | undefined {
  const [name, method] =
    mock.kind === 'attribute' && mock.value.kind === 'name'
      ? [mock.value.id, mock.attr]
      : mock.kind === 'name'
        ? [mock.id]
        : []
  if (name === undefined || (method !== undefined && !isSending(method))) return undefined
  const target = targetOf(project, file, test, name)
  if (target === undefined) return undefined
  const dotted = method === undefined ? target : `${target}.${method}`
  const dot = dotted.lastIndexOf('.')
  if (!isSending(dotted.slice(dot + 1))) return undefined
  const referent = project.names.lookup(dotted.slice(0, dot), file)
  return referent?.kind === 'function' ? project.tasks.find(({ node }) => node === referent.node) : undefined
}

const isSending = (method: string) => delayMethods.has(method) || applyAsyncMethods.has(method)

/** The dotted name that was replaced by the mock of a name. */
function targetOf(project: CeleryProject, file: ProjectFile, test: FunctionDef, name: string): string | undefined {
  for (const node of descendants(test)) {
    if (node.kind !== 'with') continue
    const item = node.items.find(({ target }) => target?.kind === 'name' && target.id === name)
    if (item) return patched(project, file, item.context)
  }
  // The lowest decorator passes the first mock.
  const patches = test.decorators.map(({ expression }) => patched(project, file, expression)).reverse()
  if (patches.includes(undefined)) return undefined
  const index = test.parameters.findIndex((parameter) => parameter.name === name) - 1
  return patches[index]
}

/** What `patch("…")` replaces by a mock of its own. */
function patched(project: CeleryProject, file: ProjectFile, expr: Expr): string | undefined {
  if (expr.kind !== 'call' || expr.args.length !== 1 || !patchers.has(project.externalName(file, expr.callee) ?? ''))
    return undefined
  const [{ value }] = expr.args as [Call['args'][number]]
  return value.kind === 'string' ? value.value : undefined
}

/** Whether everybody who sends a task, one at least, waits for the commit. */
function waitsForCommit(project: CeleryProject, task: Task): boolean {
  const own = project.dispatches.filter((dispatch) => project.taskSentBy(dispatch) === task && !dispatch.file.isTest)
  return own.length > 0 && own.every((dispatch) => isDeferred(project, dispatch))
}

function isDeferred(project: CeleryProject, { file, call, onCommit }: Dispatch): boolean {
  if (onCommit) return true
  const around = [...ancestors(call)]
  return around.some((up) => {
    const callback = up.kind === 'call' ? project.onCommitCallback(file, up) : undefined
    return callback?.kind === 'lambda' && around.includes(callback)
  })
}
