/** Owns recognising Django's models, and expressions that are instances or querysets of one. */

import { type Binding, MAX_BINDINGS, scopeOf } from '../python/scopes.ts'
import type { Call, Expr, FunctionDef, Node, Parameter } from '../python/syntax.ts'
import { descendants, enclosingClass, enclosingFunction, executed, isSuperCall } from '../python/walk.ts'
import { type ClassReferent, classAttribute, inheritsFrom, lineage } from './classes.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'
import { signalConnections } from './signals.ts'

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
  const { own, external } = lineage(names, referent)
  if (external.some((name) => knownModels.test(name) || packagedModel.test(name))) return true
  return external.length > 0 && own.some((one) => hasModelField(names, one))
}

/** Whether a class body declares a field as only those of models do: `models.CharField(…)`. */
const hasModelField = (names: Names, { file, node }: ClassReferent): boolean =>
  node.body.some(
    (statement) =>
      statement.kind === 'assign' &&
      statement.value?.kind === 'call' &&
      /^django\.db\.models\.(\w+Field|ForeignKey)$/.test(names.calleeName(file, statement.value) ?? ''),
  )

/** `User = get_user_model()` */
const isUserModel = (names: Names, file: ProjectFile, expr: Expr): boolean =>
  expr.kind === 'call' && names.calleeName(file, expr) === 'django.contrib.auth.get_user_model'

/** Manager methods that return one instance. */
export const oneInstance: ReadonlySet<string> = new Set([
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

/** A model: the name it goes by and, where the project defines it, its class. */
export interface Model {
  readonly model: string
  readonly of?: ClassReferent
}

/** `Model.objects`, or another manager of a model, at the root of a chain of calls. */
function managedModel(names: Names, file: ProjectFile, expr: Expr): Model | undefined {
  if (expr.kind !== 'attribute' || !/(^|_)objects$|^_default_manager$|^_base_manager$/.test(expr.attr)) return undefined
  const owner = names.follow(file, expr.value) ?? ownClass(file, expr.value)
  if (isModel(names, owner)) return modelAs(owner, expr.value)
  // A class whose module is not at hand, but that has Django's own manager name.
  if (owner?.kind === 'external' && /^[A-Z]/.test(owner.name.slice(owner.name.lastIndexOf('.') + 1)))
    return modelAs(owner, expr.value)
  return undefined
}

/** `cls` in a class method, as the class that the method stands in. */
function ownClass(file: ProjectFile, expr: Expr): ClassReferent | undefined {
  if (expr.kind !== 'name' || expr.id !== 'cls') return undefined
  const method = enclosingFunction(expr)
  return method?.parameters[0]?.name === expr.id ? classAround(file, expr) : undefined
}

function modelAs(referent: Referent | undefined, expr: Expr): Model {
  if (referent?.kind === 'class') return { model: referent.node.name, of: referent }
  if (expr.kind === 'name') return { model: expr.id }
  return { model: expr.kind === 'attribute' ? expr.attr : 'model' }
}

/** What an expression is in terms of the ORM. */
export interface OrmValue extends Model {
  readonly kind: 'instance' | 'queryset' | 'values'
}

const instanceOf = (model: Model | undefined): OrmValue | undefined => model && { ...model, kind: 'instance' }

/** What an expression is in terms of the ORM, judged by how it was made in the same function; undefined when not sure. */
export function ormValue(names: Names, file: ProjectFile, expr: Expr, depth = 0): OrmValue | undefined {
  if (depth > 8) return undefined
  switch (expr.kind) {
    case 'name':
      return nameValue(names, file, expr, depth)
    case 'await': {
      // Django's querysets cannot be awaited, what gives one object asynchronously can.
      const value = ormValue(names, file, expr.value, depth + 1)
      return value?.kind === 'instance' ? value : undefined
    }
    case 'attribute':
      return attributeValue(names, file, expr, depth)
    case 'call':
      return callValue(names, file, expr, depth)
    case 'subscript': {
      const value = ormValue(names, file, expr.value, depth + 1)
      if (value?.kind !== 'queryset') return undefined
      return expr.index[0]?.kind === 'number' ? { ...value, kind: 'instance' } : value
    }
  }
  return undefined
}

function callValue(names: Names, file: ProjectFile, call: Call, depth: number): OrmValue | undefined {
  const { callee } = call
  const made = names.follow(file, callee)
  if (isModel(names, made)) return instanceOf(modelAs(made, callee))
  if (made?.kind === 'function') return returnedValue(names, made.file, made.node, depth)
  if (made?.kind === 'external' && /^django\.shortcuts\.a?get_object_or_404$/.test(made.name)) {
    const [first] = call.args
    const model = first && !first.name ? modelOf(names, file, first.value, depth) : undefined
    return instanceOf(model ?? { model: 'model' })
  }
  if (callee.kind !== 'attribute') return undefined
  if (callee.attr === 'save') return instanceOf(savedModel(names, file, callee.value))
  if (callee.attr === 'get_object' && (isSelf(callee.value) || isSuperCall(callee.value)))
    return instanceOf(viewModel(names, file, callee.value))
  const manager = managedModel(names, file, callee.value)
  const base: OrmValue | undefined = manager
    ? { ...manager, kind: 'queryset' }
    : ormValue(names, file, callee.value, depth + 1)
  // No method of anything else has this name.
  if (!base && callee.attr === 'values_list' && made === undefined) return { model: 'model', kind: 'values' }
  if (base?.kind !== 'queryset' && base?.kind !== 'values') return undefined
  if (sameQueryset.has(callee.attr)) return base
  if (valueQueryset.has(callee.attr)) return { ...base, kind: 'values' }
  if (base.kind === 'queryset' && oneInstance.has(callee.attr)) return { ...base, kind: 'instance' }
  return undefined
}

/** What a function of the project returns: by its annotation, else an instance if it returns nothing else. */
function returnedValue(names: Names, file: ProjectFile, node: FunctionDef, depth: number): OrmValue | undefined {
  if (node.returns) return annotatedModel(names, file, node.returns)
  let returned: OrmValue | undefined
  for (const inner of executed(node.body)) {
    if (inner.kind === 'yield') return undefined
    if (inner.kind !== 'return' || !inner.value || isNone(inner.value)) continue
    const value = ormValue(names, file, inner.value, depth + 2)
    if (value?.kind !== 'instance') return undefined
    returned = value
  }
  return returned
}

/** The model of `Model`, `Model.objects` or a queryset. */
function modelOf(names: Names, file: ProjectFile, expr: Expr, depth: number): Model | undefined {
  const referent = names.follow(file, expr)
  if (isModel(names, referent)) return modelAs(referent, expr)
  return managedModel(names, file, expr) ?? ormValue(names, file, expr, depth + 1)
}

const isSelf = (expr: Expr): boolean => expr.kind === 'name' && expr.id === 'self'

/** `request.user`, `self.object` of a view, `form.instance`, and the object at the other end of a foreign key. */
function attributeValue(
  names: Names,
  file: ProjectFile,
  { value, attr }: Extract<Expr, { kind: 'attribute' }>,
  depth: number,
): OrmValue | undefined {
  const isRequest =
    (value.kind === 'name' && value.id === 'request') ||
    (value.kind === 'attribute' && value.attr === 'request' && isSelf(value.value))
  if (isRequest) return attr === 'user' ? { kind: 'instance', model: 'User' } : undefined
  if (isSelf(value) && attr === 'object') return instanceOf(viewModel(names, file, value))
  if (attr === 'instance') {
    const model = savedModel(names, file, value)
    if (model) return instanceOf(model)
  }
  const owner = ormValue(names, file, value, depth + 1)
  return owner?.kind === 'instance' && owner.of ? instanceOf(relatedModel(names, owner.of, attr)) : undefined
}

const toOneFields = /\.(ForeignKey|OneToOneField|ParentalKey|TreeForeignKey)$/

/** The model that a field of another leads to, when the field holds one object. */
function relatedModel(names: Names, of: ClassReferent, field: string): Model | undefined {
  const found = classAttribute(names, of, field)
  if (found?.value.kind !== 'call') return undefined
  const { file, value: made } = found
  if (!toOneFields.test(`.${names.calleeName(file, made) ?? ''}`)) return undefined
  const to = made.args.find((arg) => arg.name === 'to' || !arg.name)?.value
  if (to?.kind !== 'string') return to && modelAs(names.follow(file, to), to)
  if (to.value === 'self') return { model: of.node.name, of }
  const model = to.value.slice(to.value.lastIndexOf('.') + 1)
  const referent = names.lookup(`${file.module}.${model}`, file)
  return { model, of: referent?.kind === 'class' ? referent : undefined }
}

const viewClasses = /^(django\.views\.generic|rest_framework)\.|View(Set)?$/

/** The model of the generic view that a node stands in. */
function viewModel(names: Names, file: ProjectFile, node: Expr): Model | undefined {
  const view = classAround(file, node)
  if (!view || !lineage(names, view).external.some((name) => viewClasses.test(name))) return undefined
  const declared = classAttribute(names, view, 'model')
  return declared ? modelAs(names.follow(declared.file, declared.value), declared.value) : { model: 'model' }
}

/** The class whose method holds a node. */
function classAround(file: ProjectFile, node: Node): ClassReferent | undefined {
  const method = enclosingFunction(node)
  const owner = method && enclosingClass(method)
  return owner && { kind: 'class', file, node: owner }
}

const modelSavers = /(^|\.)(\w*ModelForm|\w*ModelSerializer)$/
/** Methods of views that receive a form or a serializer which has been checked. Source: Django's and DRF's generic views. */
const savingHooks = new Set(['form_valid', 'perform_create', 'perform_update'])

/** The model whose instance a form or serializer saves. */
function savedModel(names: Names, file: ProjectFile, expr: Expr): Model | undefined {
  if (expr.kind === 'call') {
    if (names.calleeName(file, expr) === 'builtins.super') return saverModel(names, classAround(file, expr))
    const made = names.follow(file, expr.callee)
    return made?.kind === 'class' ? saverModel(names, made) : undefined
  }
  if (expr.kind !== 'name') return undefined
  const last = lastBefore(bindingsOf(file, expr), expr)
  if (last?.kind === 'parameter') {
    const method = enclosingFunctionOf(last.at)
    const isHook = method && enclosingClass(method) && savingHooks.has(method.name)
    return isHook && (expr.id === 'form' || expr.id === 'serializer') ? { model: 'model' } : undefined
  }
  if (last?.kind !== 'assignment' || last.path.length > 0 || last.value?.kind !== 'call') return undefined
  return savedModel(names, file, last.value)
}

/** `Meta.model` of a form or serializer class. */
function saverModel(names: Names, saver: ClassReferent | undefined): Model | undefined {
  if (!saver) return undefined
  const { own, external } = lineage(names, saver)
  if (!external.some((name) => modelSavers.test(name))) return undefined
  for (const { file, node } of own) {
    const meta = node.body.find((statement) => statement.kind === 'class' && statement.name === 'Meta')
    if (meta?.kind !== 'class') continue
    const declared = classAttribute(names, { kind: 'class', file, node: meta }, 'model')
    if (declared) return modelAs(names.follow(declared.file, declared.value), declared.value)
  }
  return { model: 'model' }
}

const bindingsOf = (file: ProjectFile, expr: Extract<Expr, { kind: 'name' }>): readonly Binding[] =>
  scopeOf(expr.id, file.scopeAt(expr))?.bindings.get(expr.id) ?? []

function nameValue(
  names: Names,
  file: ProjectFile,
  expr: Extract<Expr, { kind: 'name' }>,
  depth: number,
): OrmValue | undefined {
  const last = lastBefore(bindingsOf(file, expr), expr)
  switch (last?.kind) {
    case 'assignment': {
      const { value, annotation, path } = last
      if (path.length > 0)
        return path.length === 1 && path[0] === 0 && value ? createdFirst(names, file, value) : undefined
      const made = value && ormValue(names, file, value, depth + 1)
      return made ?? (annotation && annotatedModel(names, file, annotation))
    }
    case 'loop': {
      if (last.path.length > 0) return undefined
      const iterated = ormValue(names, file, last.iter, depth + 1)
      return iterated?.kind === 'queryset' ? { ...iterated, kind: 'instance' } : undefined
    }
    case 'parameter':
      return parameterValue(names, file, last.at)
  }
  return undefined
}

/** A parameter that is annotated with a model, `self` of a model, and the `instance` of a model signal. */
function parameterValue(names: Names, file: ProjectFile, parameter: Parameter): OrmValue | undefined {
  const owner = enclosingFunctionOf(parameter)
  if (parameter.annotation) return annotatedModel(names, file, parameter.annotation)
  if (!owner) return undefined
  const cls = enclosingClass(owner)
  if (cls && parameter.name === 'self' && parameter === owner.parameters[0]) {
    const referent: ClassReferent = { kind: 'class', file, node: cls }
    return isModelClass(names, referent) ? { kind: 'instance', model: cls.name, of: referent } : undefined
  }
  if (parameter.name !== 'instance' || isAskedForType(names, file, owner)) return undefined
  const connections = signalConnections(names, owner)
  const [connection] = connections
  if (!connection) return undefined
  const sender = connections.length === 1 && connection.sender
  const referent = sender ? names.follow(connection.file, sender) : undefined
  return { kind: 'instance', model: 'instance', ...(sender && isModel(names, referent) && modelAs(referent, sender)) }
}

const plainTypes = /^builtins\.(list|tuple|set|dict|str|int)$/

/** Whether a function asks if its `instance` is a list, a key or the like, so that something else than Django calls it too. */
const isAskedForType = (names: Names, file: ProjectFile, owner: FunctionDef): boolean =>
  file.calls.some((call) => {
    const [asked, type] = call.args
    if (asked?.value.kind !== 'name' || asked.value.id !== 'instance' || enclosingFunction(call) !== owner) return false
    const name = names.calleeName(file, call)
    if (name === 'builtins.type') return true
    return (
      name === 'builtins.isinstance' &&
      [...descendants(type?.value ?? call)].some(
        (node) => node.kind === 'name' && plainTypes.test(names.externalName(file, node) ?? ''),
      )
    )
  })

const enclosingFunctionOf = (node: Node): FunctionDef | undefined =>
  node.parent?.kind === 'function' ? node.parent : undefined

/** `instance, created = Model.objects.get_or_create(…)` */
function createdFirst(names: Names, file: ProjectFile, expr: Expr): OrmValue | undefined {
  const call = expr.kind === 'await' ? expr.value : expr
  if (call.kind !== 'call' || call.callee.kind !== 'attribute' || !instanceAndFlag.has(call.callee.attr))
    return undefined
  const owner = call.callee.value
  const queryset = managedModel(names, file, owner) ?? ormValue(names, file, owner)
  return instanceOf(queryset)
}

const isNone = (expr: Expr): boolean => expr.kind === 'constant' && expr.value === null

/** The model that an annotation names: `Order`, `"Order"`, `Order | None`, `Optional[Order]`. */
export function annotatedModel(names: Names, file: ProjectFile, annotation: Expr): OrmValue | undefined {
  const referent = annotatedReferent(names, file, annotation)
  return isModel(names, referent) ? instanceOf(modelAs(referent, annotation)) : undefined
}

/** What an annotation names, written as itself or in quotes, and with or without `None`. */
export function annotatedReferent(names: Names, file: ProjectFile, annotation: Expr): Referent | undefined {
  if (annotation.kind === 'binary' && annotation.operator === '|') {
    const { left, right } = annotation
    if (isNone(right)) return annotatedReferent(names, file, left)
    return isNone(left) ? annotatedReferent(names, file, right) : undefined
  }
  if (annotation.kind === 'subscript' && names.externalName(file, annotation.value) === 'typing.Optional') {
    return annotation.index[0] && annotatedReferent(names, file, annotation.index[0])
  }
  if (annotation.kind === 'string') {
    const named = /^(?:Optional\[([\w.]+)\]|([\w.]+)(?: *\| *None)?)$/.exec(annotation.value)
    const dotted = named?.[1] ?? named?.[2]
    return dotted ? names.lookup(`${file.module}.${dotted}`, file) : undefined
  }
  return names.follow(file, annotation)
}

/**
 * The binding that gave a name its value where it is used: the last one above it in its own function. A name that is
 * bound in several branches has one only when the branches agree in kind of binding, which is for the caller to see.
 */
export function lastBefore(bindings: readonly Binding[], use: Node): Binding | undefined {
  if (bindings.length > MAX_BINDINGS) return undefined
  const [first] = bindings
  // The names of a comprehension are bound behind where they are used.
  if (first?.kind === 'loop' && isClauseOfComprehension(first.at)) return first
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

function isClauseOfComprehension(node: Node): boolean {
  let up = node.parent
  while (up?.kind === 'tuple' || up?.kind === 'list' || up?.kind === 'starred') up = up.parent
  return up?.kind === 'for-clause'
}
