/** Whatever a file holds: no rule throws, no finding lies outside its file, and the work has an end. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/finding.ts'
import { Lines } from '../../src/core/text.ts'
import { checkProject, compareProjects } from '../../src/engine/analyse.ts'
import { MAX_PROBLEMS } from '../../src/engine/run-rules.ts'
import { loadRules } from '../../src/rule/registry.ts'
import { defineRule } from '../../src/rule/rule.ts'
import { parseFixture } from '../support/fixture.ts'
import { changesOf, type Files, memorySnapshot } from '../support/memory-snapshot.ts'

const rules = await loadRules()
const settings = { preview: true }

const directory = new URL('../rules/', import.meta.url)
const fixtures = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.py'))
  .sort()
  .map((path) => parseFixture(readFileSync(new URL(path, directory), 'utf8')))

function expectSound({ findings, crashes }: Report, files: Files) {
  expect(crashes).toEqual([])
  for (const { path, line, endLine, column, endColumn, suggestion, related } of findings) {
    const lines = new Lines(files[path]!)
    expect(line).toBeGreaterThanOrEqual(1)
    expect(endLine).toBeGreaterThanOrEqual(line)
    expect(endLine).toBeLessThanOrEqual(lines.count)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(endColumn).toBeLessThanOrEqual(lines.textOf(endLine).length + 1)
    if (suggestion) expect(suggestion.endLine).toBeLessThanOrEqual(lines.count)
    for (const place of related) expect(place.line).toBeLessThanOrEqual(new Lines(files[place.path]!).count)
  }
}

describe('every rule, on mutilated fixtures', () => {
  const junk = fc.constantFrom(
    '\0',
    '\ufeff',
    '\r',
    '\r\n',
    '\ud800',
    '\t',
    '(',
    ')',
    ']',
    '}',
    '"""',
    "'",
    'f"{',
    '\\\n',
    '#',
    '@',
    ':',
    '=',
    '*',
    '**',
    ',',
    '.',
    ' if ',
    ' else ',
    'lambda: ',
    'await ',
    'async ',
    'def ',
    'class ',
    'print "x" % y\n',
    '😀',
    'é',
    '|',
  )
  const mutation = fc.record({
    kind: fc.constantFrom('truncate', 'behead', 'cut', 'repeat', 'insert', 'swap'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(80),
    junk,
  })
  type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never
  const mutate = (text: string, { kind, at, length, junk }: Mutation) => {
    const start = Math.floor(at * text.length)
    const [head, piece, tail] = [text.slice(0, start), text.slice(start, start + length), text.slice(start + length)]
    switch (kind) {
      case 'truncate':
        return head
      case 'behead':
        return piece + tail
      case 'cut':
        return head + tail
      case 'repeat':
        return head + piece + piece + tail
      case 'insert':
        return head + junk + piece + tail
      default:
        return tail + piece + head
    }
  }

  it('throws nowhere and stays inside the file', async () => {
    const mutilated = fc.record({
      fixture: fc.constantFrom(...fixtures),
      mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(mutilated, async ({ fixture, mutations }) => {
        const after = Object.fromEntries(
          Object.entries(fixture.after).map(([path, text]) => [path, mutations.reduce(mutate, text)]),
        )
        const before = fixture.before ?? fixture.after
        const comparison = {
          before: memorySnapshot(before),
          after: memorySnapshot(after),
          changes: changesOf(before, after),
        }
        expectSound(await checkProject(memorySnapshot(after), { rules, settings }), after)
        expectSound(await compareProjects(comparison, { rules, settings }), after)
      }),
      { seed: 20_261_122, numRuns: Number(process.env.FUZZ_RUNS ?? 50) },
    )
  })
})

describe('a hostile file', () => {
  const head = `from celery import Celery, shared_task
from celery.schedules import crontab
from django.db import models, transaction
app = Celery("shop")
class Order(models.Model): pass
@shared_task
def ship(order, express=False): pass
`
  const times = (text: string, count: number) => text.repeat(count)
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('')

  const refused: Record<string, [text: string, reason: string]> = {
    'one endless line': [`x = [${times('1, ', 300_000)}]`, 'holds more than 150,000 pieces of syntax'],
    'more than a megabyte': [`x = "${times('x', 1_000_000)}"`, 'is larger than 1 MB'],
    'nested parentheses': [times('(', 10_000) + times(')', 10_000), 'nests more than 600 levels deep'],
    'a chain of attributes': [`x = a${times('.b', 10_000)}`, 'nests more than 600 levels deep'],
    'a chain of operators': [`x = ${times('a + ', 10_000)}a`, 'nests more than 600 levels deep'],
    'a chain of elifs': [`if a: pass\n${times('elif b: pass\n', 2_000)}`, 'nests more than 600 levels deep'],
    'elifs within elifs': [
      lines(
        15,
        (depth) =>
          `${' '.repeat(depth)}if a: pass\n${times(`${' '.repeat(depth)}elif b: pass\n`, 50)}${' '.repeat(depth)}elif c:`,
      ),
      'nests more than 600 levels deep',
    ],
    'comments without end': [
      times('# celery-review: ignore[x]\n', 20_000),
      'holds too many lines of comments in a row',
    ],
  }
  it.each(Object.entries(refused))('is refused and named: %s', async (_, [text, reason]) => {
    const files = { 'shop/hostile.py': head + text, 'shop/good.py': `${head}EARLY = crontab(hour=5)\n` }
    const report = await checkProject(memorySnapshot(files), { rules, settings })
    expect(report.skipped).toEqual([{ path: 'shop/hostile.py', reason }])
    expect(report.crashes).toEqual([])
    expect(report.findings.map(({ path, rule }) => [path, rule])).toContainEqual([
      'shop/good.py',
      'crontab-missing-minute',
    ])
  })

  const endured: Record<string, string> = {
    'a decorator that makes itself': 'x = x()\n@x\ndef f(): pass\nx.delay(1)\n',
    'decorators that make each other': 'x = y()\ny = x()\n@x\ndef f(): pass\n@y()\ndef g(): pass\n',
    'a decorator made in many steps': `${lines(2_000, (i) => `x${i + 1} = x${i}()`)}@x2000\ndef f(): pass\n`,
    'a signature of itself': 'x = x | x\nx.delay()\nx()\ny = y.set()\ny.delay()\nz = [z]\nship.delay(z)\n',
    'a signature made in many steps': `x0 = ship.s()\n${lines(2_000, (i) => `x${i + 1} = x${i}.set()`)}x2000.delay()\n`,
    'a canvas that doubles': `x0 = ship.s()\n${lines(40, (i) => `x${i + 1} = x${i} | x${i}`)}x40()\n`,
    'an argument that doubles': `x0 = Order()\n${lines(40, (i) => `x${i + 1} = [x${i}, x${i}] if a else x${i}`)}ship.delay(x40)\n`,
    'a number that doubles': `x0 = 1\n${lines(40, (i) => `x${i + 1} = x${i} + x${i}`)}ship.apply_async(countdown=x40)\n`,
    'functions that call each other twice': `def f0(): ship.delay(1)\n${lines(40, (i) => `def f${i + 1}():\n  f${i}()\n  f${i}()`)}def g():\n  with transaction.atomic(): f40()\n`,
    'a function that wraps itself': 'def w(f):\n  @w\n  def g(): return w(f)\n  return g\n@w\ndef f(): pass\n',
    'classes with each base twice': `class C0(app.Task): pass\n${lines(40, (i) => `class C${i + 1}(C${i}, C${i}): pass`)}C40.missing.delay()\nclass D(C40):\n  def run(self): self.missing.delay()\n`,
    'a star import of many modules': `${lines(3_000, (i) => `from m${i} import *`)}${times('a.delay()\n', 500)}`,
    'a dotted name without end': `from ${times('a.', 20_000)}b import c\nc.delay()\napp.send_task("${times('a.', 100_000)}b")\n`,
    'names as long as the file': `ship.apply_async(${times('x', 300_000)}=1)\n@shared_task(${times('y', 300_000)}=1)\ndef f(): pass\n`,
    'many decorators': `${times('@x\n', 10_000)}def f(): pass\n`,
    'many arguments': `ship.delay(${lines(10_000, (i) => `k${i}=1,`)})\n`,
    'a name that is bound again and again': `def f():\n  order = Order()\n${times('  order = order.save()\n', 2_000)}${times('  ship.delay(order)\n', 500)}`,
    'suppressions of everything': `# celery-review: ignore[${times('a,', 50_000)}${lines(2_000, (i) => `b${i},`).replaceAll('\n', '')}]\nx = 1\n`,
    'an f-string without end': `x = f"${times('{a}', 20_000)}"\n`,
    'Python 2': times('print "celery" % 1\nexec "a"\nraise E, "x"\n', 500),
    'carriage returns alone': 'EARLY = crontab(hour=5)\n'.replaceAll('\n', '\r'),
  }
  it.each(Object.entries(endured))('is endured: %s', async (_, text) => {
    const files = { 'shop/hostile.py': head + text }
    const report = await checkProject(memorySnapshot(files), { rules, settings })
    expectSound(report, files)
    expect(report.skipped).toEqual([])
  })
})

describe('too many findings of one rule in a file', () => {
  const text = (count: number) => `from celery.schedules import crontab\n${'A = crontab(hour=5)\n'.repeat(count)}`
  const [many, few] = [MAX_PROBLEMS + 50, 3]

  it('are cut, and the rest is named', async () => {
    const { findings, skipped } = await checkProject(memorySnapshot({ 'a.py': text(many), 'b.py': text(few) }), {
      rules,
    })
    const found = (path: string) => findings.filter((finding) => finding.path === path)
    expect([found('a.py').length, found('b.py').length]).toEqual([MAX_PROBLEMS, few])
    expect(skipped).toEqual([{ path: 'a.py', reason: 'has more than 200 findings of crontab-missing-minute' }])
  })

  it('do not make old ones new', async () => {
    const [before, after] = [{ 'a.py': text(many) }, { 'a.py': `${text(many)}B = crontab(hour=6)\n` }]
    const comparison = {
      before: memorySnapshot(before),
      after: memorySnapshot(after),
      changes: changesOf(before, after),
    }
    expect((await compareProjects(comparison, { rules })).findings).toEqual([])
    const other = { 'a.py': text(many).replace('hour=5', 'hour=7') }
    const changed = { before: memorySnapshot(before), after: memorySnapshot(other), changes: changesOf(before, other) }
    expect((await compareProjects(changed, { rules })).findings).toEqual([])
  })

  it('are proven together: analysing again costs no more for many than for one', async () => {
    let runs = 0
    const counting = defineRule({
      ...rules.find(({ meta }) => meta.name === 'crontab-missing-minute')!.meta,
      name: 'counting',
      scope: 'project',
      check: () => {
        runs++
        return []
      },
    })
    const { findings } = await checkProject(memorySnapshot({ 'a.py': text(100) }), { rules: [...rules, counting] })
    expect(findings.filter(({ suggestion }) => suggestion)).toHaveLength(100)
    expect(runs).toBe(2)
  })
})
