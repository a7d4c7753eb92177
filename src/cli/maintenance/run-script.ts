/** Owns how a script of this folder runs: its output, and one line for whoever called it wrongly. */
import { UserError } from '../../core/errors.ts'

/** Runs the body of a script with its arguments, prints the answer, and turns a fault of usage into one line and exit code 2. */
export async function runScript(name: string, body: (args: string[]) => string | Promise<string>): Promise<void> {
  try {
    process.stdout.write(await body(process.argv.slice(2)))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exitCode = 2
  }
}
