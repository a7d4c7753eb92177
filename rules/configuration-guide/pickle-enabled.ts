/** Reading a pickle runs the code that is in it: who can write to the broker then commands the workers. */
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { keepsNoResults } from '../../src/celery/result-backend.ts'
import { elementsIn } from '../../src/celery/sequences.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'pickle-enabled',
  reference: 'configuration-guide.md#pickle',
  scope: 'project',
  severity: 'warning',
  confidence: 'high',
  status: 'stable',
  fix: 'never',
  summary: 'Tasks or results travel as pickles, which run code when they are read',
  messages: {
    accepted:
      'Reading a pickle runs whatever code is in it, so with {setting} everybody who can write to the broker can run code in the workers. Accept `json` alone, and pass what it can hold.',
    results:
      'Reading a pickle runs whatever code is in it, so with {setting} everybody who can write to the result backend can run code wherever a result is read. Keep results as `json`.',
    sent: 'This sends pickles, and a worker that takes them runs whatever code is in one: everybody who can write to the broker can then run code in it. Send `json`, and pass what it can hold.',
  },
  *check({ project }) {
    if (isSigned(project)) return
    const found = [...settingsWithPickle(project)]
    const isAccepted = found.some(({ messageId }) => messageId === 'accepted')
    for (const problem of found) if (problem.messageId !== 'sent' || !isAccepted) yield problem
    if (found.length > 0) return
    for (const { file, options } of [...project.tasks, ...project.dispatches]) {
      const serializer = options.get('serializer')
      if (serializer && isPickle(serializer.value)) yield { messageId: 'sent', file, span: serializer }
    }
  },
})

const messageIds: ReadonlyMap<string, string> = new Map([
  ['accept_content', 'accepted'],
  ['result_accept_content', 'results'],
  ['result_serializer', 'results'],
  ['task_serializer', 'sent'],
])

function* settingsWithPickle(project: CeleryProject): Generator<Problem> {
  const seen = new Set<Expr>()
  const keepsNone = keepsNoResults(project)
  for (const { key, file, at, value, written } of project.settings) {
    const messageId = messageIds.get(key)
    if (!messageId || (messageId === 'results' && keepsNone) || seen.has(value) || !holdsPickle(project, file, value))
      continue
    seen.add(value)
    yield { messageId, data: { setting: written }, file, span: at }
  }
}

const holdsPickle = (project: CeleryProject, file: ProjectFile, value: Expr) =>
  isPickle(value) || elementsIn(project.names, file, value).elements.some(isPickle)

const isPickle = (value: Expr) =>
  value.kind === 'string' && /^(pickle|application\/x-python-serialize)$/.test(value.value)

/** Whether messages carry signatures, and those without one are refused. Source: celery/security/__init__.py. */
const isSigned = (project: CeleryProject) =>
  [...project.files.values()].some(
    (file) =>
      file.mentionsCelery &&
      file.calls.some(({ callee }) => callee.kind === 'attribute' && callee.attr === 'setup_security'),
  )
