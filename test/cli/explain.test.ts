import { expect, it } from 'vitest'
import { explain } from '../../src/cli/explain.ts'
import { UserError } from '../../src/core/errors.ts'

const explainWith = async (name: string, document: string): Promise<string> => {
  const written: string[] = []
  const output = { write: (text: string) => written.push(text) }
  const io = { cwd: '/', environment: {}, stdout: output, stderr: output, now: () => 0 }
  await explain(name, io, (asked) => `# ${asked}\n\n${document}`)
  return written.join('')
}

it('prints what a rule is and its section of the reference', async () => {
  const text = await explainWith(
    'crontab-missing-minute',
    '## A crontab without a minute\n\nIt fires **often**.\n\n## Other\n\nNo.\n',
  )
  expect(text).toMatch(
    /^crontab-missing-minute\n\nA crontab .+\.\n\nerror, high confidence, stable; looks at single files; /,
  )
  expect(text).toMatch(/\n\nIt fires often\.\n\nreferences\/periodic-tasks\.md#a-crontab-without-a-minute\n$/)
})

it('explains the rule of the engine itself', async () => {
  expect(await explainWith('unused-suppression', '## Silencing a finding\n\nHow.\n')).toContain('\n\nHow.\n\n')
})

it('says so when the reference lacks the section', async () => {
  await expect(explainWith('crontab-missing-minute', '## Other\n')).rejects.toThrow(UserError)
})
