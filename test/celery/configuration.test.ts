/** Where Celery is told to read its configuration from: modules, classes, objects and mappings. */
import { describe, expect, it } from 'vitest'
import { extractFacts } from '../../src/celery/facts.ts'
import { CeleryProject } from '../../src/celery/project.ts'
import { loadGrammar } from '../../src/python/parse.ts'

await loadGrammar()

function link(files: Record<string, string>): CeleryProject {
  const facts = new Map(Object.entries(files).map(([path, text]) => [path, extractFacts(text)]))
  return new CeleryProject(Object.keys(files), facts)
}

const app = (configure: string) =>
  `from celery import Celery\n\nfrom shop import config\n\napp = Celery("shop")\n${configure}\n`
const config = `
class Base:
    timezone = "Europe/Berlin"
    task_time_limit = 30


class Config(Base):
    task_time_limit = 60
    beat_schedule = {"tidy": {"task": "shop.tasks.tidy", "schedule": 60}}


class Other:
    beat_schedule = {"other": {"task": "shop.tasks.other", "schedule": 60}}


prefixed = {"SHOP_TASK_TIME_LIMIT": 60, "SHOP_BEAT_SCHEDULE": {"tidy": {"task": "shop.tasks.tidy", "schedule": 60}}}
plain = {"task_time_limit": 60, "beat_schedule": {"tidy": {"task": "shop.tasks.tidy", "schedule": 60}}}
made = Config()
`
const project = (configure: string) =>
  link({ 'shop/__init__.py': '', 'shop/app.py': app(configure), 'shop/config.py': config })
const entries = ({ beatEntries }: CeleryProject) => beatEntries.map(({ key }) => key)

describe('the configuration', () => {
  it.each([
    'app.config_from_object(config.Config)',
    'app.config_from_object(config.Config())',
    'app.config_from_object(config.made)',
    'app.config_from_object(config.plain)',
    'app.config_from_object("shop.config:Config")',
    'app.config_from_object("shop.config.Config")',
    'app.config_from_object(obj="shop.config:plain")',
    'app.config_from_object(config.prefixed, namespace="SHOP")',
    'app.conf.update(config.plain)',
    'app.conf.update(**config.plain)',
    'app = Celery("shop", config_source="shop.config:Config")',
    'app.config_from_object({"beat_schedule": {"tidy": {"task": "shop.tasks.tidy", "schedule": 60}}})',
  ])('is read through `%s`', (configure) => {
    expect(entries(project(configure))).toEqual(['tidy'])
  })

  it.each(['', 'app.config_from_object(config)', 'app.config_from_object(load("shop.config:Config"))'])(
    'is not read from what nobody is given: `%s`',
    (configure) => expect(entries(project(configure))).toEqual([]),
  )

  it('takes what a class sets before what its base does', () => {
    const { settings } = project('app.config_from_object(config.Config)')
    expect(settings.map(({ key, value }) => [key, value.kind === 'number' ? value.value : value.kind])).toEqual([
      ['task_time_limit', 60],
      ['beat_schedule', 'dict'],
      ['timezone', 'string'],
    ])
    expect(settings.every(({ conditional }) => !conditional)).toBe(true)
  })

  it('says each thing once where two classes share a base', () => {
    const { settings } = project('app.config_from_object(config.Config)\napp.config_from_object(config.Base)')
    expect(settings.filter(({ key }) => key === 'timezone')).toHaveLength(1)
  })

  it('may be another one in an object whose class reads the environment', () => {
    const files = {
      'shop/app.py': app('app.config_from_object(config.Settings())'),
      'shop/config.py':
        'from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    task_time_limit: int = 60\n',
      'shop/__init__.py': '',
    }
    expect(link(files).settings).toMatchObject([{ key: 'task_time_limit', conditional: true }])
  })

  it('is read from a module without the classes in it', () => {
    const files = {
      'shop/app.py': app('app.config_from_object("shop.config")'),
      'shop/config.py': `beat_schedule = {"tidy": {"task": "shop.tasks.tidy", "schedule": 60}}\n${config}`,
      'shop/__init__.py': '',
    }
    expect(entries(link(files))).toEqual(['tidy'])
  })
})
