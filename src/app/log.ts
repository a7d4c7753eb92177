/** Owns the log, which is Probot's. What is logged names deliveries, jobs and commits; never code, comments or tokens. */
import type { Probot } from 'probot'
import { UserError } from '../core/errors.ts'
import { GitHubFailure } from '../github/failure.ts'

export type Log = Probot['log']

/** Under which pino keeps how things are shown, for a log and all that came from it: https://getpino.io/#/docs/api?id=pino-symbols */
const serializers = Symbol.for('pino.serializers')

/** Has the log, and Probot with it, show errors as `describeError` does: Probot hangs the whole webhook on its own. */
export function withoutCode(log: Log): Log {
  Object.assign((log as unknown as Record<symbol, object>)[serializers]!, { err: describeError })
  return log
}

/**
 * An error without what it might quote of reviewed code: a broken JSON is quoted by whoever cannot read it. The words of
 * systems and databases, which have codes, are kept, as are our own.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name: type, message, stack = '' } = error
  const { code } = error as NodeJS.ErrnoException
  const isHarmless = code !== undefined || error instanceof GitHubFailure || error instanceof UserError
  const places = stack.split('\n').filter((line) => /^ +at /.test(line))
  return { type, ...(code === undefined ? {} : { code }), ...(isHarmless ? { message } : {}), stack: places.join('\n') }
}
