/** The direction of imports between the layers, and the proof that the check looked at them all. */
import { readdirSync } from 'node:fs'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config'
import { expect, it } from 'vitest'

it('imports run one way, and every module was looked at', async () => {
  const { options, ...ruleSet } = await extractConfig('./.dependency-cruiser.cjs')
  const { output } = await cruise(['src', 'rules'], { ...options, ruleSet, validate: true })
  const { modules, summary } = output as ICruiseResult
  const own = modules.map(({ source }) => source).filter((source) => /^(src|rules)\/.*\.ts$/.test(source))
  const files = ['src', 'rules'].flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')),
  )
  expect(own.length).toBe(files.length)
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([])
})
