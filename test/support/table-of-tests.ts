/** Owns reading tables in Markdown whose last column links to a test file and names a test in it. */
import { existsSync, readFileSync } from 'node:fs'

export interface TestRow {
  readonly line: string
  readonly isThere: boolean
}

/** The rows of all tables of a document, and whether the test of each is there. */
export function testRowsOf(document: URL): TestRow[] {
  return readFileSync(document, 'utf8')
    .split('\n')
    .filter(
      (line, index, lines) =>
        line.startsWith('| ') && !line.startsWith('| ---') && !lines[index + 1]?.startsWith('| ---'),
    )
    .map((line) => {
      const [, file = '', name = ''] = /\[[^\]]+\]\(([^)]+)\): (.+) \|$/.exec(line) ?? []
      return { line, isThere: file !== '' && hasTest(new URL(file, document), name) }
    })
}

function hasTest(file: URL, name: string): boolean {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  // Where a title is long, it has a line of its own.
  return lines
    .map((line) => line.trim())
    .some((line) => line === `'${name}',` || (/^(test|it|\]\))/.test(line) && line.includes(`('${name}',`)))
}
