/** What a task has and what its decorator takes. Source: celery/app/task.py and celery/app/base.py of Celery 5.3 to 5.6. */

/** What values a keyword takes; `any` where more than one kind is in use. */
export type OptionType = 'any' | 'boolean' | 'mapping' | 'number' | 'string'

/**
 * Keywords of `shared_task` and `app.task`. All but the first few become attributes of the task, which is why any other
 * keyword is accepted as well.
 */
export const taskOptions: ReadonlyMap<string, OptionType> = new Map<string, OptionType>([
  ['name', 'string'],
  ['base', 'any'],
  ['bind', 'boolean'],
  ['shared', 'boolean'],
  ['lazy', 'boolean'],
  ['filter', 'any'],
  ['pydantic', 'boolean'],
  ['pydantic_strict', 'boolean'],
  ['pydantic_context', 'mapping'],
  ['pydantic_dump_kwargs', 'mapping'],
  ['acks_late', 'boolean'],
  ['acks_on_failure_or_timeout', 'boolean'],
  ['acks_on_failure', 'boolean'],
  ['acks_on_timeout', 'boolean'],
  ['autoretry_for', 'any'],
  ['backend', 'any'],
  ['compression', 'string'],
  ['default_retry_delay', 'number'],
  ['delivery_mode', 'any'],
  ['dont_autoretry_for', 'any'],
  ['exchange', 'any'],
  ['expires', 'any'],
  ['ignore_result', 'boolean'],
  ['immediate', 'boolean'],
  ['mandatory', 'boolean'],
  ['max_retries', 'number'],
  ['priority', 'number'],
  ['queue', 'any'],
  ['rate_limit', 'any'],
  ['reject_on_worker_lost', 'boolean'],
  ['resultrepr_maxsize', 'number'],
  // A number is a factor for the delays.
  ['retry_backoff', 'any'],
  ['retry_backoff_max', 'number'],
  ['retry_jitter', 'boolean'],
  ['retry_kwargs', 'mapping'],
  ['routing_key', 'any'],
  ['send_events', 'boolean'],
  ['serializer', 'string'],
  ['soft_time_limit', 'number'],
  ['store_eager_result', 'boolean'],
  ['store_errors_even_if_ignored', 'boolean'],
  ['throws', 'any'],
  ['time_limit', 'number'],
  ['track_started', 'boolean'],
  ['trail', 'boolean'],
  ['typing', 'boolean'],
])

/** Methods that a task is meant to replace with its own. */
export const taskHooks: ReadonlySet<string> = new Set([
  'after_return',
  'before_start',
  'on_bound',
  'on_failure',
  'on_replace',
  'on_retry',
  'on_success',
  'shadow_name',
])

/** Methods that Celery itself calls on a task: nothing else may stand in their place. */
export const taskMethods: ReadonlySet<string> = new Set([
  'AsyncResult',
  'add_around',
  'add_to_chord',
  'add_trail',
  'annotate',
  'apply',
  'apply_async',
  'chunks',
  'delay',
  'map',
  'pop_request',
  'push_request',
  'replace',
  'retry',
  'run',
  's',
  'send_event',
  'si',
  'signature',
  'signature_from_request',
  'starmap',
  'start_strategy',
  'subtask',
  'subtask_from_request',
  'update_state',
  // Tasks of the Django base class.
  'apply_async_on_commit',
  'delay_on_commit',
])

/** Every attribute of a task that has no leading underscore. */
export const taskAttributes: ReadonlySet<string> = new Set([
  ...[...taskOptions.keys()].filter((option) => !['base', 'shared', 'lazy', 'filter'].includes(option)),
  ...taskHooks,
  ...taskMethods,
  'MaxRetriesExceededError',
  'OperationalError',
  'Request',
  'Strategy',
  'abstract',
  'app',
  'from_config',
  'request',
  'request_stack',
])

/**
 * The version that an option, a hook or a method of tasks came with, from 5.2 on. Source: `Task` in celery/app/task.py,
 * `_task_from_fun` in celery/app/base.py, celery/app/autoretry.py and celery/contrib/django/task.py of each release, and of
 * what follows 5.6.
 */
export const taskSince: ReadonlyMap<string, string> = new Map([
  ['before_start', '5.2'],
  ['dont_autoretry_for', '5.3'],
  ['on_replace', '5.3'],
  ['apply_async_on_commit', '5.4'],
  ['delay_on_commit', '5.4'],
  ['pydantic', '5.5'],
  ['pydantic_context', '5.5'],
  ['pydantic_dump_kwargs', '5.5'],
  ['pydantic_strict', '5.5'],
  ['acks_on_failure', '5.7'],
  ['acks_on_timeout', '5.7'],
])

/** Options that tasks once had, and the version that ended them. Source: `Task` in the same file of Celery 3.1, 4.0, 5.0 and 5.1. */
export const taskOptionsRemoved: ReadonlyMap<string, string> = new Map([
  ['accept_magic_kwargs', '4.0'],
  ['send_error_emails', '4.0'],
  ['autoregister', '5.1'],
])
