/** The engine on whole projects: what counts as new, what a comment silences, what happens to what it cannot read. */
import { describe, expect, it } from 'vitest'
import type { FileChange } from '../../src/core/snapshot.ts'
import { checkProject, compareProjects } from '../../src/engine/analyse.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { defineRule } from '../../src/rule/rule.ts'
import { changesOf, type Files, memorySnapshot } from '../support/memory-snapshot.ts'

const rules = await loadRules()
const check = (files: Files, settings = {}) => checkProject(memorySnapshot(files), { rules, settings })
const compare = (before: Files, after: Files) =>
  compareProjects(
    { before: memorySnapshot(before), after: memorySnapshot(after), changes: changesOf(before, after) },
    { rules },
  )

const schedule = (body: string) => `from celery.schedules import crontab\n\n${body}\n`
const early = 'EARLY = crontab(hour=5)'

describe('compareProjects', () => {
  it('is silent about findings that were there before, wherever their lines have gone', async () => {
    const before = { 'a.py': schedule(early) }
    expect((await compare(before, { 'a.py': schedule(`\n\n# moved down\nX = 1\n${early}`) })).findings).toEqual([])
    expect((await compare(before, { 'b.py': schedule(early) })).findings).toEqual([])
  })

  it('says a thing once when a rule that knows the change replaces another', async () => {
    const app = `from celery import Celery\n\napp = Celery("shop")\napp.conf.beat_schedule = {\n    "tidy": {"task": "shop.tasks.tidy", "schedule": 60},\n}\n`
    const task = 'from celery import shared_task\n\n\n@shared_task\ndef keep(): ...\n'
    const before = { 'shop/app.py': app, 'shop/tasks.py': `${task}\n\n@shared_task\ndef tidy(): ...\n` }
    const { findings } = await compare(before, { ...before, 'shop/tasks.py': task })
    expect(findings.map(({ rule }) => rule)).toEqual(['task-removed-still-referenced'])
  })

  it('anchors what a caller brings about on the caller, also through a file that speaks of neither', async () => {
    const before = {
      'shop/tasks.py': 'from celery import shared_task\n\n\n@shared_task\ndef index(pk): ...\n',
      'shop/notices.py': 'from shop.tasks import index\n\n\ndef notify(order):\n    index.delay(order.pk)\n',
      'shop/middle.py': 'from shop.notices import notify\n\n\ndef tell(order):\n    notify(order)\n',
      'shop/views.py':
        'from django.db import transaction\nfrom shop.middle import tell\n\n\ndef view(order):\n    order.save()\n    tell(order)\n',
    }
    const views =
      'from django.db import transaction\nfrom shop.middle import tell\n\n\ndef view(order):\n    with transaction.atomic():\n        order.save()\n        tell(order)\n'
    const { findings } = await compare(before, { ...before, 'shop/views.py': views })
    expect(findings.map(({ rule, path, line }) => ({ rule, path, line }))).toEqual([
      { rule: 'dispatch-in-atomic', path: 'shop/views.py', line: 8 },
    ])
    expect(findings[0]!.message).toContain('`view` opens at `shop/views.py:6`')
    expect(findings[0]!.message).toContain('`tell → notify`')
    expect(findings[0]!.related[0]).toMatchObject({ path: 'shop/notices.py', line: 5 })
  })

  it('tells of what several receivers bring about once, where the helper was changed that they share', async () => {
    const receiver = (name: string) =>
      `@receiver(post_save, sender=Order)\ndef ${name}(instance, **kwargs):\n    announce(instance)\n\n\n`
    const helper = (send: string) =>
      [
        'from django.db import transaction',
        'from django.db.models.signals import post_save',
        'from django.dispatch import receiver',
        'from shop.models import Order',
        'from shop.tasks import index',
        '',
        '',
        `${receiver('one')}${receiver('two')}def announce(instance):`,
        `    ${send}`,
        '',
      ].join('\n')
    const shared = {
      'shop/tasks.py': 'from celery import shared_task\n\n\n@shared_task\ndef index(pk): ...\n',
      'shop/models.py': 'from django.db import models\n\n\nclass Order(models.Model): ...\n',
    }
    const { findings } = await compare(
      { ...shared, 'shop/receivers.py': helper('transaction.on_commit(lambda: index.delay(instance.pk))') },
      { ...shared, 'shop/receivers.py': helper('index.delay(instance.pk)') },
    )
    expect(findings.map(({ rule, line }) => ({ rule, line }))).toEqual([{ rule: 'dispatch-in-model-signal', line: 19 }])
    expect(findings[0]!.related.map(({ line }) => line)).toEqual([10, 15])
  })

  it('reports a comment that silences nothing any more, whatever the rule has left to say', async () => {
    const line = `${early}  # celery-review: ignore[crontab-missing-minute] on purpose`
    const mended = line.replace('hour=5', 'hour=5, minute=0')
    const rulesOf = async (before: string, after: string) =>
      (await compare({ 'a.py': schedule(before) }, { 'a.py': schedule(after) })).findings.map(({ rule }) => rule)
    expect(await rulesOf(line, mended)).toEqual(['unused-suppression'])
    expect(await rulesOf(mended, `X = 1\n${mended}`)).toEqual([])
  })

  it('reports a second mistake like the first', async () => {
    const { findings } = await compare(
      { 'a.py': schedule(early) },
      { 'a.py': schedule(`${early}\nLATE = crontab(hour=5)`) },
    )
    expect(findings.map(({ line }) => line)).toEqual([4])
  })

  it('reports what a rename of the file did not bring', async () => {
    const before = { 'a.py': schedule('X = 1') }
    const after = { 'b.py': schedule(early) }
    const changes = [{ status: 'renamed' as const, path: 'b.py', previousPath: 'a.py' }]
    const { findings } = await compareProjects(
      { before: memorySnapshot(before), after: memorySnapshot(after), changes },
      { rules },
    )
    expect(findings).toHaveLength(1)
  })

  it('gives a finding the same fingerprint after lines have shifted, and different ones to twins', async () => {
    const [first] = (await check({ 'a.py': schedule(early) })).findings
    const [shifted] = (await check({ 'a.py': schedule(`\n\n${early}`) })).findings
    expect(shifted!.fingerprint).toBe(first!.fingerprint)
    const twins = (await check({ 'a.py': schedule(`${early}\n${early}`) })).findings
    expect(new Set(twins.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  })
})

it('tells files of the same content apart', async () => {
  const tasks = 'from celery import shared_task\n\n@shared_task\ndef ship(order): ...\n'
  const views =
    'from django.db import transaction\nfrom .tasks import ship\n\ndef post(order):\n    with transaction.atomic():\n        order.save()\n        ship.delay(order.pk)\n'
  const { findings } = await check({
    'a/tasks.py': tasks,
    'a/views.py': views,
    'b/tasks.py': tasks,
    'b/views.py': views,
  })
  expect(findings.map(({ path, line }) => `${path}:${line}`)).toEqual(['a/views.py:7', 'b/views.py:7'])
})

describe('suppressions', () => {
  const found = async (body: string) => (await check({ 'a.py': schedule(body) })).findings.map(({ rule }) => rule)

  it('silence a rule on their line, on the next line of code, or in the whole file', async () => {
    expect(await found(`${early}  # celery-review: ignore[crontab-missing-minute] every minute is meant`)).toEqual([])
    expect(await found(`# celery-review: ignore[crontab-missing-minute]\n# and a word why\n${early}`)).toEqual([])
    expect(await found(`# celery-review: ignore-file[crontab-missing-minute]\nX = 1\n${early}`)).toEqual([])
  })

  it('are reported when they silence nothing or name no rule', async () => {
    expect(await found('X = 1  # celery-review: ignore[crontab-missing-minute]')).toEqual(['unused-suppression'])
    expect(await found('X = 1  # celery-review: ignore[no-such-rule]')).toEqual(['unused-suppression'])
  })

  it('do not silence other rules or other lines', async () => {
    expect(await found(`# celery-review: ignore[dispatch-in-atomic]\n${early}`)).toContain('crontab-missing-minute')
  })
})

describe('settings', () => {
  it('switch rules off, change their severity and leave paths out', async () => {
    const files = { 'a.py': schedule(early) }
    expect((await check(files, { ignore: new Set(['crontab-missing-minute']) })).findings).toEqual([])
    expect((await check(files, { severities: new Map([['crontab-missing-minute', 'off']]) })).findings).toEqual([])
    expect(
      (await check(files, { severities: new Map([['crontab-missing-minute', 'info']]) })).findings[0]?.severity,
    ).toBe('info')
    expect((await check(files, { ignorePaths: ['*.py'] })).findings).toEqual([])
    expect((await check(files, { select: new Set(['dispatch-in-atomic']) })).findings).toEqual([])
  })
})

describe('what cannot be read', () => {
  it('is named, and costs nothing else', async () => {
    const text = new TextEncoder()
    const bytes: Record<string, Uint8Array> = {
      'good.py': text.encode(schedule(early)),
      'bom.py': text.encode(`\ufeff${schedule(early)}`),
      'latin.py': new Uint8Array([...text.encode('# celery '), 0xe9, 10]),
      'declared.py': new Uint8Array([...text.encode(`# -*- coding: latin-1 -*-\n${schedule(early)}# `), 0xe9, 10]),
      'nul.py': new Uint8Array([...text.encode('# celery '), 0, 10]),
      'deep.py': text.encode(`# celery\nx = ${'('.repeat(3000)}1${')'.repeat(3000)}\n`),
      'huge.py': text.encode(`# celery\n${'x = 1\n'.repeat(300_000)}`),
      'broken.py': text.encode(`${schedule(early)}def (:\n`),
    }
    const snapshot = {
      files: [...Object.keys(bytes), 'gone.py'].map((path) => ({ path, sha: path })),
      read: async () => new Map(Object.entries(bytes)),
    }
    const { findings, skipped } = await checkProject(snapshot, { rules })
    expect(findings.map(({ path }) => path)).toEqual(['bom.py', 'broken.py', 'declared.py', 'good.py'])
    expect(skipped).toEqual([
      { path: 'deep.py', reason: 'nests more than 600 levels deep' },
      { path: 'gone.py', reason: 'could not be read' },
      { path: 'huge.py', reason: 'is larger than 1 MB' },
      { path: 'latin.py', reason: 'is not valid UTF-8' },
      { path: 'nul.py', reason: 'contains a NUL byte' },
    ])
  })

  it('a rule that throws loses its own findings only, and is named', async () => {
    const broken = defineRule({
      ...rules[0]!.meta,
      name: 'broken',
      status: 'stable',
      scope: 'file',
      check: () => {
        throw new Error('oops')
      },
    })
    const { findings, crashes } = await checkProject(memorySnapshot({ 'a.py': schedule(early) }), {
      rules: [...rules, broken],
    })
    expect(findings.length).toBe(1)
    expect(crashes).toEqual([{ rule: 'broken', path: 'a.py', message: 'oops' }])
  })

  it('reads nothing for a change that cannot make a difference, and all of it for one that can', async () => {
    const files = { 'shop/tasks.py': schedule(early), 'README.md': 'Shop' }
    const unread = { ...memorySnapshot(files), read: () => Promise.reject(new Error('read')) }
    const changed = (change: FileChange) =>
      compareProjects({ before: unread, after: unread, changes: [change] }, { rules })
    expect(await changed({ status: 'modified', path: 'README.md' })).toMatchObject({
      findings: [],
      stats: { files: 2, parsed: 0 },
      usesCelery: undefined,
    })
    // What lies where decides what modules are called.
    await expect(changed({ status: 'added', path: 'README.md' })).rejects.toThrow('read')
    await expect(changed({ status: 'modified', path: 'shop/tasks.py' })).rejects.toThrow('read')
    await expect(changed({ status: 'modified', path: 'requirements.txt' })).rejects.toThrow('read')
  })

  it('counts the tasks that it recognised, those of tests aside', async () => {
    const task = 'from celery import shared_task\n\n@shared_task\ndef ship(pk): ...\n'
    const { stats } = await check({ 'shop/tasks.py': task, 'shop/jobs.py': task, 'tests/tasks.py': task })
    expect(stats.tasks).toBe(2)
  })

  it('a project without Celery has no findings and says so', async () => {
    const { usesCelery, findings } = await check({ 'a.py': 'def crontab(hour): pass\ncrontab(hour=5)\n' })
    expect({ usesCelery, findings }).toEqual({ usesCelery: false, findings: [] })
  })
})
