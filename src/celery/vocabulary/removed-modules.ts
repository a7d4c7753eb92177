/**
 * Modules and names of Celery's that Celery 5 does not have any more, and where their content is now.
 * Source: the deprecation timeline and "What's new in Celery 5.0"; each was tried with Celery 5.
 */

/** Each with the module that has all of its names now, or undefined where there is none. */
export const removedModules: ReadonlyMap<string, string | undefined> = new Map([
  ['celery.task', undefined],
  ['celery.task.base', undefined],
  ['celery.task.control', undefined],
  ['celery.task.http', undefined],
  ['celery.task.schedules', 'celery.schedules'],
  ['celery.task.sets', undefined],
  ['celery.task.trace', undefined],
  ['celery.decorators', undefined],
  ['celery.utils.encoding', 'kombu.utils.encoding'],
  ['celery.contrib.batches', undefined],
  ['celery.backends.amqp', undefined],
  ['djcelery', undefined],
])
