/** Owns recognising Django's models, their instances and querysets, and the hooks that run when one is saved. */

import { type Binding, scopeOf } from '../python/scopes.ts'
import type { Call, Expr, FunctionDef, Node } from '../python/syntax.ts'
import { enclosingClass, enclosingFunction } from '../python/walk.ts'
import { type ClassReferent, inheritsFrom, lineage } from './classes.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'

const modelClasses = new Set(['django.db.models.Model', 'django.db.models.base.Model'])
const knownModels =
  /^django\.contrib\.(auth\.models\.(User|Group|Permission|AbstractUser|AbstractBaseUser)|sites\.models\.Site|contenttypes\.models\.ContentType)$/
/** Abstract models that widely used packages ship: `model_utils.models.TimeStampedModel`, `polymorphic.models.PolymorphicModel`. */
const packagedModel = /\.models(\.\w+)*\.\w*(Model|AbstractUser|AbstractBaseUser|MPTTModel|Page)$/

/** Whether a referent is a model class. */
export function isModel(names: Names, referent: Referent | undefined): boolean {
  if (referent?.kind === 'external') return modelClasses.has(referent.name) || knownModels.test(referent.name)
  if (referent?.kind === 'value') return isUserModel(names, referent.file, referent.expr)
  return referent?.kind === 'class' && isModelClass(names, referent)
}

/** Whether a class of the project is a Django model. */
export function isModelClass(names: Names, referent: ClassReferent): boolean {
  if (inheritsFrom(names, referent, modelClasses)) return true
  return lineage(names, referent).external.some((name) => knownModels.test(name) || packagedModel.test(name))
}

/** `User = get_user_model()` */
const isUserModel = (names: Names, file: ProjectFile, expr: Expr): boolean =>
  expr.kind === 'call' && names.calleeName(file, expr) === 'django.contrib.auth.get_user_model'

/** Manager methods that return one instance. */
const oneInstance = new Set([
  'get',
  'first',
  'last',
  'latest',
  'earliest',
  'create',
  'aget',
  'acreate',
  'afirst',
  'alast',
])
/** Manager methods that return an instance and whether it was created. */
const instanceAndFlag = new Set(['get_or_create', 'update_or_create'])
/** Queryset methods that return another queryset of the same rows. */
const sameQueryset = new Set([
  'all',
  'filter',
  'exclude',
  'order_by',
  'select_related',
  'prefetch_related',
  'distinct',
  'annotate',
  'using',
  'reverse',
  'only',
  'defer',
  'select_for_update',
  'iterator',
  'none',
  'union',
  'intersection',
  'difference',
  'extra',
  'alias',
])
/** Queryset methods that return rows that are not instances. */
const valueQueryset = new Set(['values', 'values_list', 'dates', 'datetimes'])

/** `Model.objects`, or another manager of a model, at the root of a chain of calls; answers the model. */
function managerModel(names: Names, file: ProjectFile, expr: Expr): string | undefined {
  if (expr.kind !== 'attribute' || !/(^|_)objects$|^_default_manager$|^_base_manager$/.test(expr.attr)) return undefined
  const owner = names.follow(file, expr.value)
  if (isModel(names, owner)) return shortName(owner, expr.value)
  // A class whose module is not at hand, but that has Django's own manager name.
  if (owner?.kind === 'external' && /^[A-Z]/.test(owner.name.slice(owner.name.lastIndexOf('.') + 1)))
    return shortName(owner, expr.value)
  return undefined
}

function shortName(referent: Referent | undefined, expr: Expr): string {
  if (referent?.kind === 'class') return referent.node.name
  if (expr.kind === 'name') return expr.id
  return expr.kind === 'attribute' ? expr.attr : 'model'
}

/** What an expression is in terms of the ORM. */
export type OrmValue = { kind: 'instance' | 'queryset' | 'values'; model: string }

/** What an expression is in terms of the ORM, judged by how it was made in the same function; undefined when not sure. */
export function ormValue(names: Names, file: ProjectFile, expr: Expr, depth = 0): OrmValue | undefined {
  if (depth > 8) return undefined
  if (expr.kind === 'name') return nameValue(names, file, expr, depth)
  if (expr.kind === 'await') return ormValue(names, file, expr.value, depth + 1)
  if (expr.kind === 'attribute') return requestUser(names, file, expr)
  if (expr.kind === 'subscript') {
    const value = ormValue(names, file, expr.value, depth + 1)
    if (value?.kind !== 'queryset') return undefined
    return expr.index[0]?.kind === 'number' ? { ...value, kind: 'instance' } : value
  }
  return expr.kind === 'call' ? callValue(names, file, expr, depth) : undefined
}

function callValue(names: Names, file: ProjectFile, call: Call, depth: number): OrmValue | undefined {
  const { callee } = call
  const made = names.follow(file, callee)
  if (made?.kind === 'class' && isModelClass(names, made)) return { kind: 'instance', model: made.node.name }
  if (made?.kind === 'external' && /^django\.shortcuts\.a?get_object_or_404$/.test(made.name)) {
    const [first] = call.args
    const model = first && !first.name ? modelOf(names, file, first.value, depth) : undefined
    return { kind: 'instance', model: model ?? 'model' }
  }
  if (callee.kind !== 'attribute') return undefined
  const manager = managerModel(names, file, callee.value)
  const base: OrmValue | undefined = manager
    ? { kind: 'queryset', model: manager }
    : ormValue(names, file, callee.value, depth + 1)
  if (base?.kind !== 'queryset' && base?.kind !== 'values') return undefined
  if (sameQueryset.has(callee.attr)) return base
  if (valueQueryset.has(callee.attr)) return { ...base, kind: 'values' }
  if (base.kind === 'queryset' && oneInstance.has(callee.attr)) return { ...base, kind: 'instance' }
  return undefined
}

/** The model of `Model`, `Model.objects` or a queryset. */
function modelOf(names: Names, file: ProjectFile, expr: Expr, depth: number): string | undefined {
  const referent = names.follow(file, expr)
  if (isModel(names, referent)) return shortName(referent, expr)
  return managerModel(names, file, expr) ?? ormValue(names, file, expr, depth + 1)?.model
}

/** `request.user`, and `self.request.user` of a view. */
function requestUser(_names: Names, _file: ProjectFile, expr: Expr): OrmValue | undefined {
  if (expr.kind !== 'attribute' || expr.attr !== 'user') return undefined
  const { value } = expr
  const isRequest =
    (value.kind === 'name' && value.id === 'request') ||
    (value.kind === 'attribute' && value.attr === 'request' && value.value.kind === 'name' && value.value.id === 'self')
  return isRequest ? { kind: 'instance', model: 'User' } : undefined
}

function nameValue(
  names: Names,
  file: ProjectFile,
  expr: Extract<Expr, { kind: 'name' }>,
  depth: number,
): OrmValue | undefined {
  const scope = scopeOf(expr.id, file.scopeAt(expr))
  const bindings = scope?.bindings.get(expr.id) ?? []
  const last = lastBefore(bindings, expr)
  if (!last) return undefined
  switch (last.kind) {
    case 'assignment': {
      if (!last.value) return last.annotation && annotatedModel(names, file, last.annotation)
      if (last.path.length === 0) return ormValue(names, file, last.value, depth + 1)
      return last.path.length === 1 && last.path[0] === 0 ? createdFirst(names, file, last.value) : undefined
    }
    case 'loop': {
      if (last.path.length > 0) return undefined
      const iterated = ormValue(names, file, last.iter, depth + 1) ?? managed(names, file, last.iter)
      return iterated?.kind === 'queryset' ? { ...iterated, kind: 'instance' } : undefined
    }
    case 'parameter': {
      const owner = enclosingFunctionOf(last.at)
      if (last.at.annotation) return annotatedModel(names, file, last.at.annotation)
      if (owner && last.at.name === 'instance' && signalsOf(names, file, owner).length > 0)
        return { kind: 'instance', model: 'instance' }
      return undefined
    }
  }
  return undefined
}

const enclosingFunctionOf = (node: Node): FunctionDef | undefined =>
  node.parent?.kind === 'function' ? node.parent : undefined

function managed(names: Names, file: ProjectFile, expr: Expr): OrmValue | undefined {
  const model = managerModel(names, file, expr)
  return model ? { kind: 'queryset', model } : undefined
}

/** `instance, created = Model.objects.get_or_create(…)` */
function createdFirst(names: Names, file: ProjectFile, expr: Expr): OrmValue | undefined {
  if (expr.kind !== 'call' || expr.callee.kind !== 'attribute' || !instanceAndFlag.has(expr.callee.attr))
    return undefined
  const model = managerModel(names, file, expr.callee.value)
  return model ? { kind: 'instance', model } : undefined
}

/** The model that an annotation names: `Order`, `"Order"`, `Order | None`, `Optional[Order]`. */
export function annotatedModel(names: Names, file: ProjectFile, annotation: Expr): OrmValue | undefined {
  if (annotation.kind === 'binary' && annotation.operator === '|') {
    return annotatedModel(names, file, annotation.left) ?? annotatedModel(names, file, annotation.right)
  }
  if (annotation.kind === 'subscript' && names.externalName(file, annotation.value) === 'typing.Optional') {
    return annotation.index[0] && annotatedModel(names, file, annotation.index[0])
  }
  if (annotation.kind === 'string' && /^\w+$/.test(annotation.value)) {
    const referent = names.lookup(`${file.module}.${annotation.value}`, file)
    return isModel(names, referent) ? { kind: 'instance', model: annotation.value } : undefined
  }
  const referent = names.follow(file, annotation)
  return isModel(names, referent) ? { kind: 'instance', model: shortName(referent, annotation) } : undefined
}

/**
 * The binding that gave a name its value where it is used: the last one above it in its own function. A name that is
 * bound in several branches has one only when the branches agree in kind of binding, which is for the caller to see.
 */
export function lastBefore(bindings: readonly Binding[], use: Node): Binding | undefined {
  const owner = enclosingFunction(use)
  let last: Binding | undefined
  for (const binding of bindings) {
    const sameFunction = binding.kind === 'parameter' || enclosingFunction(binding.at) === owner
    if (binding.at.start >= use.start) continue
    if (!sameFunction && bindings.length > 1) return undefined
    if (!last || binding.at.start > last.at.start) last = binding
  }
  return last
}

const modelSignals = new Set(['pre_save', 'post_save', 'pre_delete', 'post_delete', 'm2m_changed'])
const signalModule = /^django\.db\.models\.signals\.(\w+)$/

/** The model signals that a function is connected to, by `@receiver` or by `.connect` in the same file. */
export function signalsOf(names: Names, file: ProjectFile, node: FunctionDef): string[] {
  const signalName = (expr: Expr): string[] => {
    if (expr.kind === 'list' || expr.kind === 'tuple') return expr.elements.flatMap(signalName)
    const name = signalModule.exec(names.externalName(file, expr) ?? '')?.[1]
    return name && modelSignals.has(name) ? [name] : []
  }
  const found: string[] = []
  for (const { expression } of node.decorators) {
    if (expression.kind !== 'call') continue
    if (
      names.calleeName(file, expression) === 'django.dispatch.receiver' ||
      names.calleeName(file, expression) === 'django.dispatch.dispatcher.receiver'
    ) {
      const [first] = expression.args
      if (first) found.push(...signalName(first.value))
    } else if (expression.callee.kind === 'attribute' && expression.callee.attr === 'connect') {
      found.push(...signalName(expression.callee.value))
    }
  }
  if (enclosingClass(node)) return found
  for (const { callee, args } of file.calls) {
    if (callee.kind !== 'attribute' || callee.attr !== 'connect') continue
    const receiver = args.find((arg) => arg.name === 'receiver' || !arg.name)?.value
    if (receiver?.kind === 'name' && receiver.id === node.name) found.push(...signalName(callee.value))
  }
  return found
}
