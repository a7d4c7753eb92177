/** Owns the guess at what somebody meant to write: the names that a few slips of the keyboard turn into another. */

/** Nobody mistypes a longer name, and comparing names takes the product of their lengths. */
const MAX_LENGTH = 200

/**
 * The candidates closest to a name, at most `maxDistance` slips away, in the order given; several when they are equally
 * close. A slip is a character too many, too few or wrong, or two neighbours swapped. Case counts.
 */
export function nearest(name: string, candidates: Iterable<string>, maxDistance: number): string[] {
  if (name.length > MAX_LENGTH) return []
  let found: string[] = []
  let smallest = maxDistance
  const letters = lettersOf(name)
  for (const candidate of new Set(candidates)) {
    if (Math.abs(candidate.length - name.length) > smallest) continue
    // A slip adds one letter and takes away another, at the most.
    if (bitsOf(letters ^ lettersOf(candidate)) > 2 * smallest) continue
    const distance = slipsBetween(name, candidate, smallest)
    if (distance > smallest) continue
    if (distance < smallest) found = []
    found.push(candidate)
    smallest = distance
  }
  return found
}

/** Which letters a name has, a bit for each of 32 classes of them. */
function lettersOf(name: string): number {
  let letters = 0
  for (let index = 0; index < name.length; index++) letters |= 1 << (name.charCodeAt(index) & 31)
  return letters
}

function bitsOf(number: number): number {
  let bits = 0
  for (let rest = number; rest !== 0; rest &= rest - 1) bits++
  return bits
}

/**
 * The Damerau-Levenshtein distance in which no part of a word is changed twice ("optimal string alignment"), or any number
 * above `limit` when it is above it.
 */
function slipsBetween(from: string, to: string, limit: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let slips = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) slips = Math.min(slips, beforeLast[column - 2]! + 1)
      current.push(slips)
    }
    if (Math.min(...current) > limit) return limit + 1
    beforeLast = last
    last = current
  }
  return last[to.length]!
}
