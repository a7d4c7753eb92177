#!/usr/bin/env node
/** Owns the process of the command line: its streams, its exit code, and whatever went wrong unnoticed. */
import { describeFailure, runCommandLine } from './command-line.ts'

// Whoever reads the output may have enough of it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.on('uncaughtException', (error) => {
  process.stderr.write(describeFailure(error))
  process.exit(2)
})

const io = {
  cwd: process.cwd(),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => performance.now(),
}
// Probot and the simulator take longer to load than a small check takes.
process.exitCode = await runCommandLine(process.argv.slice(2), io, {
  simulate: async (request) => (await import('./simulate.ts')).simulate(request),
  serve: async (options) => (await import('./serve.ts')).serve(options),
  setup: async (options) => (await import('./setup/setup.ts')).setup(options, io),
  doctor: async () => (await import('./doctor.ts')).doctor(io),
  demo: async () => (await import('./demo/run-demo.ts')).runDemo(io, process),
})
