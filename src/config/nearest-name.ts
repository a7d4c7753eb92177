/** Owns the guess at what somebody meant to write. */

/** How many single letters have to be added, dropped or replaced to turn one name into the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}

/** The name that is closest to what was written, unless a third of it would have to change. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let smallest = Math.max(2, Math.floor(written.length / 3)) + 1
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= smallest) continue
    const steps = distance(written.toLowerCase(), name.toLowerCase())
    if (steps < smallest) {
      best = name
      smallest = steps
    }
  }
  return best
}
