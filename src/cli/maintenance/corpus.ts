/** Owns `npm run corpus -- DIR…`: every rule, those in preview too, on a set of repositories. */
import { writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { loadRules } from '../../rule/registry.ts'
import { catalogueOf } from '../catalogue.ts'
import { expandRuleNames } from '../rule-names.ts'
import { type CorpusReport, examineRepository, formatCorpus, sampleOf } from './corpus-report.ts'
import { runScript } from './run-script.ts'

interface Options {
  readonly select?: string
  readonly sample: number
  readonly seed: string
  readonly markdown?: string
  readonly json?: string
}

const whole = (text: string): number => {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

const program = new Command('corpus')
  .description('Runs every rule on repositories, bare or checked out, and prints what to judge them by.')
  .argument(
    '<dir...>',
    'git directories (their HEAD is read, or what stands behind an @), checkouts, or other directories',
  )
  .option('--select <rules>', 'these rules only: names of rules or of reference documents, with commas')
  .option('--sample <count>', 'how many findings are shown with their code', whole, 20)
  .option('--seed <text>', 'chooses the sample; the same one gives the same sample', '1')
  .option('--markdown <file>', 'also writes what is printed into a file')
  .option('--json <file>', 'also writes every finding into a file')

await runScript('corpus', async () => {
  program.parse()
  const { select, sample, seed, markdown, json } = program.opts<Options>()
  const rules = await loadRules()
  const selected = select === undefined ? undefined : expandRuleNames(select.split(','), catalogueOf(rules), true)
  const repositories: CorpusReport['repositories'][number][] = []
  // One after the other, so that only one is held in memory and the times mean something.
  for (const directory of program.args) repositories.push(await examineRepository(directory, rules, selected))
  const report: CorpusReport = { seed, repositories, sample: await sampleOf(repositories, sample, seed) }
  const text = formatCorpus(report, rules)
  if (markdown !== undefined) writeFileSync(markdown, text)
  if (json !== undefined) {
    const data = repositories.map(({ read: _, fileMs: _times, ...rest }) => rest)
    writeFileSync(json, `${JSON.stringify({ version: 1, seed, repositories: data }, null, 2)}\n`)
  }
  return text
})
