/** Owns what is known of where a project keeps the results of its tasks. */
import type { Expr } from '../python/syntax.ts'

/** Whether a value of `result_backend` keeps nothing. Source: `BACKEND_ALIASES` in celery/app/backends.py. */
export const isNoBackend = (expr: Expr): boolean =>
  expr.kind === 'constant' || (expr.kind === 'string' && /^$|^disabled\b/.test(expr.value))
