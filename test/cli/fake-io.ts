/** Owns a stand-in for the process that a command runs in. */

import type { Programs } from '../../src/cli/command-line.ts'
import { runCommandLine } from '../../src/cli/command-line.ts'
import type { Io } from '../../src/cli/io.ts'
import { temporaryDirectory } from '../git/temporary-repository.ts'

export interface Run {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line in this process, with a cache of its own. */
export async function run(
  args: readonly string[],
  { cwd = temporaryDirectory(), cache = temporaryDirectory(), programs = {} as Partial<Programs>, columns = 0 } = {},
): Promise<Run> {
  const written = { stdout: '', stderr: '' }
  const outputTo = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text
    },
    isTTY: columns > 0,
    columns,
  })
  const environment = { XDG_CACHE_HOME: cache, NO_COLOR: '1' }
  const io: Io = { cwd, environment, stdout: outputTo('stdout'), stderr: outputTo('stderr'), now: () => 0 }
  return { exitCode: await runCommandLine(args, io, programs), ...written }
}
