/** What an entry of Beat's schedule has. */

/** Arguments of `ScheduleEntry`, `name` and `app` included. Source: celery/beat.py of Celery 5.3 to 5.6. */
export const beatEntryKeys: ReadonlySet<string> = new Set([
  'task',
  'schedule',
  'args',
  'kwargs',
  'options',
  'relative',
  'name',
  'app',
  'last_run_at',
  'total_run_count',
])

/** Fields of `PeriodicTask` that its scheduler also takes from an entry. Source: django_celery_beat/models.py, 2.5 to 2.8. */
export const periodicTaskFields: ReadonlySet<string> = new Set([
  'date_changed',
  'description',
  'enabled',
  'exchange',
  'expire_seconds',
  'expires',
  'headers',
  'one_off',
  'priority',
  'queue',
  'routing_key',
  'start_time',
])

/** What its scheduler keeps of an entry's `options`. Source: `_unpack_options` in django_celery_beat/schedulers.py, 2.5 to 2.8. */
export const periodicTaskOptions: ReadonlySet<string> = new Set([
  'queue',
  'exchange',
  'routing_key',
  'priority',
  'headers',
  'expire_seconds',
])
