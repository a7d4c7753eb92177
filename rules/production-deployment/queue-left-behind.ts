/** A queue keeps its messages until somebody reads it, whatever the code that filled it says by now. */
import { survivingTasks } from '../../src/celery/change.ts'
import { sentLabel } from '../../src/celery/dispatches.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { declaredQueues, queueRoutes, queueUses } from '../../src/celery/queues.ts'
import type { Span } from '../../src/core/text.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { type ChangeContext, defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'queue-left-behind',
  reference: 'production-deployment.md#changing-a-queue',
  scope: 'change',
  severity: 'warning',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  readsDeployment: true,
  summary: 'A task is sent to another queue, and nothing names the queue any more that its messages wait in',
  messages: {
    renamed:
      '{task} goes to {queue} now, and nothing here names {old} any more, where messages of it still wait and where their retries return to. They stay there unless a worker goes on reading {old}, and {queue} fills up until one reads that. Let workers read both until {old} is empty.',
    moved:
      '{task} goes to {queue} now, and nothing here names {old} any more, where messages of it still wait and where their retries return to. Let a worker go on reading {old} until it is empty.',
    dropped:
      '{task} is no longer sent to {old}, and nothing here names that queue any more, where messages of it still wait and where their retries return to. Let a worker go on reading {old} until it is empty.',
  },
  *check(change) {
    const [known, left] = [queuesOf(change.before), queuesOf(change.after)]
    const said = new Set<string>()
    for (const { task, old, now } of rerouted(change)) {
      const isGone = !left.has(old) && !isWritten(change.after, old)
      if (said.has(old) || now.file.isTest || !isGone) continue
      const to = now.value && (change.after.resolve(now.file, now.value) ?? now.value)
      const queue = to?.kind === 'value' ? to.expr : to
      if (queue && queue.kind !== 'string') continue
      said.add(old)
      yield {
        messageId: !queue ? 'dropped' : known.has(queue.value) ? 'moved' : 'renamed',
        data: { task, old, queue: queue?.value ?? '' },
        file: now.file,
        span: now.at,
      }
    }
  },
})

/** Something that went to one queue, and now goes to another, to one that is given in another way, or to none that is named. */
interface Rerouted {
  readonly task: string
  readonly old: string
  /** Where it says so now; without a value where it names no queue any more. */
  readonly now: { readonly file: ProjectFile; readonly at: Span; readonly value?: Expr }
}

function* rerouted({ before, after }: ChangeContext): Generator<Rerouted> {
  const pair = (task: string, was: Expr | undefined, file: ProjectFile, is: Expr | undefined): Rerouted[] =>
    was?.kind === 'string' && is && !(is.kind === 'string' && is.value === was.value)
      ? [{ task, old: was.value, now: { file, at: is, value: is } }]
      : []
  const routes = new Map([...queueRoutes(before)].map(({ pattern, queue }) => [pattern, queue]))
  for (const { pattern, queue, file } of queueRoutes(after)) yield* pair(pattern, routes.get(pattern), file, queue)
  for (const { old, now } of survivingTasks(before, after)) {
    const was = old.options.get('queue')?.value
    yield* pair(now.name!, was, now.file, now.options.get('queue')?.value)
    if (was?.kind === 'string' && !now.options.has('queue') && !now.optionsOpen)
      yield { task: now.name!, old: was.value, now: { file: now.file, at: now.decorator ?? now.run.nameSpan } }
  }
  const sent = ({ dispatches }: CeleryProject) =>
    dispatches.flatMap((dispatch) => {
      const queue = dispatch.options.get('queue')?.value
      return queue && !dispatch.file.isTest ? [{ label: sentLabel(dispatch), file: dispatch.file, queue }] : []
    })
  const [were, are] = [sent(before), sent(after)]
  for (const { label, queue: was } of were) {
    // One that is sent in several ways may have lost any of them.
    const [is, ...others] = are.filter((one) => one.label === label)
    if (is && others.length === 0 && were.filter((one) => one.label === label).length === 1)
      yield* pair(label, was, is.file, is.queue)
  }
}

const queuesOf = (project: CeleryProject) =>
  new Set([...declaredQueues(project).names, ...[...queueUses(project)].map(({ name }) => name.value)])

/** Whether any code holds a name as a string, for whatever it does with it, or a file that starts workers has the word. */
const isWritten = ({ files }: CeleryProject, name: string) =>
  [...files.values()].some(({ isTest, facts: { text, deployment } }) => {
    if (isTest) return false
    return deployment ? text.split(/[^\w.-]+/).includes(name) : text.includes(`"${name}"`) || text.includes(`'${name}'`)
  })
