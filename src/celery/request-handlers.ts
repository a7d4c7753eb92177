/** Owns which functions Django calls to answer a request, as far as their classes, decorators and parameters show it. */
import type { ClassDef, Expr, FunctionDef } from '../python/syntax.ts'
import { enclosingClass } from '../python/walk.ts'
import { lineage } from './classes.ts'
import type { Names } from './names.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

const viewClasses = /^(django\.views|django\.contrib\.\w+\.views|rest_framework\.(views|generics|viewsets|mixins))\./
/** What the views of Django and of Django REST framework call for a request. */
const handlers: ReadonlySet<string> = new Set([
  ...['get', 'post', 'put', 'patch', 'delete', 'dispatch'],
  ...['list', 'retrieve', 'create', 'update', 'partial_update', 'destroy'],
])
const actions = /^rest_framework\.decorators\.(action|detail_route|list_route)$/
/** The decorators of the methods that answer requests in a controller of Django Ninja Extra. */
const controllerRoutes = /^ninja_extra\.(?:\w+\.)*(?:route\.(?:get|post|put|patch|delete|generic)|http_\w+)$/
/** The admin of Django, and those that derive from it. Whatever of their methods takes the request answers it. */
const adminClasses = /^django\.contrib\.admin\.|\badmin\.(?:\w+\.)*\w*ModelAdmin$/
const nonAtomic = 'django.db.transaction.non_atomic_requests'

/**
 * The functions and methods that run inside the transaction that `ATOMIC_REQUESTS` opens. Source:
 * django/core/handlers/base.py, make_view_atomic; it does not cover asynchronous views.
 */
export function* atomicHandlers(project: CeleryProject): Generator<{ file: ProjectFile; node: FunctionDef }> {
  const { names } = project
  const exempt = exemptViews(project)
  for (const file of project.files.values()) {
    if (file.isTest || file.isMigration) continue
    for (const node of file.functions) {
      const owner = enclosingClass(node)
      if (node.async || exempt.has(node) || (owner && exempt.has(owner))) continue
      if (owner ? isHandler(names, file, owner, node) : isViewFunction(node)) yield { file, node }
    }
  }
}

const isViewFunction = (node: FunctionDef): boolean =>
  node.parent?.kind === 'module' && node.parameters[0]?.name === 'request'

function isHandler(names: Names, file: ProjectFile, owner: ClassDef, node: FunctionDef): boolean {
  const isDecoratedBy = (decorators: RegExp) =>
    node.decorators.some(({ expression }) => {
      const callee = expression.kind === 'call' ? expression.callee : expression
      return decorators.test(names.externalName(file, callee) ?? '')
    })
  if (isDecoratedBy(controllerRoutes)) return true
  const takesRequest = node.parameters[1]?.name === 'request'
  if (!takesRequest && !handlers.has(node.name) && !isDecoratedBy(actions)) return false
  const { external } = lineage(names, { kind: 'class', file, node: owner })
  if (takesRequest && external.some((name) => adminClasses.test(name))) return true
  return (handlers.has(node.name) || isDecoratedBy(actions)) && external.some((name) => viewClasses.test(name))
}

/** What `non_atomic_requests` is applied to: by a decorator, through `method_decorator`, or where the view is routed. */
function exemptViews({ names, files }: CeleryProject): ReadonlySet<FunctionDef | ClassDef> {
  const exempt = new Set<FunctionDef | ClassDef>()
  for (const file of files.values()) {
    if (!file.mentions('non_atomic_requests')) continue
    const isExempting = (expr: Expr): boolean => {
      if (names.externalName(file, expr) === nonAtomic) return true
      if (expr.kind !== 'call') return false
      return isExempting(expr.callee) || expr.args.some(({ value }) => isExempting(value))
    }
    for (const node of [...file.functions, ...file.classes]) {
      if (!node.decorators.some(({ expression }) => isExempting(expression))) continue
      exempt.add(node)
      const owner = node.kind === 'function' && node.name === 'dispatch' ? enclosingClass(node) : undefined
      if (owner) exempt.add(owner)
    }
    for (const call of file.calls) {
      if (!isExempting(call.callee)) continue
      for (const { value } of call.args) {
        const view = value.kind === 'call' && value.callee.kind === 'attribute' ? value.callee.value : value
        const referent = names.follow(file, view)
        if (referent?.kind === 'function' || referent?.kind === 'class') exempt.add(referent.node)
      }
    }
  }
  return exempt
}
