/**
 * Reads annotated Python: what a rule must find, must leave alone, and how the fixed line reads.
 *
 *   # expect: rule-name        the next line of code has this finding
 *   # fix: <code>              and reads so after its fix; repeated for several lines, `# fix: -` for a deletion
 *   # ok: rule-name            the next line of code must not have this finding
 *   # todo-expect: rule-name   the next line should have this finding one day, and does not yet
 *   # --- file: path.py        what follows is another file
 *   # --- before, # --- after  what follows is the state of the merge base, or of the head
 *
 * Files above the first `before` or `after` are the same in both states.
 */
import type { Finding, Report } from '../../src/core/finding.ts'
import { applyEdits } from '../../src/core/fix.ts'
import { checkProject, compareProjects } from '../../src/engine/analyse.ts'
import type { Rule } from '../../src/rule/rule.ts'
import { changesOf, type Files, memorySnapshot } from './memory-snapshot.ts'

export interface Marker {
  readonly kind: 'expect' | 'ok' | 'todo-expect'
  readonly rule: string
  readonly path: string
  /** 1-based; the line of code that the marker stands above. */
  readonly line: number
  readonly fix?: readonly string[]
}

export interface Fixture {
  readonly before?: Files
  readonly after: Files
  readonly markers: readonly Marker[]
}

const DEFAULT_PATH = 'shop/example.py'

export function parseFixture(text: string, defaultPath = DEFAULT_PATH): Fixture {
  const states = {
    common: new Map<string, string[]>(),
    before: new Map<string, string[]>(),
    after: new Map<string, string[]>(),
  }
  let state: keyof typeof states = 'common'
  let path = defaultPath
  for (const line of text.split('\n')) {
    const section = /^# --- (before|after|file: (\S+))\s*$/.exec(line)
    if (section?.[2]) path = section[2]
    else if (section) {
      state = section[1] as 'before' | 'after'
      path = defaultPath
    } else {
      const lines = states[state].get(path)
      if (lines) lines.push(line)
      else states[state].set(path, [line])
    }
  }
  const filesOf = (own: Map<string, string[]>): Files =>
    Object.fromEntries(
      [...states.common, ...own]
        .filter(([, lines]) => lines.some((line) => line.trim()))
        .map(([name, lines]) => [name, lines.join('\n')]),
    )
  const isChange = states.before.size + states.after.size > 0
  const after = filesOf(states.after)
  return {
    before: isChange ? filesOf(states.before) : undefined,
    after,
    markers: Object.entries(after).flatMap(([name, code]) => markersOf(name, code)),
  }
}

function markersOf(path: string, code: string): Marker[] {
  const lines = code.split('\n')
  return lines.flatMap((line, index): Marker[] => {
    const match = /^\s*# (expect|ok|todo-expect): ([\w-]+)\s*$/.exec(line)
    if (!match) return []
    let at = index + 1
    const fix: string[] = []
    while (at < lines.length && /^\s*#/.test(lines[at]!)) {
      const fixed = /^\s*# fix: (.*)$/.exec(lines[at]!)
      if (fixed) fix.push(fixed[1]!)
      at++
    }
    return [
      { kind: match[1] as Marker['kind'], rule: match[2]!, path, line: at + 1, fix: fix.length > 0 ? fix : undefined },
    ]
  })
}

/** Runs rules, previews too, on a fixture. */
export function analyseFixture({ before, after }: Fixture, rules: readonly Rule[]): Promise<Report> {
  const options = { rules, settings: { preview: true } }
  if (!before) return checkProject(memorySnapshot(after), options)
  const comparison = { before: memorySnapshot(before), after: memorySnapshot(after), changes: changesOf(before, after) }
  return compareProjects(comparison, options)
}

/** The fixture with one finding's fix committed. */
export function withFix(fixture: Fixture, finding: Finding): Fixture {
  const text = applyEdits(fixture.after[finding.path]!, finding.fix!.edits)
  return { ...fixture, after: { ...fixture.after, [finding.path]: text } }
}
