/** What can be called on a task, by what it does. Source: celery/app/task.py and celery/contrib/django/task.py of Celery 5.6. */

/** Send a message now; their arguments are the task's own. */
export const delayMethods: ReadonlySet<string> = new Set(['delay', 'delay_on_commit'])

/** Send a message; the first argument is the sequence of the task's arguments. */
export const applyAsyncMethods: ReadonlySet<string> = new Set(['apply_async', 'apply_async_on_commit'])

/** Send a message once the transaction has committed (Celery 5.4 and newer, tasks of the Django base class). */
export const onCommitMethods: ReadonlySet<string> = new Set(['delay_on_commit', 'apply_async_on_commit'])

/** Build a signature from the task's own arguments. */
export const signatureMethods: ReadonlySet<string> = new Set(['s', 'si'])

/** Build a signature; the first argument is the sequence of the task's arguments. */
export const signatureArgsMethods: ReadonlySet<string> = new Set(['signature', 'subtask'])

/** Return a signature or canvas when called on one. */
export const signatureModifiers: ReadonlySet<string> = new Set(['set', 'clone', 'on_error', 'freeze', 'skew'])

/** Functions and classes that combine signatures. */
export const canvasConstructors: ReadonlySet<string> = new Set([
  'celery.chain',
  'celery.group',
  'celery.chord',
  'celery.canvas.chain',
  'celery.canvas.group',
  'celery.canvas.chord',
])

/** Build a signature from a task's name. */
export const signatureConstructors: ReadonlySet<string> = new Set([
  'celery.signature',
  'celery.Signature',
  'celery.canvas.signature',
  'celery.canvas.Signature',
  'celery.subtask',
])
