/** Whether the requests of a project run in transactions, by its settings. */
import { beforeAll, expect, it } from 'vitest'
import { hasAtomicRequests } from '../../src/celery/atomic-requests.ts'
import { extractFacts } from '../../src/celery/facts.ts'
import { CeleryProject } from '../../src/celery/project.ts'
import { loadGrammar } from '../../src/python/parse.ts'

beforeAll(loadGrammar)

const inSettings = (code: string, path = 'shop/settings.py') =>
  hasAtomicRequests(new CeleryProject([path], new Map([[path, extractFacts(code)]])))

it.each([
  'DATABASES = {"default": {"ENGINE": "x", "ATOMIC_REQUESTS": True}}',
  'DATABASES = {"default": env.db()}\nDATABASES["default"]["ATOMIC_REQUESTS"] = True',
  'DATABASES = {"default": dict(ENGINE="x", ATOMIC_REQUESTS=True)}',
  'DATABASES = {"default": {"ATOMIC_REQUESTS": env.bool("ATOMIC_REQUESTS")}}',
  'DATABASES = {"default": {"ATOMIC_REQUESTS": env.bool("ATOMIC_REQUESTS", default=True)}}',
])('is on: %s', (code) => expect(inSettings(code)).toBe(true))

it.each([
  'DATABASES = {"default": {"ENGINE": "x"}}',
  'DATABASES = {"default": {"ENGINE": "x", "ATOMIC_REQUESTS": False}}',
  'DATABASES = {"default": {"ENGINE": "x"}}\nATOMIC_REQUESTS = True',
  'DATABASES = {"default": {"ATOMIC_REQUESTS": env.bool("ATOMIC_REQUESTS", default=False)}}',
  'DATABASES = {"default": {"ATOMIC_REQUESTS": config("ATOMIC_REQUESTS", False, cast=bool)}}',
])('is off: %s', (code) => expect(inSettings(code)).toBe(false))

it('is off where no settings name databases', () => {
  expect(inSettings('DEBUG = True')).toBe(false)
  expect(inSettings('OPTIONS = {"ATOMIC_REQUESTS": True}', 'shop/views.py')).toBe(false)
})
