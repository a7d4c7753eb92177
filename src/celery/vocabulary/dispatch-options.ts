/**
 * Options of a message. Source: `apply_async`, `retry` and `apply` in celery/app/task.py, `send_task` in celery/app/base.py,
 * `as_task_v2` and `send_task_message` in celery/app/amqp.py of Celery 5.3 to 5.6, and `publish` in kombu/messaging.py.
 */
import type { OptionType } from './tasks.ts'

/** Keywords of `apply_async`, and options of a beat entry, of `.set()` and of `retry`. */
export const dispatchOptions: ReadonlyMap<string, OptionType> = new Map<string, OptionType>([
  ['task_id', 'any'],
  ['countdown', 'number'],
  ['eta', 'any'],
  ['expires', 'any'],
  ['queue', 'any'],
  ['exchange', 'any'],
  ['exchange_type', 'string'],
  ['routing_key', 'string'],
  ['priority', 'number'],
  ['serializer', 'string'],
  ['compression', 'string'],
  ['retry', 'boolean'],
  ['retry_policy', 'mapping'],
  ['link', 'any'],
  ['link_error', 'any'],
  ['time_limit', 'number'],
  ['soft_time_limit', 'number'],
  ['ignore_result', 'boolean'],
  ['headers', 'mapping'],
  ['shadow', 'string'],
  ['producer', 'any'],
  ['publisher', 'any'],
  ['connection', 'any'],
  ['router', 'any'],
  ['route_name', 'string'],
  ['result_cls', 'any'],
  ['add_to_parent', 'boolean'],
  ['group_id', 'any'],
  ['group_index', 'number'],
  ['retries', 'number'],
  ['chord', 'any'],
  ['chain', 'any'],
  ['callbacks', 'any'],
  ['errbacks', 'any'],
  ['reply_to', 'any'],
  ['root_id', 'any'],
  ['parent_id', 'any'],
  ['task_type', 'any'],
  ['replaced_task_nesting', 'number'],
  ['stamped_headers', 'any'],
  ['origin', 'string'],
  ['argsrepr', 'string'],
  ['kwargsrepr', 'string'],
  ['now', 'any'],
  ['timezone', 'any'],
  ['create_sent_event', 'boolean'],
  ['delivery_mode', 'any'],
  ['declare', 'any'],
  ['timeout', 'number'],
  ['confirm_timeout', 'number'],
  ['mandatory', 'boolean'],
  ['immediate', 'boolean'],
  ['content_type', 'string'],
  ['content_encoding', 'string'],
  ['expiration', 'number'],
  ['correlation_id', 'any'],
])

/**
 * The version that a keyword of `apply_async` came with, from 5.3 on. What kombu itself takes from the keywords, such as
 * `confirm_timeout`, depends on its version and not on Celery's. Source: `as_task_v2` in celery/app/amqp.py of each release.
 */
export const dispatchOptionSince: ReadonlyMap<string, string> = new Map([
  ['stamped_headers', '5.3'],
  ['replaced_task_nesting', '5.4'],
])

/** Keywords of `apply`, which runs the task at once. */
export const applyOptions: ReadonlySet<string> = new Set([
  'link',
  'link_error',
  'task_id',
  'retries',
  'throw',
  'logfile',
  'loglevel',
  'headers',
])
