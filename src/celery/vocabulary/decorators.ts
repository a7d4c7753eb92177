/** Decorators that hand on the arguments they are given and know nothing of tasks. Source: Django's documentation. */
export const plainDecorators: ReadonlySet<string> = new Set([
  'django.db.transaction.atomic',
  'django.db.transaction.non_atomic_requests',
  'django.utils.timezone.override',
  'django.utils.translation.override',
])
