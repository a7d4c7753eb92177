/** Owns reading the fields of a `crontab` as Celery does: what each accepts, and why it refuses the rest. */
import type { Argument, Call } from '../python/syntax.ts'
import { crontabFieldNames, crontabFields, crontabNumber } from './vocabulary/crontab.ts'

/** The arguments of a call by the field that they fill; undefined when something is unpacked into it. */
export function crontabArguments(call: Call): ReadonlyMap<string, Argument> | undefined {
  if (call.args.some((arg) => arg.unpack)) return undefined
  return new Map(call.args.map((arg, index) => [arg.name ?? crontabFieldNames[index] ?? '', arg]))
}

/** Why a field refuses its pattern: it cannot be read, or it has a number that the field does not have. */
export type PatternFault = { readonly kind: 'unreadable' } | { readonly kind: 'outside'; readonly number: number }

/** Why a field refuses a pattern such as `1-5` or `0,30`; undefined when it takes it. */
export function patternFault(field: string, pattern: string): PatternFault | undefined {
  for (const part of pattern.split(',')) {
    const fault = partFault(field, part)
    if (fault) return fault
  }
  return undefined
}

function partFault(field: string, part: string): PatternFault | undefined {
  // What follows a complete range or step is not read.
  const range = /^(\w+?)-(\w+)(\/\w*)?/.exec(part)
  const star = /^\*(\/\w*)/.exec(part)
  const step = range?.[3] ?? star?.[1]
  if (step && !/^\/0*[1-9]\d*$/.test(step)) return { kind: 'unreadable' }
  if (range) return numberFault(field, range[1]!) ?? numberFault(field, range[2]!)
  return star || part === '*' ? undefined : numberFault(field, part)
}

function numberFault(field: string, written: string): PatternFault | undefined {
  const number = /^\s*\d+\s*$/.test(written) ? Number(written) : crontabNumber(written)
  if (number === undefined) return { kind: 'unreadable' }
  return isInField(field, number) ? undefined : { kind: 'outside', number }
}

/** Whether a field has a number. */
export function isInField(field: string, number: number): boolean {
  const [min, max] = crontabFields.get(field)!
  return min <= number && number <= max
}
