/** Owns the database in one file, shared by the processes of one machine: https://sqlite.org/wal.html */
import { mkdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import SQLite from 'better-sqlite3'
import { UserError } from '../core/errors.ts'
import type { Database, Dialect, Sql, Value } from './database.ts'
import { migrate } from './migrations.ts'

/** How long to wait while another process writes, in milliseconds. */
const patience = 10_000
/** SQLite's own waiting would hold up everything else that this process does. */
const longestNap = 10

const dialect: Dialect = {
  bytes: 'BLOB',
  forUpdate: '',
  listed: (parameter) => `SELECT value FROM json_each(${parameter})`,
  takeTurns: async () => {},
}

/**
 * Opens the database in a file, which is made when it is not there, and brings its tables up to date.
 * @throws UserError when the file cannot be used
 */
export async function openSqlite(path: string): Promise<Database> {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const database = new SqliteDatabase(path)
    await migrate(database)
    return database
  } catch (error) {
    if (error instanceof UserError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_DLOPEN_FAILED') {
      throw new UserError('better-sqlite3 was compiled for another version of Node: run npm rebuild better-sqlite3')
    }
    throw new UserError(`DATA_DIR: ${path} cannot be used as the database (${code ?? message})`)
  }
}

class SqliteDatabase implements Database {
  readonly dialect = dialect
  readonly #connection: SQLite.Database
  readonly #statements = new Map<string, SQLite.Statement<unknown[]>>()
  readonly #sql: Sql = { query: async (text, values) => this.#run(text, values) }
  /** There is one connection: a statement from outside must not slip into a transaction. */
  #last: Promise<unknown> = Promise.resolve()
  readonly #path: string
  #log?: FileHandle
  #writing: Promise<void> = Promise.resolve()
  #nextWriting?: Promise<void>

  constructor(path: string) {
    this.#path = path
    // Given here, the patience holds for the change of the journal's mode too, which two processes may attempt at once.
    this.#connection = new SQLite(path, { timeout: patience })
    this.#connection.pragma('journal_mode = WAL')
    this.#connection.pragma('busy_timeout = 0')
    // Survives the death of the process, and waits for no disk: https://sqlite.org/pragma.html#pragma_synchronous
    this.#connection.pragma('synchronous = NORMAL')
  }

  query<Row>(text: string, values?: readonly Value[]): Promise<Row[]> {
    return this.#inTurn(() => this.#runPatiently<Row>(text, values))
  }

  async transaction<Result>(work: (sql: Sql) => Promise<Result>, isPromise = false): Promise<Result> {
    const result = await this.#inTurn(async () => {
      await this.#runPatiently('BEGIN IMMEDIATE')
      try {
        const result = await work(this.#sql)
        this.#run('COMMIT')
        return result
      } catch (error) {
        if (this.#connection.inTransaction) this.#run('ROLLBACK')
        throw error
      }
    })
    if (isPromise) await this.#writeThrough()
    return result
  }

  /**
   * What was committed is on the disk when this ends: what `synchronous = FULL` would do after each commit, but off the event
   * loop, and once for all that are committed while the disk is busy. https://sqlite.org/wal.html#performance_considerations
   */
  #writeThrough(): Promise<void> {
    this.#nextWriting ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#nextWriting = undefined
        this.#writing = this.#syncLog()
        return this.#writing
      })
    return this.#nextWriting
  }

  async #syncLog(): Promise<void> {
    // The file stays the same for as long as somebody has the database open.
    this.#log ??= await open(`${this.#path}-wal`, 'r+')
    await this.#log.datasync()
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => this.#connection.close())
    await this.#writing.catch(() => {})
    await this.#log?.close()
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }

  async #runPatiently<Row>(text: string, values?: readonly Value[]): Promise<Row[]> {
    const begin = performance.now()
    for (;;) {
      try {
        return this.#run<Row>(text, values)
      } catch (error) {
        const isBusy = (error as { code?: string }).code?.startsWith('SQLITE_BUSY') ?? false
        if (!isBusy || performance.now() - begin > patience) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.random() * longestNap))
      }
    }
  }

  #run<Row>(text: string, values: readonly Value[] = []): Row[] {
    let statement = this.#statements.get(text)
    if (!statement) {
      statement = this.#connection.prepare(text)
      this.#statements.set(text, statement)
    }
    // To SQLite `$1` is a name like any other.
    const named = Object.fromEntries(values.map((value, index) => [index + 1, value]))
    if (statement.reader) return statement.all(named) as Row[]
    statement.run(named)
    return []
  }
}
