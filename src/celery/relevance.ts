/**
 * Owns the scan that decides from a file's bytes whether it is worth parsing. It may let an irrelevant file through and
 * must never hold back a relevant one: every word here is one without which a file can hold nothing that a rule reads.
 * Files that matter only because another file refers to them are asked for by name while linking.
 */

const words = [
  'celery',
  'shared_task',
  'apply_async',
  '.delay',
  'send_task',
  'on_commit',
  'atomic',
  'crontab',
  'periodic_task',
  'django.db',
  'ATOMIC_REQUESTS',
  'BROKER_URL',
  'DJANGO_SETTINGS_MODULE',
  'INSTALLED_APPS',
]

const pattern = new RegExp(words.map((word) => word.replaceAll('.', '\\.')).join('|'), 'i')

/** Whether a Python file may matter for a review. */
export function isRelevant(path: string, bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false
  // Packages re-export names under a shorter path, and are short themselves.
  if (path.endsWith('__init__.py') && bytes.length < 20_000) return true
  return pattern.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
}

/** Whether the bytes speak of Celery itself. */
export function mentionsCelery(bytes: Uint8Array): boolean {
  return /celery|shared_task/i.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
}
