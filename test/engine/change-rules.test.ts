/** What change rules say in which words, and how gravely: a claim is made only where it can be seen to hold. */
import { describe, expect, it } from 'vitest'
import { compareProjects } from '../../src/engine/analyse.ts'
import { changesOf, type Files, memorySnapshot } from '../support/memory-snapshot.ts'
import { rules } from '../support/rules.ts'

/** What a rule says of a change, as `severity: message`. */
async function said(rule: string, before: Files, after: Files): Promise<string[]> {
  const { findings } = await compareProjects(
    { before: memorySnapshot(before), after: memorySnapshot(after), changes: changesOf(before, after) },
    { rules, settings: { preview: true } },
  )
  return findings.flatMap((finding) => (finding.rule === rule ? `${finding.severity}: ${finding.message}` : []))
}

const head = 'from celery import shared_task\n\n\n'

describe('a renamed task', () => {
  const named = (name: string) =>
    `${head}@shared_task(name="${name}")\ndef tag(day):\n    Parcel.objects.filter(sent=day).tag()\n`
  const renamed = (others: Files) =>
    said(
      'task-renamed-or-moved',
      { 'shop/tasks.py': named('shop.tasks.tag'), ...others },
      { 'shop/tasks.py': named('shop.tag'), ...others },
    )

  it.each([
    ['a constant', 'NAME = "shop.tasks.tag"  # celery'],
    ['a command in a string', 'COMMAND = "celery call shop.tasks.tag --args"'],
    ['a part of an f-string that is all of it', 'NAME = f"shop.tasks.tag {COUNT}"  # celery'],
  ])('is used where %s names it', async (_, script) => {
    expect(await renamed({ 'scripts/run.py': script })).toEqual([expect.stringMatching(/^error: .*already queued/)])
  })

  it('is used where a file that starts processes names it', async () => {
    const files = { Procfile: 'worker: celery -A shop worker -B\nnightly: celery -A shop call shop.tasks.tag\n' }
    expect(await renamed(files)).toEqual([expect.stringMatching(/^error: /)])
  })

  it.each([
    ['an f-string', 'NAME = f"shop.tasks.{job}"  # celery'],
    ['a sum', 'NAME = prefix + ".tag"  # celery'],
    ['getattr', 'import shop.tasks  # celery\n\nTASK = getattr(shop.tasks, "tag")'],
  ])('may be used where %s may be its name', async (_, script) => {
    expect(await renamed({ 'scripts/run.py': script })).toEqual([expect.stringMatching(/^warning: .*put together/)])
  })

  it.each([
    ['a longer name', 'NAME = "shop.tasks.tags"  # celery'],
    ['a docstring', '"""See shop.tasks.tag of celery."""'],
    ['another string', 'NAME = "tag"  # celery'],
  ])('is not seen to be used in %s', async (_, script) => {
    expect(await renamed({ 'scripts/run.py': script })).toEqual([expect.stringMatching(/^info: .*is seen here/)])
  })
})
