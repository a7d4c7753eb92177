/**
 * Owns positions in text. Everything inside the engine speaks in offsets; this is the only place that turns an offset
 * into a line and a column, or back.
 */

/** A half-open range of UTF-16 offsets into one file's text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Lines and columns are 1-based; columns count UTF-16 code units, and `endColumn` is exclusive. */
export interface LineRange {
  readonly line: number
  readonly endLine: number
  readonly column: number
  readonly endColumn: number
}

/** The line structure of one text. Lines end at `\n`, `\r\n` or a lone `\r`, as Python's tokenizer reads them. */
export class Lines {
  readonly #starts: number[] = [0]

  constructor(readonly text: string) {
    const terminator = /\r\n|\r|\n/g
    while (terminator.exec(text)) this.#starts.push(terminator.lastIndex)
  }

  /** The number of lines; a text that ends with a terminator has an empty last line. */
  get count(): number {
    return this.#starts.length
  }

  /** The 1-based line that holds an offset. Offsets outside the text belong to the first or last line. */
  lineAt(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  /** The offset at which a 1-based line starts. Lines past the end start at the end of the text. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.text.length
  }

  /** The offset just behind a 1-based line's last character, its terminator left out. */
  endOf(line: number): number {
    let end = this.startOf(line + 1)
    if (line >= this.count) return end
    if (this.text[end - 1] === '\n') end--
    if (this.text[end - 1] === '\r') end--
    return end
  }

  /** The text of a 1-based line without its terminator. */
  textOf(line: number): string {
    return this.text.slice(this.startOf(line), this.endOf(line))
  }

  rangeOf(span: Span): LineRange {
    const line = this.lineAt(span.start)
    const endLine = this.lineAt(Math.max(span.start, span.end))
    return {
      line,
      endLine,
      column: span.start - this.startOf(line) + 1,
      endColumn: Math.max(span.start, span.end) - this.startOf(endLine) + 1,
    }
  }
}
