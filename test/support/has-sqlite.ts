/** Owns knowing whether SQLite can be used here. */
import SQLite from 'better-sqlite3'

/** Whether SQLite can be tested: its library is compiled for the Node that installed it, and loads in no other. */
export const hasSqlite = findSqlite()

function findSqlite(): boolean {
  try {
    new SQLite(':memory:').close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_DLOPEN_FAILED') throw error
    process.stderr.write('skipped: the tests on SQLite; run npm rebuild better-sqlite3 with this Node to run them\n')
    return false
  }
}
