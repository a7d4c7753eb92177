/** Owns points in time as code writes them: how far from now they are, and which clock they were read from. */
import type { Call, Expr } from '../python/syntax.ts'
import { secondsOf } from './constants.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'

export interface Moment {
  /** `aware` carries its time zone; `local` and `utc` are naive, and read from the clock of the process or in UTC. */
  readonly clock: 'aware' | 'local' | 'utc'
  /** Seconds from now, where they are always the same. */
  readonly ahead?: number
  /** The call that reads the clock. */
  readonly file: ProjectFile
  readonly now: Call
}

/** Names that lead to each other end here. */
const MAX_DEPTH = 8

/** The point in time that an expression computes from the clock: `timezone.now() + timedelta(hours=2)`. */
export function momentOf(project: CeleryProject, file: ProjectFile, expr: Expr, depth = 0): Moment | undefined {
  if (depth > MAX_DEPTH) return undefined
  switch (expr.kind) {
    case 'name': {
      const value = project.resolve(file, expr)
      return value?.kind === 'value' ? momentOf(project, value.file, value.expr, depth + 1) : undefined
    }
    case 'binary': {
      const { left, operator, right } = expr
      // `timedelta(hours=2) + timezone.now()`
      if (operator === '+' && isDuration(project, file, left)) return shifted(project, file, right, '+', left, depth)
      return shifted(project, file, left, operator, right, depth)
    }
    case 'call':
      return read(project, file, expr) ?? replaced(project, file, expr, depth)
  }
  return undefined
}

function shifted(
  project: CeleryProject,
  file: ProjectFile,
  left: Expr,
  operator: string,
  right: Expr,
  depth: number,
): Moment | undefined {
  if (operator !== '+' && operator !== '-') return undefined
  const moment = momentOf(project, file, left, depth + 1)
  if (!moment) return undefined
  // The difference of two points in time is none.
  if (operator === '-' && !isDuration(project, file, right)) return undefined
  const seconds = secondsOf(project, file, right)
  const ahead =
    moment.ahead === undefined || seconds === undefined
      ? undefined
      : moment.ahead + (operator === '+' ? seconds : -seconds)
  return { ...moment, ahead }
}

function isDuration(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  const referent = expr.kind === 'call' ? undefined : project.resolve(file, expr)
  const made = referent?.kind === 'value' ? referent : { file, expr }
  const name = made.expr.kind === 'call' ? project.externalName(made.file, made.expr.callee) : undefined
  return name === 'datetime.timedelta' || name === 'dateutil.relativedelta.relativedelta'
}

/** A call that reads the clock. */
function read(project: CeleryProject, file: ProjectFile, call: Call): Moment | undefined {
  const clock = clockOf(project.externalName(file, call.callee), call.args.length > 0)
  return clock && { clock, ahead: 0, file, now: call }
}

function clockOf(name: string | undefined, hasArguments: boolean): Moment['clock'] | undefined {
  switch (name) {
    case 'django.utils.timezone.now':
    case 'django.utils.timezone.localtime':
      return 'aware'
    case 'datetime.datetime.now':
      return hasArguments ? 'aware' : 'local'
    case 'datetime.datetime.today':
      return 'local'
    case 'datetime.datetime.utcnow':
      return 'utc'
  }
  return undefined
}

/** `moment.replace(hour=3)`: at some other time, by the same clock. */
function replaced(
  project: CeleryProject,
  file: ProjectFile,
  { callee, args }: Call,
  depth: number,
): Moment | undefined {
  if (callee.kind !== 'attribute' || callee.attr !== 'replace') return undefined
  const moment = momentOf(project, file, callee.value, depth + 1)
  if (!moment || args.some((arg) => arg.unpack)) return undefined
  return { ...moment, clock: args.some((arg) => arg.name === 'tzinfo') ? 'aware' : moment.clock, ahead: undefined }
}
