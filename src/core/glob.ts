/**
 * Owns globs: `*` and `?` within a name, `[a-z]`, `{this,that}`, and `**` for any folders. Whoever writes one is a stranger,
 * so matching takes at most the product of the lengths of glob and path, where the usual regular expression may take for ever.
 */

/** In `{…}` of one glob. */
export const mostAlternatives = 100

type Part = '*' | ((character: string) => boolean)
type Segment = '**' | readonly Part[]

/** Whether a path matches one of the globs. A glob with more alternatives than it may have matches nothing. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((glob) => (alternativesOf(glob) ?? []).map((one) => one.split('/').map(toSegment)))
  return (path) => {
    const names = path.split('/').map((name) => [...name])
    return patterns.some((pattern) => fits(pattern, names, isFolders, fitsName))
  }
}

const isFolders = (segment: Segment): boolean => segment === '**'
const isStar = (part: Part): boolean => part === '*'
const fitsName = (segment: Segment, name: readonly string[]): boolean =>
  fits(segment as readonly Part[], name, isStar, fitsPart)
const fitsPart = (part: Part, character: string): boolean => (part as (character: string) => boolean)(character)

/**
 * Whether items fit a pattern, some elements of which stand for any run of items. Where it fails, it is enough to let the
 * last run take one more: what stands before it fits as it is.
 */
function fits<Element, Item>(
  pattern: readonly Element[],
  items: readonly Item[],
  isRun: (element: Element) => boolean,
  isFit: (element: Element, item: Item) => boolean,
): boolean {
  let at = 0
  let afterRun = -1
  let takenByRun = 0
  for (let next = 0; next < items.length; ) {
    const element = pattern[at]
    if (element !== undefined && isRun(element)) {
      afterRun = ++at
      takenByRun = next
    } else if (element !== undefined && isFit(element, items[next]!)) {
      at++
      next++
    } else if (afterRun >= 0) {
      at = afterRun
      next = ++takenByRun
    } else return false
  }
  return pattern.slice(at).every(isRun)
}

function toSegment(text: string): Segment {
  return text === '**' ? text : Array.from(text.matchAll(/\\(.)|\[([!^]?)(\]?[^\]]*)\]|(\*+)|(.)/gsu), toPart)
}

function toPart([, escaped, negation, members, stars, character]: RegExpMatchArray): Part {
  if (stars) return '*'
  if (members === undefined) {
    return character === '?' ? () => true : (one) => one === (escaped ?? character)
  }
  const ranges = Array.from(
    members.matchAll(/(.)-(.)|(.)/gsu),
    ([, from, to, only]) => [from ?? only!, to ?? only!] as const,
  )
  return (one) => ranges.some(([from, to]) => from <= one && one <= to) === (negation === '')
}

/** A glob without its `{…}`, once for each alternative; undefined when those are too many. */
export function alternativesOf(glob: string): string[] | undefined {
  const whole: string[] = []
  // What is done in front, and what is still to be taken apart.
  const open = [{ done: '', rest: glob }]
  for (let one = open.pop(); one; one = open.pop()) {
    const braces = firstBraces(one.rest)
    if (!braces) whole.push(one.done + one.rest)
    else {
      const [before, choices, after] = braces
      open.push(...choices.toReversed().map((choice) => ({ done: one.done + before, rest: choice + after })))
    }
    if (whole.length + open.length > mostAlternatives) return undefined
  }
  return whole
}

/** What stands before the first `{a,b}`, its choices, and what stands behind it. Braces without a comma are just characters. */
function firstBraces(glob: string): [string, string[], string] | undefined {
  for (let start = glob.indexOf('{'); start >= 0; start = glob.indexOf('{', start + 1)) {
    const choices: string[] = []
    let depth = 0
    let from = start + 1
    for (let at = start; at < glob.length; at++) {
      if (glob[at] === '{') depth++
      else if (glob[at] === '}') depth--
      if (depth === 0 || (depth === 1 && glob[at] === ',')) {
        choices.push(glob.slice(from, at))
        from = at + 1
      }
      if (depth === 0) break
    }
    if (depth === 0 && choices.length > 1) return [glob.slice(0, start), choices, glob.slice(from)]
  }
  return undefined
}
