import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { createRule } from '../../src/cli/maintenance/create-rule.ts'
import type { Rule } from '../../src/rule/rule.ts'
import { temporaryDirectory } from '../git/temporary-repository.ts'
import { analyseFixture, parseFixture } from '../support/fixture.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

function copyOfRepository(): string {
  const root = temporaryDirectory()
  for (const directory of ['rules', 'references'])
    cpSync(join(repository, directory), join(root, directory), { recursive: true })
  symlinkSync(join(repository, 'src'), join(root, 'src'))
  mkdirSync(join(root, 'test'))
  return root
}

it('makes a rule, a fixture that it does not pass, and a section that it links to', async () => {
  const root = copyOfRepository()
  const paths = createRule(root, 'error-handling/oops-swallowed')
  expect(paths).toEqual([
    'test/rules/error-handling/oops-swallowed.py',
    'rules/error-handling/oops-swallowed.ts',
    'references/error-handling.md',
  ])
  const [fixture, module, section] = paths.map((path) => join(root, path)) as [string, string, string]
  const rule = ((await import(pathToFileURL(module).href)) as { default: Rule }).default
  expect(rule.meta).toMatchObject({ name: 'oops-swallowed', reference: 'error-handling.md#oops-swallowed' })
  expect(readFileSync(section, 'utf8')).toContain('\n\n## Oops swallowed\n\nRule: oops-swallowed\n')
  expect(readFileSync(section, 'utf8')).toMatch(
    /^## Contents\n\n(.+\n)+ {2}- \[Oops swallowed\]\(#oops-swallowed\)\n\n/m,
  )
  const { markers, ...parsed } = parseFixture(readFileSync(fixture, 'utf8'))
  expect(markers.map(({ kind }) => kind)).toEqual(['expect', 'ok'])
  const { findings, crashes } = await analyseFixture({ ...parsed, markers }, [rule])
  expect([findings, crashes]).toEqual([[], []])
})

it.each([
  ['error-handling', 'write <reference>/<rule-name> with a reference of configuration-guide'],
  ['no-such-guide/some-rule', 'write <reference>/<rule-name>'],
  ['error-handling/Some_Rule', 'write <reference>/<rule-name>'],
  ['error-handling/../some-rule', 'write <reference>/<rule-name>'],
  ['periodic-tasks/dispatch-in-atomic', 'there is a rule of that name'],
])('refuses %s and writes nothing', (name, message) => {
  const root = copyOfRepository()
  const before = readdirSync(root, { recursive: true }).length
  expect(() => createRule(root, name)).toThrow(message)
  expect(readdirSync(root, { recursive: true }).length).toBe(before)
})
