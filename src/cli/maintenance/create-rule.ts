/** Owns making the three files of a new rule, which fail their tests until they are filled. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../core/errors.ts'

/**
 * Makes a rule's module, its fixture and its section, and answers their paths below `root`.
 * @throws UserError when the name is not one, or is taken.
 */
export function createRule(root: string, written: string): string[] {
  const documents = readdirSync(join(root, 'references')).map((name) => name.replace(/\.md$/, ''))
  const [document = '', rule = '', ...rest] = written.split('/')
  if (!documents.includes(document) || !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(rule) || rest.length > 0)
    throw new UserError(`"${written}": write <reference>/<rule-name> with a reference of ${documents.join(', ')}`)
  const taken = readdirSync(join(root, 'rules'), { recursive: true, encoding: 'utf8' })
  if (taken.some((path) => path.endsWith(`/${rule}.ts`))) throw new UserError(`"${rule}": there is a rule of that name`)

  const paths = { module: `rules/${document}/${rule}.ts`, fixture: `test/rules/${document}/${rule}.py` }
  const section = `references/${document}.md`
  for (const [path, content] of [
    [paths.module, moduleOf(document, rule)],
    [paths.fixture, fixtureOf(rule)],
  ] as const) {
    if (existsSync(join(root, path))) throw new UserError(`${path}: is there already`)
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const text = readFileSync(join(root, section), 'utf8')
  writeFileSync(join(root, section), `${listed(text, rule).trimEnd()}\n\n${sectionOf(rule)}`)
  return [paths.fixture, paths.module, section]
}

/** The document with the rule's section at the end of its contents. */
const listed = (text: string, rule: string) =>
  text.replace(/(?<=^## Contents\n\n(?:.+\n)+)(?=\n)/m, `  - [${titleOf(rule)}](#${rule})\n`)

const titleOf = (rule: string) => rule.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase())

const moduleOf = (document: string, rule: string) => `import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: '${rule}',
  reference: '${document}.md#${rule}',
  scope: 'file',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'Say in one line what is wrong',
  messages: {
    found: 'Say what is wrong. Say why it hurts here. Say what to do.',
  },
  *check({ project, file }) {
    for (const call of file.calls) {
      if (project.externalName(file, call.callee) !== 'celery.say_which') continue
      yield { messageId: 'found', span: call }
    }
  },
})
`

const fixtureOf = (rule: string) => `from celery import shared_task


@shared_task
def report(): ...


# expect: ${rule}
report.delay()
# ok: ${rule}
report.delay()
`

const sectionOf = (rule: string) => `## ${titleOf(rule)}

Rule: ${rule}

Say what goes wrong, and when it is fine.

\`\`\`python bad
from celery import shared_task


@shared_task
def report(): ...


report.delay()
\`\`\`

\`\`\`python good
from celery import shared_task


@shared_task
def report(): ...
\`\`\`

Link to the upstream documentation.
`
