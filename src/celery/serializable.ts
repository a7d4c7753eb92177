/** Owns what JSON has no form for, as far as the code around a value shows what it is. Silent when not sure. */
import { scopeOf } from '../python/scopes.ts'
import type { Call, Decorator, Dict, Expr, FunctionDef, Name, Parameter } from '../python/syntax.ts'
import { ancestors, enclosingClass, executed } from '../python/walk.ts'
import { type ClassReferent, classAttribute, findMethod, lineage } from './classes.ts'
import { lastBefore } from './models.ts'
import type { Referent } from './names.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { annotated, makers, type Unserializable } from './vocabulary/unserializable.ts'

/**
 * What keeps a value out of a JSON message. `rows` are the dicts, tuples or single values that a queryset yields, `member`
 * is one of a plain `Enum`, `keys` are those of a dict.
 */
export type Obstacle =
  | Unserializable
  | 'queryset'
  | 'rows'
  | 'exception'
  | 'member'
  | 'dataclass'
  | 'function'
  | 'class'
  | 'keys'

/** Names that lead to each other end here. */
const MAX_DEPTH = 6

/** What keeps the value of an expression out of a JSON message, itself and not what it holds. */
export function obstacleOf(project: CeleryProject, file: ProjectFile, expr: Expr, depth = 0): Obstacle | undefined {
  if (depth > MAX_DEPTH) return undefined
  const orm = project.ormValue(file, expr)
  if (orm) return orm.kind === 'queryset' ? 'queryset' : orm.kind === 'values' ? 'rows' : undefined
  switch (expr.kind) {
    case 'set':
      return 'set'
    case 'comprehension':
      return expr.type === 'set' ? 'set' : expr.type === 'generator' ? 'iterator' : undefined
    case 'lambda':
      return 'function'
    case 'dict':
      return hasForeignKeys(project, file, expr) ? 'keys' : undefined
    case 'binary':
      return operationOf(obstacleOf(project, file, expr.left, depth + 1), expr.operator)
    case 'subscript':
      return isFilesOfRequest(expr.value) ? 'file' : undefined
    case 'attribute':
      return isMember(project, file, expr) ? 'member' : undefined
    case 'call':
      return callObstacle(project, file, expr, depth)
    case 'name':
      return nameObstacle(project, file, expr, depth)
  }
  return undefined
}

/** `new - old` of sets is a set, `folder / name` is a path. */
function operationOf(left: Obstacle | undefined, operator: string): Obstacle | undefined {
  if (left === 'set' && ['-', '|', '&', '^'].includes(operator)) return 'set'
  return left === 'path' && operator === '/' ? 'path' : undefined
}

const setMethods = new Set(['union', 'difference', 'intersection', 'symmetric_difference', 'copy'])

function callObstacle(project: CeleryProject, file: ProjectFile, call: Call, depth: number): Obstacle | undefined {
  const { callee } = call
  const made = project.resolve(file, callee)
  if (made?.kind === 'external') return makers.get(made.name)
  if (made?.kind === 'class') return isPlainEnum(project, made) ? 'member' : dataclassOf(project, made)
  if (callee.kind !== 'attribute') return undefined
  if (callee.attr === 'get' && isFilesOfRequest(callee.value)) return 'file'
  if (/^(keys|values|items)$/.test(callee.attr) && call.args.length === 0)
    return isDict(project, file, callee.value) ? 'iterator' : undefined
  if (!setMethods.has(callee.attr)) return undefined
  return obstacleOf(project, file, callee.value, depth + 1) === 'set' ? 'set' : undefined
}

function nameObstacle(project: CeleryProject, file: ProjectFile, expr: Name, depth: number): Obstacle | undefined {
  const bindings = scopeOf(expr.id, file.scopeAt(expr))?.bindings.get(expr.id) ?? []
  const last = lastBefore(bindings, expr)
  switch (last?.kind) {
    case 'assignment':
      return last.path.length === 0 && last.value ? obstacleOf(project, file, last.value, depth + 1) : undefined
    case 'with':
      return obstacleOf(project, file, last.context, depth + 1) === 'file' ? 'file' : undefined
    case 'except':
      return [...ancestors(expr)].includes(last.at) ? 'exception' : undefined
    case 'parameter':
      return parameterObstacle(project, file, last.at)
  }
  return definitionObstacle(project, project.names.resolve(file, expr), depth)
}

/** What is known of a name by its definition, in whatever file that is. */
function definitionObstacle(
  project: CeleryProject,
  referent: Referent | undefined,
  depth: number,
): Obstacle | undefined {
  switch (referent?.kind) {
    case 'function':
      return referent.node.decorators.length === 0 ? 'function' : undefined
    case 'class':
      return 'class'
    case 'value':
      return obstacleOf(project, referent.file, referent.expr, depth + 1)
  }
  return undefined
}

function parameterObstacle(project: CeleryProject, file: ProjectFile, parameter: Parameter): Obstacle | undefined {
  const { annotation, name, parent: owner } = parameter
  if (parameter.form === '*' || parameter.form === '**') return undefined
  if (annotation) return annotationObstacle(project, file, annotation)
  if (owner?.kind !== 'function') return undefined
  if (name === 'request') return isRequest(owner, parameter) ? 'request' : undefined
  const changesRelation = project.signalConnections(owner).some(({ signal }) => signal === 'm2m_changed')
  return name === 'pk_set' && changesRelation ? 'set' : undefined
}

const requestAttributes = /^(GET|POST|FILES|COOKIES|META|body|data|headers|method|path|query_params|session|user)$/
const handlers = /^(get|post|put|patch|delete|head|options|dispatch)$/

/** Whether a function is a view: the request comes first, and is used as one. */
function isRequest(owner: FunctionDef, parameter: Parameter): boolean {
  const first = enclosingClass(owner) && /^(self|cls)$/.test(owner.parameters[0]?.name ?? '') ? 1 : 0
  if (owner.parameters[first] !== parameter) return false
  if (first === 1 && handlers.test(owner.name)) return true
  return [...executed(owner.body)].some(
    (node) =>
      node.kind === 'attribute' &&
      requestAttributes.test(node.attr) &&
      node.value.kind === 'name' &&
      node.value.id === parameter.name,
  )
}

function annotationObstacle(project: CeleryProject, file: ProjectFile, annotation: Expr): Obstacle | undefined {
  const isNone = (expr: Expr) => expr.kind === 'constant' && expr.value === null
  if (annotation.kind === 'binary' && annotation.operator === '|' && isNone(annotation.right))
    return annotationObstacle(project, file, annotation.left)
  const generic = annotation.kind === 'subscript' ? annotation : undefined
  const referent = project.resolve(file, generic ? generic.value : annotation)
  if (referent?.kind === 'class') return isPlainEnum(project, referent) ? 'member' : dataclassOf(project, referent)
  if (referent?.kind !== 'external') return undefined
  if (referent.name === 'typing.Optional' && generic?.index[0])
    return annotationObstacle(project, file, generic.index[0])
  return annotated.get(referent.name)
}

/** `request.FILES` */
const isFilesOfRequest = (expr: Expr): boolean =>
  expr.kind === 'attribute' &&
  expr.attr === 'FILES' &&
  ((expr.value.kind === 'name' && expr.value.id === 'request') ||
    (expr.value.kind === 'attribute' && expr.value.attr === 'request'))

const dictMakers = /^(builtins\.dict|collections\.(defaultdict|OrderedDict|Counter))$/

/** Whether an expression is, or names, a dict that is made in the same function. */
function isDict(project: CeleryProject, file: ProjectFile, expr: Expr, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false
  if (expr.kind === 'dict' || (expr.kind === 'comprehension' && expr.type === 'dict')) return true
  if (expr.kind === 'call') return dictMakers.test(project.externalName(file, expr.callee) ?? '')
  if (expr.kind !== 'name') return false
  const bindings = scopeOf(expr.id, file.scopeAt(expr))?.bindings.get(expr.id) ?? []
  const last = lastBefore(bindings, expr)
  if (last?.kind === 'assignment')
    return last.path.length === 0 && last.value !== undefined && isDict(project, file, last.value, depth + 1)
  const annotation = last?.kind === 'parameter' ? last.at.annotation : undefined
  const type = annotation?.kind === 'subscript' ? annotation.value : annotation
  return type !== undefined && /^(builtins\.dict|typing\.Dict)$/.test(project.externalName(file, type) ?? '')
}

const keyMakers = /^(datetime\.(date|datetime|time)(\.\w+)?|uuid\.(UUID|uuid[1345])|decimal\.Decimal)$/

/** Whether a dict has keys that are no strings or numbers: tuples, dates, UUIDs. */
const hasForeignKeys = (project: CeleryProject, file: ProjectFile, { entries }: Dict): boolean =>
  entries.some(
    ({ key }) =>
      key?.kind === 'tuple' ||
      (key?.kind === 'call' && keyMakers.test(project.externalName(file, key.callee) ?? '')) ||
      (key?.kind === 'attribute' && isMember(project, file, key)),
  )

function isMember(project: CeleryProject, file: ProjectFile, { value, attr }: Extract<Expr, { kind: 'attribute' }>) {
  const owner = project.resolve(file, value)
  if (owner?.kind !== 'class' || !isPlainEnum(project, owner)) return false
  return classAttribute(project.names, owner, attr) !== undefined
}

/** Whether a class is an enumeration whose members are not also strings or numbers. */
function isPlainEnum(project: CeleryProject, referent: ClassReferent): boolean {
  const { external, unknown } = lineage(project.names, referent)
  const plain = external.every((name) => /^(enum\.(Enum|Flag)|builtins\.object)$/.test(name))
  return plain && !unknown && external.some((name) => name.startsWith('enum.')) && !hasJsonForm(project, referent)
}

const jsonTypes = /^builtins\.(dict|list|tuple|str|int|float)$|NamedTuple$|TypedDict$/

function dataclassOf(project: CeleryProject, referent: ClassReferent): 'dataclass' | undefined {
  const isDataclass = referent.node.decorators.some(({ expression }: Decorator) => {
    const named = expression.kind === 'call' ? expression.callee : expression
    return project.externalName(referent.file, named) === 'dataclasses.dataclass'
  })
  const { external, unknown } = lineage(project.names, referent)
  const isKnown = !unknown && !external.some((name) => jsonTypes.test(name))
  return isDataclass && isKnown && !hasJsonForm(project, referent) ? 'dataclass' : undefined
}

/** kombu asks an object for its `__json__` before it gives up. */
const hasJsonForm = (project: CeleryProject, referent: ClassReferent): boolean =>
  findMethod(project.names, referent, '__json__') !== undefined
