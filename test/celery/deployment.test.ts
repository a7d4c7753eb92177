/** What files besides Python say of the processes that run Celery. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deploymentIn } from '../../src/celery/deployment.ts'
import { isDeployment } from '../../src/core/file-kinds.ts'
import type { Snapshot } from '../../src/core/snapshot.ts'
import { checkProject } from '../../src/engine/analyse.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { type Files, memorySnapshot } from '../support/memory-snapshot.ts'

const summary = (path: string, text: string) =>
  deploymentIn(path, text).processes.map(({ runs, app, queues, isOpen, embedsBeat, start, end }) => [
    text.slice(start, end).startsWith('celery') && runs,
    app,
    queues?.join(),
    ...(isOpen ? ['open'] : []),
    ...(embedsBeat ? [text.slice(embedsBeat.start, embedsBeat.end)] : []),
  ])

describe('a command', () => {
  it.each([
    ['exec celery -A shop worker -Q mail,bulk -l info', ['worker', 'shop', 'mail,bulk']],
    ['/srv/venv/bin/celery --app=shop.celery:app worker --queues="mail"', ['worker', 'shop.celery:app', 'mail']],
    ['python -m celery worker -A shop -Qmail --queues bulk', ['worker', 'shop', 'mail,bulk']],
    ['nautobot-server celery worker --events', ['worker', undefined, undefined]],
    ['celery -A shop worker -EB', ['worker', 'shop', undefined, '-EB']],
    ['celery -A shop beat -S django && echo worker -Q no', ['beat', 'shop', undefined]],
    ['celery -A shop \\\n  worker \\\n  -Q mail', ['worker', 'shop', 'mail']],
    ['celery -A shop worker -Q $QUEUES', ['worker', 'shop', undefined, 'open']],
    ['celery -A shop worker -Q mail -c $N', ['worker', 'shop', 'mail']],
    ['celery -A shop worker -Q mail "$@"', ['worker', 'shop', 'mail', 'open']],
    ['celery $ARGUMENTS', ['worker', undefined, undefined, 'open']],
    ['celery multi start 3 -A shop -Q:1 mail', ['worker', undefined, undefined, 'open']],
    ['CMD ["celery", "-A", "shop", "worker", "-Q", "mail,bulk"]', ['worker', 'shop', 'mail,bulk']],
    ["su -c 'celery -A shop worker -Q mail' app", ['worker', 'shop', 'mail']],
  ])('is read from %j', (text, expected) => {
    expect(summary('start.sh', text)).toEqual([expected])
  })

  it.each([
    '# celery -A shop worker -Q mail',
    'echo "Starting celery worker"',
    'celery -A shop flower',
    'celery -A shop inspect ping',
    'pip install celery',
    'ARGUMENTS="-A shop.celery worker -Q mail"',
    'my-celery worker',
  ])('is not read from %j', (text) => expect(summary('start.sh', text)).toEqual([]))

  it('ends with its line, in a script and in a literal block', () => {
    expect(summary('start.sh', 'celery -A a worker\ncelery -A b worker -Q mail\n')).toEqual([
      ['worker', 'a', undefined],
      ['worker', 'b', 'mail'],
    ])
    const compose = 'services:\n  worker:\n    command: |\n      celery -A a worker\n      other -Q mail\n'
    expect(summary('compose.yml', compose)).toEqual([['worker', 'a', undefined]])
    expect(summary('compose.yml', compose.replace('|', '>'))).toEqual([['worker', 'a', 'mail']])
  })

  it('is read from the lines of a template, which is no YAML', () => {
    const template = 'spec:\n  {{- if .x }}\n  command: celery -A shop worker -Q {{ .Values.queues }}\n  {{- end }}\n'
    expect(summary('chart/templates/worker.yaml', template)).toEqual([['worker', 'shop', undefined, 'open']])
  })
})

it('whatever a file holds, it is read to an end, and its places lie inside of it', () => {
  const seeds = fc.constantFrom(
    'services:\n  a: &a\n    command: ["celery", "-A", "x", "worker", "-B"]\n    scale: 2\n  b:\n    <<: *a\n',
    'kind: Deployment\napiVersion: apps/v1\nspec: {replicas: 2, template: {spec: {containers: [{args: [celery, beat]}]}}}\n',
    '[program:a]\ncommand=celery worker\nnumprocs=3\n',
    'a: celery worker -Q $X -B\n',
    'a: &a [*a, celery worker]\nservices: *a\n',
  )
  const junk = fc.constantFrom(
    '\0',
    '\r\n',
    '\t',
    '[',
    ']',
    '{{',
    '}}',
    '"',
    "'",
    '\\',
    '|',
    '>',
    '&a',
    '*a',
    '<<: *a',
    '- ',
    ':',
    '😀',
  )
  const paths = fc.constantFrom('compose.yml', 'Procfile', 'supervisor.conf', 'worker.sh')
  fc.assert(
    fc.property(paths, seeds, fc.array(fc.tuple(fc.nat(200), junk), { maxLength: 8 }), (path, seed, insertions) => {
      const text = insertions.reduce<string>((old, [at, what]) => old.slice(0, at) + what + old.slice(at), seed)
      const { processes, scalers } = deploymentIn(path, text)
      for (const { copies, overlaps, embedsBeat, ...process } of processes) {
        for (const span of [process, copies, overlaps, embedsBeat, ...scalers]) {
          if (!span) continue
          expect(span.start).toBeGreaterThanOrEqual(0)
          expect(span.end).toBeGreaterThanOrEqual(span.start)
          expect(span.end).toBeLessThanOrEqual(text.length)
        }
      }
    }),
  )
})

it.each([
  ['[', 100_000],
  ['celery ', 14_000],
  ['celery $x ', 10_000],
  ['- celery worker\n', 6_000],
  ['a: &a\n', 10_000],
  ['- ', 50_000],
])('%j many times over is read to an end', (piece, times) => {
  for (const path of ['compose.yml', 'Procfile', 'supervisor.conf', 'worker.sh']) {
    expect(deploymentIn(path, piece.repeat(times)).processes.length).toBeLessThanOrEqual(500)
  }
})

it('of YAML that is nested deeper than the parser can go, only the lines are read', () => {
  const nested = (depth: number) => `services: {a: ${'['.repeat(depth)}celery -A shop worker${']'.repeat(depth)}}`
  const kinds = (depth: number) => deploymentIn('compose.yml', nested(depth)).processes.map(({ kind }) => kind)
  expect([kinds(250), kinds(100_000)]).toEqual([['text'], ['text']])
  expect(kinds(100)).not.toEqual(kinds(250))
})

it.each([
  ['Procfile', true],
  ['docker-compose.prod.yml', true],
  ['docker/Dockerfile', true],
  ['deploy/k8s/web.yaml', true],
  ['compose/production/django/celery/worker/start', true],
  ['etc/supervisor/conf.d/shop.conf', true],
  ['scripts/entrypoint.sh', true],
  ['.github/workflows/deploy.yml', false],
  ['.devcontainer/docker-compose.yml', false],
  ['docs/deploy/worker.yaml', false],
  ['locale/de.yml', false],
  ['shop/worker.py', false],
  ['charts/logo.png', false],
])('%s: may say how processes are started? %s', (path, expected) => expect(isDeployment(path)).toBe(expected))

describe('what starts processes', async () => {
  const rules = await loadRules()
  const files: Files = {
    'shop/celery.py': 'from celery import Celery\n\napp = Celery("shop")\n',
    Procfile: 'worker: celery -A shop worker -B\n',
  }
  const readBy = async (all: Files, select: string) => {
    const read: string[] = []
    const { files: listed, ...snapshot } = memorySnapshot(all)
    const watched: Snapshot = {
      files: listed,
      read: (entries) => {
        read.push(...entries.map(({ path }) => path))
        return snapshot.read(entries)
      },
    }
    const { findings } = await checkProject(watched, { rules, settings: { select: new Set([select]) } })
    return { read, found: findings.map(({ path, line }) => `${path}:${line}`) }
  }

  it('is read for a rule that asks, and for no other', async () => {
    expect(await readBy(files, 'beat-embedded-or-replicated')).toEqual({
      read: Object.keys(files),
      found: ['Procfile:1'],
    })
    expect((await readBy(files, 'dispatch-in-atomic')).read).toEqual(['shop/celery.py'])
  })

  it('is not read where there is too much of it', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`deploy/${index}.yaml`, 'kind: Secret\n']),
    )
    expect((await readBy({ ...files, ...many }, 'beat-embedded-or-replicated')).read).toEqual(['shop/celery.py'])
    const long = { ...files, Procfile: `${files.Procfile}# ${'x'.repeat(100_000)}` }
    expect((await readBy(long, 'beat-embedded-or-replicated')).read).toEqual(['shop/celery.py'])
  })

  it('obeys comments that silence a rule', async () => {
    const silenced = {
      ...files,
      Procfile: `# celery-review: ignore[beat-embedded-or-replicated] one dyno\n${files.Procfile}`,
    }
    expect((await readBy(silenced, 'beat-embedded-or-replicated')).found).toEqual([])
  })
})
