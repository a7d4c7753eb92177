/** The rules of the product as tests use them. */
import { loadRules } from '../../src/rule/registry.ts'
import type { Rule } from '../../src/rule/rule.ts'

export const rules = await loadRules()

/** The same rules without their fixes, for analyses that need no proofs. */
export const fixless = rules.map((rule) => {
  const check = function* (context: never) {
    for (const problem of rule.check(context)) yield { ...problem, fix: undefined }
  }
  return { ...rule, check } as unknown as Rule
})
