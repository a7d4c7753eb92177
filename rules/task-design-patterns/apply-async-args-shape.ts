/** `apply_async` takes a sequence and a mapping of the task's arguments, not the arguments themselves. */
import { type Dispatch, sentLabel } from '../../src/celery/dispatches.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { hasForeignBase, taskMethod } from '../../src/celery/task-bases.ts'
import { applyOptions, dispatchOptions } from '../../src/celery/vocabulary/dispatch-options.ts'
import { applyAsyncMethods } from '../../src/celery/vocabulary/methods.ts'
import type { Fix } from '../../src/core/fix.ts'
import type { Argument, Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'apply-async-args-shape',
  reference: 'task-design-patterns.md#arguments-for-apply_async',
  scope: 'file',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: "apply_async is given a task's arguments themselves instead of a sequence or mapping of them",
  messages: {
    parentheses:
      '{value} is no tuple, because a comma is missing: {method} expects a sequence of arguments and fails, or takes a string apart. Write a comma behind the one argument of {task}.',
    args: '{method} takes the arguments of {task} as a list or tuple, and raises a `TypeError` for {value}. Put what the task receives into a list.',
    kwargs:
      '{method} takes the keyword arguments of {task} as a mapping, and raises a `TypeError` for {value}. Positional arguments belong together into the first list.',
    option:
      '{method} takes {name} for an option of the message, so {task} never receives its argument of that name. Pass it in `kwargs`.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      const { method, task, call } = dispatch
      const isInline = method === 'apply'
      if (!(applyAsyncMethods.has(method) || isInline) || project.isSignature(file, dispatch.receiver)) continue
      if (task && (hasForeignBase(project, task) || taskMethod(project, task, [isInline ? 'apply' : 'apply_async'])))
        continue
      const places = call.args.filter((arg) => !arg.name && !arg.unpack)
      const args = places[0] ?? call.args.find((arg) => arg.name === 'args')
      const kwargs = places[1] ?? call.args.find((arg) => arg.name === 'kwargs')
      if (call.args[0]?.unpack !== '*') {
        if (args) yield* wrongSequence(project, dispatch, args.value)
        if (kwargs) yield* wrongMapping(dispatch, kwargs.value)
      }
      yield* misplaced(dispatch, isInline, kwargs)
    }
  },
})

const labels = (dispatch: Dispatch) => ({ method: dispatch.method, task: sentLabel(dispatch) })

function* wrongSequence(project: CeleryProject, dispatch: Dispatch, args: Expr): Generator<Problem> {
  const { file } = dispatch
  if (args.parens && (isOne(project, file, args) || isNamedLikeParameter(dispatch, args))) {
    const data = { ...labels(dispatch), value: file.textOf(args.parens) }
    const comma = { span: { start: args.end, end: args.end }, replacement: ',' }
    const isLiteral = args.kind === 'string' || args.kind === 'number'
    const fix: Fix = { title: 'Add the comma', applicability: isLiteral ? 'safe' : 'unsafe', edits: [comma] }
    yield { messageId: 'parentheses', data, file, span: args, fix }
    return
  }
  const isEmpty = args.kind === 'dict' && args.entries.length === 0
  const isOneValue = args.kind === 'string' || args.kind === 'fstring' || args.kind === 'number'
  if (isEmpty || !(isOneValue || args.kind === 'dict' || args.kind === 'set')) return
  const data = { ...labels(dispatch), value: file.textOf(args) }
  const fix: Fix | undefined = isOneValue
    ? {
        title: 'Put it in a list',
        applicability: 'safe',
        edits: [
          { span: { start: args.start, end: args.start }, replacement: '[' },
          { span: { start: args.end, end: args.end }, replacement: ']' },
        ],
      }
    : undefined
  yield { messageId: 'args', data, file, span: args, fix }
}

/** Whether an expression in parentheses is one argument, rather than a name for all of them. */
function isOne(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  if (expr.kind === 'string' || expr.kind === 'number' || expr.kind === 'fstring') return true
  if (expr.kind !== 'name' && expr.kind !== 'attribute') return false
  const name = expr.kind === 'name' ? expr.id : expr.attr
  if (!/(^|_)(id|pk|uuid|url|name|key|slug|email|path|host)$/.test(name)) return false
  const referent = project.resolve(file, expr)
  return referent?.kind !== 'value' || referent.expr.kind === 'string' || referent.expr.kind === 'number'
}

/** Whether a name is that of the one parameter that it goes to: what it holds is meant for that, and not the sequence. */
function isNamedLikeParameter({ task }: Dispatch, expr: Expr): boolean {
  const [parameter, ...others] = task?.parameters.filter(({ default: value }) => value === undefined) ?? []
  return expr.kind === 'name' && others.length === 0 && parameter?.form === 'positional' && parameter.name === expr.id
}

function* wrongMapping(dispatch: Dispatch, kwargs: Expr): Generator<Problem> {
  const isSequence = kwargs.kind === 'list' || kwargs.kind === 'tuple' || kwargs.kind === 'set'
  const isWrong = isSequence ? kwargs.elements.length > 0 : kwargs.kind === 'string' || kwargs.kind === 'number'
  if (!isWrong) return
  const data = { ...labels(dispatch), value: dispatch.file.textOf(kwargs) }
  yield { messageId: 'kwargs', data, file: dispatch.file, span: kwargs }
}

/** Arguments of the task among the options of the message. */
function* misplaced(dispatch: Dispatch, isInline: boolean, kwargs: Argument | undefined): Generator<Problem> {
  const { task, options, file, optionsOpen } = dispatch
  const isOption = (name: string) => dispatchOptions.has(name) || (isInline && applyOptions.has(name))
  const given = [...options].filter(
    ([name]) => !isOption(name) && task?.parameters.some((parameter) => parameter.name === name),
  )
  for (const [name, arg] of given) {
    const fix: Fix | undefined =
      given.length === 1 && !kwargs && !optionsOpen
        ? {
            title: 'Pass it in `kwargs`',
            applicability: 'safe',
            edits: [
              { span: { start: arg.start, end: arg.value.start }, replacement: `kwargs={"${name}": ` },
              { span: { start: arg.end, end: arg.end }, replacement: '}' },
            ],
          }
        : undefined
    yield { messageId: 'option', data: { ...labels(dispatch), name }, file, span: arg, fix }
  }
}
