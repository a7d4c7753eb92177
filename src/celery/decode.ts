/** Owns the step from a file's bytes to its text, as Python reads source files (PEP 263). */

/** Either the text or the reason why there is none. */
export type Decoded = { text: string } | { refused: string }

const cookie = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/

/** Decodes Python source: UTF-8 with or without a BOM, or the encoding that its first two lines declare. */
export function decodeSource(bytes: Uint8Array): Decoded {
  if (bytes.includes(0)) return { refused: 'contains a NUL byte' }
  const head = Buffer.from(bytes.subarray(0, 400))
    .toString('latin1')
    .split(/\r\n|\r|\n/, 2)
  const declared = head.map((line) => cookie.exec(line)?.[1]).find((encoding) => encoding !== undefined)
  // Python's name for it is not among those that the web knows.
  const encoding =
    declared
      ?.toLowerCase()
      .replaceAll('_', '-')
      .replace(/^(iso-)?latin-1$/, 'latin1') ?? 'utf-8'
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof RangeError) return { refused: `declares the unknown encoding ${encoding}` }
    return { refused: `is not valid ${encoding === 'utf-8' ? 'UTF-8' : encoding}` }
  }
}
