/** `countdown` and `eta` are two ways to say when a task runs; given both, Celery heeds the first. */
import { type MessageOptions, messageOptions } from '../../src/celery/message-options.ts'
import { momentOf } from '../../src/celery/moments.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'countdown-and-eta-both',
  reference: 'task-design-patterns.md#seconds-or-a-point-in-time',
  scope: 'project',
  severity: 'warning',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'A message is given both countdown and eta, and Celery ignores the eta',
  messages: {
    both: '`countdown` and `eta` both say when the task runs, and Celery ignores {eta} as soon as there is a `countdown`. Keep the one that is meant.',
  },
  *check({ project }) {
    for (const message of messageOptions(project)) {
      const both = ['countdown', 'eta'].every((option) => isGiven(project, message, option))
      const eta = message.options.get('eta')
      if (both && eta)
        yield { messageId: 'both', data: { eta: message.file.textOf(eta) }, file: message.file, span: eta }
    }
  },
})

/** Whether an option certainly has a value: a name may hold `None`, and so says nothing, unless its value is seen. */
function isGiven(project: CeleryProject, { file, options }: MessageOptions, option: string): boolean {
  const given = options.get(option)?.value
  return given !== undefined && isSomething(project, file, given)
}

function isSomething(project: CeleryProject, file: ProjectFile, expr: Expr): boolean {
  if (momentOf(project, file, expr)) return true
  if (expr.kind === 'name') {
    const referent = project.resolve(file, expr)
    return (
      referent?.kind === 'value' && referent.expr.kind !== 'name' && isSomething(project, referent.file, referent.expr)
    )
  }
  if (expr.kind === 'number') return expr.value > 0
  if (expr.kind === 'binary') return expr.operator !== 'or' && expr.operator !== 'and'
  // What a function of somebody's returns may be `None`.
  return (
    expr.kind === 'call' && /^(datetime|django\.utils\.timezone)\./.test(project.externalName(file, expr.callee) ?? '')
  )
}
