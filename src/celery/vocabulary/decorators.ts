/** Decorators that hand on the arguments they are given and know nothing of tasks. Source: Django's documentation. */
export const plainDecorators: ReadonlySet<string> = new Set([
  'django.db.transaction.atomic',
  'django.db.transaction.non_atomic_requests',
  'django.utils.timezone.override',
  'django.utils.translation.override',
])

/**
 * Decorators that return a plain function, whatever they are given. Source: functools of Python 3, Django 3.2 to
 * 5.2, tenacity 9, backoff 2 and retry 0.9.
 */
export const wrappingDecorators: ReadonlySet<string> = new Set([
  'functools.cache',
  'functools.lru_cache',
  'django.db.transaction.atomic',
  'django.utils.timezone.override',
  'django.utils.translation.override',
  'django.views.decorators.debug.sensitive_variables',
  'backoff.on_exception',
  'backoff.on_predicate',
  'retry.retry',
  'tenacity.retry',
])

/** Decorators that hand on the arguments they are given, as they are. Source: as above, and the packages' own code. */
export const forwardingDecorators: ReadonlySet<string> = new Set([
  ...plainDecorators,
  ...wrappingDecorators,
  'ddtrace.tracer.wrap',
  'edx_django_utils.monitoring.set_code_owner_attribute',
  'newrelic.agent.background_task',
  'newrelic.agent.function_trace',
  'sentry_sdk.trace',
  'sentry_sdk.tracing.trace',
])
