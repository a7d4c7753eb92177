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
  'AppConfig',
  'ATOMIC_REQUESTS',
  'django.dispatch',
  'BROKER_URL',
  'DJANGO_SETTINGS_MODULE',
  'INSTALLED_APPS',
]

/** Whoever imports from a module of tasks may call one as a function, and need say nothing else that tells. */
const importsTasks = String.raw`^[ \t]*(?:from[ \t]+[\w.]*?|(?:from[ \t]+[\w.]+[ \t]+)?import\b.*?)\b\w*tasks?\b`

const anyOf = (list: readonly string[], ...patterns: readonly string[]) =>
  new RegExp([...list.map((word) => word.replaceAll('.', '\\.')), ...patterns].join('|'), 'im')
const wordsFor: Record<PathKind, RegExp> = {
  // Every migration imports `django.db`, and hardly any sends a task.
  migration: anyOf(words.filter((word) => word !== 'atomic')),
  // Few rules look into tests, and nothing in the project depends on them: into those that speak of the commit, and into
  // those that assert that something is not sent.
  test: /on_commit|^(?=[\s\S]*assert_not_called)[\s\S]*(?:\.delay|apply_async)/i,
  package: anyOf([...words, 'django.db'], importsTasks),
  module: anyOf([...words, 'django.db'], importsTasks),
}

const testPath = /(^|\/)(tests?|testing|factories)(\/|\.py$)|(^|\/)(test_[^/]*|[^/]*_tests?|conftest|factories)\.py$/

/** No module can be imported from a directory whose name starts with a dot: what lies there is the material of some tool. */
const hiddenPath = /(^|\/)\.[^/]+\//

/** What a path says about its file; with the content it decides on relevance. */
export type PathKind = 'package' | 'migration' | 'test' | 'module'

export function pathKind(path: string): PathKind {
  if (testPath.test(path) || hiddenPath.test(path)) return 'test'
  if (path.endsWith('__init__.py')) return 'package'
  return /(^|\/)migrations\//.test(path) ? 'migration' : 'module'
}

/** Whether a Python file may matter for a review. */
export function isRelevant(kind: PathKind, bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false
  // Packages re-export names under a shorter path, and are short themselves.
  if (kind === 'package' && bytes.length < 20_000) return true
  return wordsFor[kind].test(latin1(bytes))
}

/** Whether the bytes speak of Celery itself. */
export const mentionsCelery = (bytes: Uint8Array): boolean => /celery|shared_task/i.test(latin1(bytes))

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
