/** Owns `npm run new-rule -- <reference>/<rule-name>`. */
import { createRule } from './create-rule.ts'
import { runScript } from './run-script.ts'

await runScript('new-rule', ([rule = '']) => {
  const paths = createRule(process.cwd(), rule)
  const name = rule.slice(rule.indexOf('/') + 1)
  return `${paths.join('\n')}\n\nFill them until this passes: npx vitest run test/rules.test.ts test/references.test.ts -t ${name}\n`
})
