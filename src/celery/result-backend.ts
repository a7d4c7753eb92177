/** Owns what is known of where a project keeps the results of its tasks. */
import type { Expr } from '../python/syntax.ts'
import type { CeleryProject } from './project.ts'

/** Whether a value of `result_backend` keeps nothing. Source: `BACKEND_ALIASES` in celery/app/backends.py. */
export const isNoBackend = (expr: Expr): boolean =>
  expr.kind === 'constant' || (expr.kind === 'string' && /^$|^disabled\b/.test(expr.value))

/** Whether all settings say that no results are kept. Where none speaks of it, the environment may. */
export function keepsNoResults(project: CeleryProject): boolean {
  const settings = project.settingsFor('result_backend')
  return settings.length > 0 && settings.every(({ value }) => isNoBackend(value))
}
