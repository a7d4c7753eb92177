/** The keys of a JSON object are strings: a number goes in as a key, and a string comes out. */
import { sentLabel } from '../../src/celery/on-commit.ts'
import type { CeleryProject } from '../../src/celery/project.ts'
import type { ProjectFile } from '../../src/celery/project-file.ts'
import { mayConvertArguments, sentValues } from '../../src/celery/sent-values.ts'
import { serializerOf } from '../../src/celery/serializers.ts'
import type { Expr } from '../../src/python/syntax.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'non-string-dict-keys',
  reference: 'task-design-patterns.md#arguments-that-json-cannot-carry',
  scope: 'file',
  severity: 'warning',
  confidence: 'high',
  status: 'preview',
  fix: 'never',
  summary: 'A task is sent a dict whose keys are numbers, which arrive as strings',
  messages: {
    keys: '{key} is a key of this dict and no string, but {task} finds strings: JSON knows no other keys, so looking one up by its number fails. Use strings on both sides, or pass a list of pairs.',
  },
  *check({ project, file }) {
    for (const dispatch of project.dispatchesOf(file)) {
      const task = project.taskSentBy(dispatch)
      if (serializerOf(project, dispatch) !== 'json' || (task && mayConvertArguments(project, task))) continue
      for (const { expr } of sentValues(project, dispatch)) {
        const key = otherKey(project, file, expr)
        if (key)
          yield {
            messageId: 'keys',
            data: { key: key.file.textOf(key.expr), task: sentLabel(dispatch) },
            span: expr,
          }
      }
    }
  },
})

/** A key of a literal dict, or of a local that is assigned one, that JSON turns into a string. */
function otherKey(
  project: CeleryProject,
  file: ProjectFile,
  expr: Expr,
): { file: ProjectFile; expr: Expr } | undefined {
  if (expr.kind === 'name') {
    const value = project.resolve(file, expr)
    return value?.kind === 'value' && value.expr.kind !== 'name' ? otherKey(project, value.file, value.expr) : undefined
  }
  const keys =
    expr.kind === 'dict' ? expr.entries.map(({ key }) => key) : expr.kind === 'comprehension' ? [expr.key] : []
  const found = keys.find((key) => key && becomesString(project, file, key))
  return found && { file, expr: found }
}

/** Whether a key is a number, `True`, `False` or `None`. A primary key may also be a UUID, which JSON refuses as a key. */
function becomesString(project: CeleryProject, file: ProjectFile, key: Expr): boolean {
  if (key.kind === 'number' || key.kind === 'constant') return true
  return key.kind === 'call' && /^builtins\.(int|float|len|bool)$/.test(project.externalName(file, key.callee) ?? '')
}
