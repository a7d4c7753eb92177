/** Owns the numbers and strings that an expression stands for whenever it runs: literals, arithmetic, named constants and durations. */
import type { Call, Expr, StringLiteral } from '../python/syntax.ts'
import type { Names } from './names.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

/** Constants that refer to each other in a circle, and arithmetic deeper than anyone writes, end here. */
const MAX_DEPTH = 20

/** Seconds in each argument of `datetime.timedelta`, in the order of its positional arguments. */
const unitSeconds: ReadonlyMap<string, number> = new Map([
  ['days', 86_400],
  ['seconds', 1],
  ['microseconds', 1e-6],
  ['milliseconds', 1e-3],
  ['minutes', 60],
  ['hours', 3_600],
  ['weeks', 604_800],
])
const units = [...unitSeconds.keys()]

/**
 * The number that an expression always is, names that are assigned once followed across files; undefined when it may be
 * another one. `timedelta(…).total_seconds()` is the number of its seconds. `True` is no number here, whatever Python says.
 */
export function numberOf(project: CeleryProject, file: ProjectFile, expr: Expr): number | undefined {
  const number = fold(project.names, file, expr, 0)
  return number !== undefined && Number.isFinite(number) ? number : undefined
}

/**
 * What two expressions have in common that are always the same number, whatever that is: the name of something outside the
 * project, the place of a value that is computed once, and arithmetic with them. Undefined for what may differ each time.
 */
export function sameness(project: CeleryProject, file: ProjectFile, expr: Expr, depth = 0): string | undefined {
  const number = numberOf(project, file, expr)
  if (number !== undefined) return String(number)
  if (depth > MAX_DEPTH) return undefined
  if (expr.kind === 'binary') {
    const [left, right] = [expr.left, expr.right].map((side) => sameness(project, file, side, depth + 1))
    return left !== undefined && right !== undefined ? `(${left} ${expr.operator} ${right})` : undefined
  }
  const referent = expr.kind === 'name' || expr.kind === 'attribute' ? project.resolve(file, expr) : undefined
  if (referent?.kind === 'external') return referent.name.startsWith('builtins.') ? undefined : referent.name
  if (referent?.kind !== 'value' || referent.expr.kind === 'constant') return undefined
  return `${referent.file.path}:${referent.expr.start}`
}

/** The seconds of a `timedelta(…)` that is always the same; undefined for anything else. */
export function secondsOf(project: CeleryProject, file: ProjectFile, expr: Expr): number | undefined {
  return seconds(project.names, file, expr, 0)
}

/** Longer strings are no names of tasks: django-celery-beat's column takes 200 characters. */
const MAX_NAME_LENGTH = 255

/** The string that an expression is, or that the name it gives was assigned. */
export function literalString(
  names: Names,
  file: ProjectFile,
  expr: Expr | undefined,
): { file: ProjectFile; literal: StringLiteral } | undefined {
  const referent = expr?.kind === 'string' ? { kind: 'value' as const, file, expr } : expr && names.follow(file, expr)
  if (referent?.kind !== 'value') return undefined
  const { file: where, expr: literal } = referent
  if (literal.kind !== 'string' || literal.bytes || literal.value.length > MAX_NAME_LENGTH) return undefined
  return { file: where, literal }
}

function fold(names: Names, file: ProjectFile, expr: Expr, depth: number): number | undefined {
  if (depth > MAX_DEPTH) return undefined
  switch (expr.kind) {
    case 'number':
      return expr.value
    case 'unary': {
      const operand = fold(names, file, expr.operand, depth + 1)
      if (operand === undefined) return undefined
      return expr.operator === '-' ? -operand : expr.operator === '+' ? operand : undefined
    }
    case 'binary': {
      const left = fold(names, file, expr.left, depth + 1)
      const right = fold(names, file, expr.right, depth + 1)
      return left === undefined || right === undefined ? undefined : calculated(left, expr.operator, right)
    }
    case 'name':
    case 'attribute': {
      const referent = names.follow(file, expr)
      return referent?.kind === 'value' ? fold(names, referent.file, referent.expr, depth + 1) : undefined
    }
    case 'call':
      return calledNumber(names, file, expr, depth)
  }
  return undefined
}

function calculated(left: number, operator: string, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '//':
      return Math.floor(left / right)
    case '**':
      return left ** right
  }
  return undefined
}

/** `int(…)`, `float(…)` and `timedelta(…).total_seconds()`. */
function calledNumber(names: Names, file: ProjectFile, call: Call, depth: number): number | undefined {
  const { callee, args } = call
  if (callee.kind === 'attribute' && callee.attr === 'total_seconds' && args.length === 0)
    return seconds(names, file, callee.value, depth + 1)
  const [only, ...others] = args
  const called = names.calleeName(file, call)
  if (!only || only.name || only.unpack || others.length > 0) return undefined
  const number = fold(names, file, only.value, depth + 1)
  if (called === 'builtins.float') return number
  return called === 'builtins.int' && number !== undefined ? Math.trunc(number) : undefined
}

/** The seconds of `timedelta(…)`, or of a name that was assigned one. */
function seconds(names: Names, file: ProjectFile, expr: Expr, depth: number): number | undefined {
  if (depth > MAX_DEPTH) return undefined
  if (expr.kind !== 'call') {
    const referent = names.follow(file, expr)
    return referent?.kind === 'value' ? seconds(names, referent.file, referent.expr, depth + 1) : undefined
  }
  if (names.calleeName(file, expr) !== 'datetime.timedelta') return undefined
  let total = 0
  for (const [index, arg] of expr.args.entries()) {
    const unit = unitSeconds.get(arg.name ?? units[index] ?? '')
    const count = arg.unpack || unit === undefined ? undefined : fold(names, file, arg.value, depth + 1)
    if (unit === undefined || count === undefined) return undefined
    total += count * unit
  }
  return total
}
