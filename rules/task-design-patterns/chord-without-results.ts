/** The body of a chord is given the results of its header, so there must be results, and a backend that can gather them. */
import { type Chord, chordsOf, isGroup } from '../../src/celery/chords.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import { keepsNoResults } from '../../src/celery/result-backend.ts'
import type { CelerySetting } from '../../src/celery/settings.ts'
import type { Task } from '../../src/celery/tasks.ts'
import { applyAsyncMethods } from '../../src/celery/vocabulary/methods.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule, type Problem } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'chord-without-results',
  reference: 'task-design-patterns.md#chords-need-results',
  scope: 'project',
  severity: 'error',
  confidence: 'high',
  status: 'stable',
  fix: 'sometimes',
  summary: 'A chord is made where the results that its body waits for are not kept',
  messages: {
    backend:
      'A chord needs a result backend, and {setting} says that there is none: unless the environment sets `CELERY_RESULT_BACKEND`, sending this raises `NotImplementedError`. Set one, or call the last task in another way.',
    unsupported:
      'The result backend {backend} cannot gather the results of a chord: sending this raises `NotImplementedError`. Use another one, such as Redis or the database.',
    task: '{task} stands in the header of a chord and ignores its result, so the result that the chord waits for never comes and its body does not run. Let the task keep its result.',
    global:
      '{setting} is on, so {task} in the header of this chord leaves no result, and the body that waits for it does not run. Give that task `ignore_result=False`.',
    link: 'A group takes no `link`: this raises a `TypeError`. Make it a chord, whose body runs when all of the group is done.',
  },
  *check({ project }) {
    yield* linkedGroups(project)
    const backend = backendOf(project)
    const written = project.settingsFor('result_backend')[0]?.written ?? ''
    const ignored = project.settingsFor('task_ignore_result').find(({ value }) => isConstant(value, true))
    const seen = new Set<Task>()
    for (const chord of chordsOf(project)) {
      const { file, node } = chord
      if (backend === undefined)
        yield { messageId: 'backend', data: { setting: written }, file, span: node, severity: 'warning' }
      else if (backend === 'rpc') yield { messageId: 'unsupported', data: { backend: 'rpc://' }, file, span: node }
      else if (backend === 'gathering') yield* resultless(project, chord, ignored, seen)
    }
  },
})

function* linkedGroups(project: CeleryProject): Generator<Problem> {
  for (const { file, receiver, method, options } of project.dispatches) {
    const link = options.get('link')
    if (link && !isConstant(link.value, null) && applyAsyncMethods.has(method) && isGroup(project, file, receiver))
      yield { messageId: 'link', file, span: link }
  }
}

/** The tasks in the header of a chord that keep no result. */
function* resultless(
  project: CeleryProject,
  { file, node, header }: Chord,
  ignored: CelerySetting | undefined,
  seen: Set<Task>,
): Generator<Problem> {
  for (const signature of header) {
    const task = taskOf(project, file, signature)
    if (!task || seen.has(task)) continue
    const own = project.taskOption(task, 'ignore_result')
    const data = { task: task.node.name, setting: ignored?.written ?? '' }
    if (own.value && isConstant(own.value, true)) {
      seen.add(task)
      const related = [{ file, span: node, note: 'the chord waits for its result here' }]
      const edits = [{ span: own.value, replacement: 'False' }] as const
      const fix = { title: 'Keep the result', applicability: 'unsafe', edits } as const
      yield { messageId: 'task', data, file: own.file, span: own.value, related, fix }
    } else if (!own.value && !own.open && ignored) {
      seen.add(task)
      const related = [{ file: ignored.file, span: ignored.at, note: 'results are switched off here' }]
      yield { messageId: 'global', data, file, span: signature, related }
    }
  }
}

/** The task of `task.s(…)`; a signature that is changed afterwards may keep its result. */
function taskOf(project: CeleryProject, file: Chord['file'], signature: Expr): Task | undefined {
  if (signature.kind !== 'call' || signature.callee.kind !== 'attribute') return undefined
  const { attr, value } = signature.callee
  return /^(s|si)$/.test(attr) ? project.taskOf(file, value) : undefined
}

const isConstant = (expr: Expr, value: boolean | null) => expr.kind === 'constant' && expr.value === value

/**
 * What kind of result backend a project has: none, `rpc`, which has no chords, one that gathers stored results, or one
 * that cannot be seen. That of Redis counts on its own and does without. Source: `on_chord_part_return`
 * in celery/backends/redis.py, and celery/backends/base.py.
 */
function backendOf(project: CeleryProject): 'rpc' | 'gathering' | 'unseen' | undefined {
  const settings = project.settingsFor('result_backend')
  if (keepsNoResults(project)) return undefined
  const urls = settings.map(({ file, value }) => {
    const referent = project.resolve(file, value)
    return referent?.kind === 'value' ? referent.expr : value
  })
  const schemes = new Set(urls.map((url) => (url.kind === 'string' ? /^[\w-]+/.exec(url.value)?.[0] : undefined)))
  const [scheme] = schemes
  if (schemes.size > 1 || scheme === undefined) return 'unseen'
  if (scheme === 'rpc') return scheme
  return /^(django-(db|cache)|db|cache|database|file|filesystem|mongodb|memcached?)$/.test(scheme)
    ? 'gathering'
    : 'unseen'
}
