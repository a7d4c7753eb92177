/** Packages that are put on Python's path themselves, as imports tell. */
import { beforeAll, describe, expect, it } from 'vitest'
import { extractFacts } from '../../src/celery/facts.ts'
import { findImportRoots } from '../../src/celery/import-roots.ts'
import { loadGrammar } from '../../src/python/parse.ts'

beforeAll(loadGrammar)

function roots(files: Record<string, string>): string[] {
  const facts = new Map(Object.entries(files).map(([path, text]) => [path, extractFacts(text)]))
  return findImportRoots(Object.keys(files), facts)
}

const packages = { 'apps/__init__.py': '', 'apps/geo/__init__.py': '', 'apps/lead/__init__.py': '' }
const modules = { 'apps/geo/tasks.py': '', 'apps/lead/models.py': '' }

describe('a package is a root', () => {
  it('when several files import several of its members as if they lay at the top', () => {
    const importing = {
      'apps/geo/views.py': 'from geo.tasks import load\nfrom lead.models import Lead',
      'apps/lead/views.py': 'import geo.tasks',
      'deep/celery.py': 'from lead.models import Lead',
    }
    expect(roots({ ...packages, ...modules, ...importing })).toEqual(['apps'])
  })

  it.each<[string, Record<string, string>]>([
    [
      'when as many files import from it by its name',
      {
        'apps/geo/views.py': 'from geo.tasks import load\nfrom apps.lead.models import Lead',
        'apps/lead/views.py': 'import geo.tasks\nimport apps.geo.tasks',
        'deep/celery.py': 'from lead.models import Lead\nfrom apps.lead import models',
      },
    ],
    [
      'for one member, which may be called like a library',
      {
        'apps/geo/views.py': 'from geo.tasks import load',
        'apps/lead/views.py': 'import geo.tasks',
        'deep/celery.py': 'from geo.tasks import load',
      },
    ],
    [
      'for few files',
      { 'apps/geo/views.py': 'from geo.tasks import load', 'deep/celery.py': 'from lead.models import Lead' },
    ],
    [
      'for modules that it does not hold',
      {
        'apps/geo/views.py': 'from geo.other import load\nfrom lead.other import Lead',
        'apps/lead/views.py': 'import geo.other',
        'deep/celery.py': 'from lead.other import Lead',
      },
    ],
    [
      'where another directory that is no package holds the same members',
      {
        'geo/__init__.py': '',
        'lead/__init__.py': '',
        'apps/geo/views.py': 'from geo.tasks import load\nfrom lead.models import Lead',
        'apps/lead/views.py': 'import geo.tasks',
        'deep/celery.py': 'from lead.models import Lead',
      },
    ],
  ])('not %s', (_, importing) => {
    expect(roots({ ...packages, ...modules, ...importing })).toEqual([])
  })
})
