/**
 * Owns the port to the database that keeps what must outlive the process. There are two behind it, SQLite and
 * PostgreSQL, and one SQL for both: what they spell differently is in `Dialect`.
 */

export type Value = string | number | null | Uint8Array

export interface Sql {
  /** Runs one statement, whose parameters are `$1`, `$2`, …, and gives the rows that it selects or returns. */
  query<Row>(text: string, values?: readonly Value[]): Promise<Row[]>
}

export interface Dialect {
  /** The type of a column of bytes. */
  readonly bytes: string
  /** Appended to a selection of rows that the transaction is about to change. SQLite has one writer at a time anyway. */
  readonly forUpdate: string
  /** A selection of the texts that a parameter holds as a JSON array. */
  readonly listed: (parameter: string) => string
  /** Lets one transaction after the other do what bears the same number. */
  readonly takeTurns: (sql: Sql, lock: number) => Promise<void>
}

export interface Database extends Sql {
  readonly dialect: Dialect
  /**
   * All or nothing. Inside of it, only the `Sql` that is handed over may be used.
   * @param work may be run more than once; what it does besides asking the database must bear that
   * @param isPromise whether somebody relies on it who will not say it again: it then survives the loss of power, too
   */
  transaction<Result>(work: (sql: Sql) => Promise<Result>, isPromise?: boolean): Promise<Result>
  /** Ends when what is under way has ended. */
  close(): Promise<void>
}

/** The rows that an INSERT lists: the text that stands for them behind VALUES, and its parameters. */
export function rowsOf(rows: readonly (readonly Value[])[]): { readonly text: string; readonly values: Value[] } {
  const values: Value[] = []
  const text = rows.map((row) => `(${row.map((value) => `$${values.push(value)}`).join(', ')})`).join(', ')
  return { text, values }
}
