/** Owns how text gets on a terminal: colours, widths, wrapping, and making the characters of foreign text harmless. */
import { stripVTControlCharacters, styleText } from 'node:util'
import { visible } from '../review/inert.ts'

/** Where a command writes to. `process.stdout` is one. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** The terminal's width. */
  readonly columns?: number
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan'

/** Gives a text a colour, or leaves it alone. */
export type Paint = (style: Style | Style[], text: string) => string

/**
 * The paint for an output: colours on a terminal only, unless `FORCE_COLOR` or `NO_COLOR` say otherwise.
 * Sources: https://no-color.org and https://force-color.org, where a variable counts when it is not empty.
 */
export function paintFor(output: Output, environment: NodeJS.ProcessEnv): Paint {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment
  const coloured = FORCE_COLOR
    ? FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
    : !NO_COLOR && TERM !== 'dumb' && output.isTTY === true
  return coloured ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text
}

/** Shows characters that would act on a terminal, or hide on it, by Python's escapes. Line feeds stay. */
export const printable = (text: string): string => text.split('\n').map(visible).join('\n')

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** How many columns a printable text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of stripVTControlCharacters(text))
    width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}

/** Breaks a paragraph into lines of at most `width` columns, where its words allow. Without a width it stays one line. */
export function wrap(paragraph: string, width: number | undefined): string[] {
  const words = paragraph.split(/\s+/).filter((word) => word !== '')
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    if (line !== '' && width !== undefined && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

/** Text lines are read more easily when they end before a wide terminal does. */
const widestText = 100

/** The width to wrap text to: that of the terminal, within reason; undefined where there is none. */
export const textWidth = (output: Output): number | undefined =>
  output.isTTY ? Math.max(20, Math.min(output.columns ?? widestText, widestText)) : undefined

/** Indents every line that is not empty. */
export const indent = (text: string, by: string): string => text.replace(/^(?=.)/gm, by)

export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
