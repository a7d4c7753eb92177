/**
 * Owns whether the parameters of a task's function are what its messages fill: a decorator between the two, or the class
 * under the task, may hand on other arguments than it was given.
 */
import type { Call, Decorator, FunctionDef, Node } from '../python/syntax.ts'
import { ancestors, descendants, enclosingClass, enclosingFunction, executed, isScope } from '../python/walk.ts'
import { findMethod } from './classes.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { taskMethod } from './task-bases.ts'
import type { Task } from './tasks.ts'
import { forwardingDecorators } from './vocabulary/decorators.ts'

/** Whether all that stands between a message and the function of its task can be seen to hand the arguments on as they are. */
export const receivesMessages = (project: CeleryProject, task: Task): boolean =>
  project
    .remember(task.file, 'tasks that messages reach', () =>
      project.tasksOf(task.file).flatMap((one) => (isReached(project, one) ? [one.node] : [])),
    )
    .includes(task.node)

function isReached(project: CeleryProject, task: Task): boolean {
  const makers = task.wrapper && task.decorator ? [task.decorator] : []
  const method = taskMethod(project, task, ['__call__'])
  if (method && !callsWith(method, isRunOrSuper).every(isForwarding)) return false
  return (
    makers.every((decorator) => handsOn(project, task.file, decorator, true)) &&
    task.inner.every((decorator) => handsOn(project, task.file, decorator, false))
  )
}

/** `self.run(…)` and `super().__call__(…)`. */
const isRunOrSuper = ({ callee }: Call) =>
  callee.kind === 'attribute' && (callee.attr === 'run' || callee.attr === '__call__')

function handsOn(project: CeleryProject, file: ProjectFile, { expression }: Decorator, isMaker: boolean): boolean {
  const referent = project.resolve(file, expression.kind === 'call' ? expression.callee : expression)
  if (referent?.kind === 'external') return forwardingDecorators.has(referent.name)
  // An alias such as `task = partial(shared_task, acks_late=True)` only chooses options.
  if (referent?.kind === 'value' && isMaker) return true
  if (referent?.kind === 'value' && referent.expr.kind === 'call')
    return forwardingDecorators.has(project.externalName(referent.file, referent.expr.callee) ?? '')
  const made = referent?.kind === 'class' ? findMethod(project.names, referent, '__call__') : referent
  if (!made || ('kind' in made && made.kind !== 'function')) return false
  const { node } = made
  const inner = [...executed(node.body)].filter((one): one is FunctionDef => one.kind === 'function')
  const firstOf = ({ parameters }: FunctionDef) =>
    parameters[enclosingClass(node) && parameters[0]?.name === 'self' ? 1 : 0]
  const decorated = new Set([node, ...inner].flatMap((one) => firstOf(one)?.name ?? []))
  const calls = callsWith(node, ({ callee }) => callee.kind === 'name' && decorated.has(callee.id))
  return calls.length > 0 ? calls.every(isForwarding) : !wrapsIt(node)
}

/** Whether a function defines one that takes what it is given and may hand on anything. */
const wrapsIt = (node: FunctionDef): boolean =>
  [...descendants(node)].some(
    (one) =>
      one !== node && one.kind === 'function' && one.parameters.some(({ form }) => form === '*' || form === '**'),
  )

const callsWith = (node: FunctionDef, isMeant: (call: Call) => boolean): Call[] =>
  [...descendants(node)].filter((one): one is Call => one.kind === 'call' && isMeant(one))

/** Whether a call passes all that the function around it was given, in its order, and nothing else: `f(self, *args, **kwargs)`. */
function isForwarding(call: Call): boolean {
  const around = enclosingFunction(call)
  if (!around || [...ancestors(call)].find(isScope) !== around) return false
  // What is called on an object has that object in its place already.
  const isBound = call.callee.kind === 'attribute' && call.args.length < around.parameters.length
  const given = isBound ? around.parameters.slice(1) : around.parameters
  const isPassed = ({ unpack, name, value }: Call['args'][0], index: number) => {
    const parameter = given[index]
    const form = unpack ?? 'positional'
    return !name && value.kind === 'name' && value.id === parameter?.name && parameter.form === form
  }
  return (
    call.args.length === given.length && call.args.every(isPassed) && !given.some(({ name }) => isFilled(around, name))
  )
}

/** Whether a function puts something into what it was given: `kwargs["user"] = …`, `kwargs.update(…)`, `args = …`. */
const isFilled = (node: FunctionDef, name: string): boolean =>
  [...executed(node.body)].some((one) => {
    if (one.kind === 'call')
      return (
        one.callee.kind === 'attribute' &&
        /^(update|setdefault)$/.test(one.callee.attr) &&
        isNamed(one.callee.value, name)
      )
    if (one.kind === 'augassign') return isNamed(one.target, name)
    if (one.kind !== 'assign') return false
    return one.targets.some((target) => isNamed(target.kind === 'subscript' ? target.value : target, name))
  })

const isNamed = (node: Node, name: string) => node.kind === 'name' && node.id === name
