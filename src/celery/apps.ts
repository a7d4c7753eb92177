/** Owns recognising Celery application objects, however the project names and passes them. */
import type { Call, Expr, Node } from '../python/syntax.ts'
import { descendants, dottedName } from '../python/walk.ts'
import { inheritsFrom } from './classes.ts'
import type { FileFacts } from './facts.ts'
import type { Names, Referent } from './names.ts'
import type { ProjectFile } from './project-file.ts'

/** A module that, by its looks, makes an application; asked before names can be resolved. */
export interface ApplicationModule {
  readonly path: string
  /** Names without dots by which it and its neighbours import modules. */
  readonly imports: ReadonlySet<string>
}

/** The modules that call something named `Celery` at their top level. */
export function applicationsIn(facts: ReadonlyMap<string, FileFacts>): ApplicationModule[] {
  const paths = [...facts].flatMap(([path, one]) => (looksLikeOne(one) ? [path] : []))
  const directoryOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
  return paths.map((path) => {
    const neighbours = [...facts].filter(([other]) => directoryOf(other) === directoryOf(path))
    return { path, imports: new Set(neighbours.flatMap(([, { module }]) => module.body.flatMap(plainImports))) }
  })
}

const known = new WeakMap<FileFacts, boolean>()

function looksLikeOne(facts: FileFacts): boolean {
  let is = known.get(facts)
  if (is === undefined) {
    is = facts.module.body.some(makesOne)
    known.set(facts, is)
  }
  return is
}

function makesOne(statement: Node): boolean {
  if (statement.kind !== 'assign' || statement.value?.kind !== 'call') return false
  return /(^|\.)Celery$/.test(dottedName(statement.value.callee) ?? '')
}

function plainImports(statement: Node): string[] {
  if (statement.kind === 'import') return statement.names.map(({ name }) => name).filter((name) => !name.includes('.'))
  const isPlain = statement.kind === 'import-from' && statement.level === 0 && !statement.module.includes('.')
  return isPlain ? [statement.module] : []
}

const appClasses = new Set(['celery.Celery', 'celery.app.Celery', 'celery.app.base.Celery'])
const currentApp = new Set(['celery.current_app', 'celery._state.current_app', 'celery.app.app_or_default'])

/** Whether an expression is a Celery application. */
export function isApp(names: Names, file: ProjectFile, expr: Expr): boolean {
  return isAppReferent(names, names.follow(file, expr))
}

function isAppReferent(names: Names, referent: Referent | undefined): boolean {
  if (!referent) return false
  if (referent.kind === 'external') return currentApp.has(referent.name) || looksLikeApp(referent.name)
  if (referent.kind !== 'value') return false
  const { file, expr } = referent
  return (expr.kind === 'call' && makesApp(names, file, expr)) || isCalledApp(names, file, expr)
}

/** An application imported from a module that is not at hand: `from acme.celery import app`, `from acme import celery_app`. */
const looksLikeApp = (name: string) =>
  /(^|\.)celery(_?app)?\.(celery_?app|app|celery)$|\.celery_app$/.test(name) && !name.startsWith('celery.')

/** What applications, and what makes them, are called: `celery_app`, `make_celery`, `acme.NotifyCelery`. */
const appName = /(^|[._])celery(_?app|_class)?$|Celery(App)?$/

/**
 * Whether a value is an application by what the code calls it, where what it is made of cannot be seen: `app: Celery = Proxy(…)`,
 * `celery_class("shop")`, `NotifyCelery()` of some library, `flask_app.extensions["celery"]`.
 */
function isCalledApp(names: Names, file: ProjectFile, expr: Expr): boolean {
  const { parent } = expr
  if (parent?.kind === 'assign' && parent.annotation) {
    const annotated = names.follow(file, parent.annotation)
    if (annotated?.kind === 'external' && appClasses.has(annotated.name)) return true
  }
  if (expr.kind === 'attribute') return appName.test(expr.attr)
  if (expr.kind === 'subscript') return expr.index[0]?.kind === 'string' && appName.test(expr.index[0].value)
  if (expr.kind !== 'call') return false
  const made = names.follow(file, expr.callee)
  if (made?.kind === 'class') return false
  if (made?.kind === 'external') return appName.test(made.name) && !made.name.startsWith('celery.')
  if (made?.kind === 'function') return appName.test(made.node.name) && returnsCalledApp(names, made)
  return appName.test(dottedName(expr.callee) ?? '')
}

/** Whether a call creates an application: `Celery(…)`, a subclass of it, or a function of the project that returns one. */
export function makesApp(names: Names, file: ProjectFile, call: Call): boolean {
  const made = names.follow(file, call.callee)
  if (made?.kind === 'external') return appClasses.has(made.name)
  if (made?.kind === 'class') return inheritsFrom(names, made, appClasses)
  if (made?.kind !== 'function') return false
  return names.remember(made.file, `application ${made.node.start}`, () => returnsApp(names, made))
}

/** Whether a function returns something that is an application by what the code calls it. */
const returnsCalledApp = (names: Names, { file, node }: Extract<Referent, { kind: 'function' }>): boolean =>
  [...descendants(node)].some(
    (inner) => inner.kind === 'return' && inner.value !== undefined && isCalledApp(names, file, inner.value),
  )

/** Whether a file makes an application anywhere. */
export const makesAnyApp = (names: Names, file: ProjectFile): boolean =>
  names.remember(file, 'makes an application', () => file.calls.some((call) => makesApp(names, file, call)))

function returnsApp(names: Names, { file, node }: Extract<Referent, { kind: 'function' }>): boolean {
  for (const inner of descendants(node)) {
    if (inner.kind !== 'return' || !inner.value) continue
    const { value } = inner
    if (value.kind === 'call' && callsAppClass(names, file, value)) return true
    if (value.kind === 'name') {
      const local = names.resolve(file, value)
      if (local?.kind === 'value' && local.expr.kind === 'call' && callsAppClass(names, local.file, local.expr))
        return true
    }
  }
  return false
}

function callsAppClass(names: Names, file: ProjectFile, call: Call): boolean {
  const made = names.follow(file, call.callee)
  if (made?.kind === 'external') return appClasses.has(made.name)
  return made?.kind === 'class' && inheritsFrom(names, made, appClasses)
}
