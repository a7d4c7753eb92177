/** `autoretry_for=(Exception,)` repeats what no repetition can heal. */
import { elementsOf } from '../../src/celery/dispatches.ts'
import { givenOptions } from '../../src/celery/given-options.ts'
import { defineRule } from '../../src/rule/rule.ts'

export default defineRule({
  name: 'retry-everything',
  reference: 'error-handling.md#retries-for-any-exception',
  scope: 'file',
  severity: 'info',
  confidence: 'medium',
  status: 'preview',
  fix: 'never',
  summary: 'autoretry_for lists Exception, so bugs and permanent errors are repeated as well',
  messages: {
    any: '{task} is retried after any exception at all: a bug or a missing row fails the same way each time and is only reported when the retries are used up. List the exceptions that time may heal, or name the hopeless ones in `dont_autoretry_for`.',
  },
  *check({ project, file }) {
    for (const { value, label, option } of givenOptions(project, file, 'autoretry_for')) {
      const any = elementsOf(value)?.find((element) =>
        /^builtins\.(Base)?Exception$/.test(project.externalName(file, element) ?? ''),
      )
      const except = option('dont_autoretry_for')
      const isExcepted = except.open || (except.value && elementsOf(except.value)?.length !== 0)
      if (any && !isExcepted) yield { messageId: 'any', data: { task: label }, span: any }
    }
  },
})
