/** A default is made once for each process, and a worker's process runs task after task with it. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { scopeOf } from '../../src/python/scopes.ts'
import type { Expr, Node, Parameter } from '../../src/python/syntax.ts'
import { executed } from '../../src/python/walk.ts'
import { defineRule } from '../../src/rule/rule.ts'

const makers = /^(builtins\.(list|dict|set)|collections\.(defaultdict|OrderedDict|Counter|deque))$/
/** Methods of lists, dicts and sets that change them. */
const changers = new Set([
  'add',
  'append',
  'appendleft',
  'clear',
  'discard',
  'extend',
  'insert',
  'pop',
  'popitem',
  'remove',
  'reverse',
  'setdefault',
  'sort',
  'update',
])

export default defineRule({
  name: 'mutable-default-in-task',
  reference: 'task-design-patterns.md#what-outlives-a-run',
  scope: 'file',
  severity: 'warning',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'A task changes the list, dict or set that is the default of a parameter, so one run leaves it to the next',
  messages: {
    changed:
      'This changes the default of {parameter}, which is made once for each worker process: what one run of {task} puts there is still there in the next. Use `None` as the default and make a new one in the body.',
  },
  *check({ project, file }) {
    for (const task of project.tasksOf(file)) {
      for (const parameter of task.parameters) {
        if (!isMutable(project, file, parameter) || isRebound(file, parameter)) continue
        const change = [...executed(task.run.body)].find((node) => changes(file, node, parameter))
        if (change)
          yield {
            messageId: 'changed',
            data: { parameter: parameter.name, task: task.node.name },
            span: change,
            related: [{ file, span: parameter, note: 'the default is made here' }],
          }
      }
    }
  },
})

function isMutable(project: CeleryProject, file: ProjectFile, { default: value }: Parameter): boolean {
  if (!value) return false
  if (value.kind === 'call') return makers.test(project.externalName(file, value.callee) ?? '')
  return value.kind === 'list' || value.kind === 'dict' || value.kind === 'set' || value.kind === 'comprehension'
}

/** Whether the name may stand for something else: `seen = list(seen)`. */
const isRebound = (file: ProjectFile, parameter: Parameter): boolean =>
  parameter.parent === undefined ||
  (file.scopeOf(parameter.parent)?.bindings.get(parameter.name) ?? []).some(
    ({ kind }) => kind !== 'parameter' && kind !== 'other',
  )

/** Whether a node changes what a parameter stands for: `p.append(…)`, `p[…] = …`, `p += …`, `del p[…]`. */
function changes(file: ProjectFile, node: Node, parameter: Parameter): boolean {
  const isIt = (expr: Expr | undefined) =>
    expr?.kind === 'name' &&
    expr.id === parameter.name &&
    scopeOf(expr.id, file.scopeAt(expr))?.node === parameter.parent
  switch (node.kind) {
    case 'call':
      return node.callee.kind === 'attribute' && changers.has(node.callee.attr) && isIt(node.callee.value)
    case 'assign':
      return node.targets.some((target) => target.kind === 'subscript' && isIt(target.value))
    case 'augassign':
      return isIt(node.target.kind === 'subscript' ? node.target.value : node.target)
    case 'simple':
      return node.keyword === 'delete' && node.expressions.some((expr) => expr.kind === 'subscript' && isIt(expr.value))
  }
  return false
}
