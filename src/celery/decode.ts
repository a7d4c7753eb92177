/** Owns the step from a file's bytes to its text and back, as Python reads source files (PEP 263). */

/** Either the text or the reason why there is none. */
export type Decoded = { text: string } | { refused: string }

const cookie = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/

/** Decodes Python source: UTF-8 with or without a BOM, or the encoding that its first two lines declare. */
export function decodeSource(bytes: Uint8Array): Decoded {
  if (bytes.includes(0)) return { refused: 'contains a NUL byte' }
  const encoding = encodingOf(bytes)
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof RangeError) return { refused: `declares the unknown encoding ${encoding}` }
    return { refused: `is not valid ${encoding === 'utf-8' ? 'UTF-8' : encoding}` }
  }
}

/**
 * Encodes a changed text as its file was: with its BOM, if it had one, or in its declared encoding. Undefined when that has
 * no place for a character of the text, or gives a character more than one byte.
 * @param original the file's bytes before the change, which `decodeSource` can read
 */
export function encodeSource(text: string, original: Uint8Array): Uint8Array | undefined {
  const encoding = encodingOf(original)
  const isUtf8 = new TextDecoder(encoding).encoding === 'utf-8'
  const encoded = isUtf8 ? encodeUtf8(text, original) : encodeSingleBytes(text, encoding)
  const decoded = encoded && decodeSource(encoded)
  return decoded && 'text' in decoded && decoded.text === text ? encoded : undefined
}

const byteOrderMark = [0xef, 0xbb, 0xbf]

function encodeUtf8(text: string, original: Uint8Array): Uint8Array {
  const hasMark = byteOrderMark.every((byte, index) => original[index] === byte)
  return new TextEncoder().encode(hasMark ? `\ufeff${text}` : text)
}

function encodeSingleBytes(text: string, encoding: string): Uint8Array | undefined {
  const characters = [...new TextDecoder(encoding).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))]
  if (characters.length !== 256) return undefined
  const bytes = new Map(characters.map((character, byte) => [character, byte]))
  const encoded = Array.from(text, (character) => bytes.get(character))
  return encoded.includes(undefined) ? undefined : Uint8Array.from(encoded as number[])
}

function encodingOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 400))
    .toString('latin1')
    .split(/\r\n|\r|\n/, 2)
  const declared = head.map((line) => cookie.exec(line)?.[1]).find((encoding) => encoding !== undefined)
  // Python's name for it is not among those that the web knows.
  const known = declared?.toLowerCase().replaceAll('_', '-')
  return known?.replace(/^(iso-)?latin-1$/, 'latin1') ?? 'utf-8'
}
