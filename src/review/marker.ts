/**
 * Owns the hidden marker at the end of every comment and review of ours: which findings it speaks of, so that nothing is
 * said twice, and for a review its key, so that one whose POST failed after it was stored can be recognised.
 */
import { createHash } from 'node:crypto'

export interface Marker {
  /** The fingerprints of the findings that the comment is about, or that the review lists. */
  readonly fingerprints: readonly string[]
  /** The key of the review; absent from a comment. */
  readonly review?: string
  /** The rule that the comment is about. */
  readonly rule?: string
  /** The commit as of which the comment's findings were gone. */
  readonly gone?: string
  /** The comment whose commands are answered. */
  readonly reply?: string
}

/**
 * Names a review by the commit that it is about, what it says, and how many reviews there were before it: a head that
 * comes back after others may need the same words again.
 */
export function reviewKey(headSha: string, fingerprints: readonly string[], before: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([before, ...fingerprints]))
    .digest('hex')
  return `${headSha}/${digest.slice(0, 16)}`
}

export function formatMarker({ fingerprints, ...rest }: Marker): string {
  const fields = names.flatMap((name) => (rest[name] === undefined ? [] : [` ${name}=${rest[name]}`]))
  return `<!-- celery-review:v1${fields.join('')} fingerprint=${fingerprints.map(encode).join(',')} -->`
}

const names = ['review', 'rule', 'gone', 'reply'] as const

/**
 * The marker of a comment or review body, undefined when there is none. Whose comment it is, the caller must know: anybody
 * can write a marker. The last one counts, since text of the reviewed code may hold another one before it.
 */
export function parseMarker(body: string): Marker | undefined {
  const found = [...body.matchAll(/<!-- celery-review:v1((?: [a-z]+=[^\s<>]*)*) -->/g)].at(-1)
  if (!found) return undefined
  const fields = new Map(
    found[1]!
      .trim()
      .split(' ')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  )
  const fingerprints = (fields.get('fingerprint') ?? '').split(',').filter(Boolean).map(decode)
  return { fingerprints, ...Object.fromEntries(names.map((name) => [name, fields.get(name)])) }
}

/** Leaves nothing in a fingerprint that could end the marker, or separate two fields or fingerprints. */
const encode = (fingerprint: string): string =>
  encodeURIComponent(fingerprint.replace(/\p{Cs}/gu, '\ufffd')).replaceAll('-', '%2D')

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
