/** Owns the commands and options of the command line, and the exit codes: 0 fine, 1 findings, 2 it could not do its work. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { UserError } from '../core/errors.ts'
import { severities } from '../core/finding.ts'
import type { Place } from '../engine/explain-silence.ts'
import { listRules } from './catalogue.ts'
import { formats } from './formats/formats.ts'
import type { Io } from './io.ts'
import { packageVersion } from './package.ts'
import { type CheckOptions, check, diff, type ReviewOptions } from './review.ts'
import type { SimulateRequest } from './simulate.ts'
import { formatSimulationJson, formatSimulationText, type Simulation } from './simulation.ts'
import { gitDirOf } from './target.ts'
import { paintFor, printable } from './terminal.ts'

/** The parts of the product that the command line starts but does not own. A command whose part is missing does not exist. */
export interface Programs {
  /** Reviews the pull request of `head` into `base` with the whole app against the simulator. */
  readonly simulate: (request: SimulateRequest) => Promise<Simulation>
  /** Runs the app until it is told to stop. */
  readonly serve: (options: { readonly role: 'all' | 'web' | 'worker' }) => Promise<void>
  /** Creates the GitHub App and keeps its credentials. */
  readonly setup: (options: { readonly publicUrl: string; readonly organization?: string }) => Promise<void>
  /** Examines how the app is set up. The answer is the exit code. */
  readonly doctor: () => Promise<number>
  /** Reviews a pull request of a small shop. The answer is the exit code. */
  readonly demo: () => Promise<number>
}

/**
 * Runs one command; never throws. The answer is the exit code.
 * @param args without the program and the script
 */
export async function runCommandLine(args: readonly string[], io: Io, programs: Partial<Programs>): Promise<number> {
  let exitCode = 0
  const program = createProgram(io, programs, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    // commander has said already what is wrong with the usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    io.stderr.write(describeFailure(error))
    return 2
  }
}

/** One line for whoever has to mend it. What the error quotes may be anything. */
export function describeFailure(error: unknown): string {
  const fault = 'failed, which is a fault of celery-review'
  if (error instanceof UserError) return printable(`celery-review: ${error.message}\n`)
  if (!(error instanceof Error)) return printable(`celery-review: ${fault}: ${String(error)}\n`)
  const place = /^ +(at .*)$/m.exec(error.stack ?? '')?.[1] ?? ''
  return printable(`celery-review: ${fault}: ${error.message.split('\n', 1)[0]} ${place}\n`)
}

function createProgram(io: Io, programs: Partial<Programs>, finish: (exitCode: number) => void): Command {
  const program = new Command('celery-review')
    .description('Finds Celery mistakes in Python and Django projects.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) =>
        write(
          `${text
            .replace(/^error:/, 'celery-review:')
            .trim()
            .replace(/\s*\n\s*/g, ' ')}\n`,
        ),
    })

  reviewCommand(program.command('check'))
    .description('all findings of a tree: the project around PATH on disk, or a commit')
    .argument('[path...]', 'show the findings in these files and directories only')
    .option('--ref <ref>', 'check a commit instead of what is on disk; PATH starts at the root of the repository then')
    .addOption(
      new Option('--fix', 'apply the safe fixes to the files on disk, then show what remains').conflicts('diff'),
    )
    .option('--diff', 'show what --fix would change, and change nothing')
    .option('--unsafe-fixes', 'with --fix or --diff: also the fixes that may change what the code does')
    .action(async (paths: string[], options: CheckOptions) => {
      finish(await check(paths, options, io))
    })

  reviewCommand(program.command('diff'))
    .description('the findings that a pull request of HEAD into BASE introduces')
    .argument('<base>', 'the branch, tag or commit that the pull request goes into')
    .argument('[head]', 'what it brings; the working tree if it is left out')
    .action(async (base: string, head: string | undefined, options: ReviewOptions) => {
      finish(await diff(base, head, options, io))
    })

  program
    .command('rules')
    .description('the catalogue of rules')
    .addOption(textOrJson())
    .action(({ format }: { format: 'text' | 'json' }) => listRules(format, io))

  program
    .command('explain')
    .description('one rule, with its section of the reference')
    .argument('<rule>')
    .action(async (rule: string) => {
      // The Markdown parser takes longer to load than a small check takes.
      const { explain } = await import('./explain.ts')
      await explain(rule, io)
    })

  const { simulate, serve, setup, doctor, demo } = programs
  if (simulate) simulateCommand(program.command('simulate'), simulate, io)
  if (serve)
    program
      .command('serve')
      .description('the app')
      .addOption(
        new Option('--role <role>', 'take webhooks in, work on them, or both')
          .choices(['all', 'web', 'worker'])
          .default('all'),
      )
      .action(serve)
  if (setup) setupCommand(program.command('setup'), setup)
  if (doctor)
    program
      .command('doctor')
      .description('checks how the app is set up, and names the remedy for each fault')
      .action(async () => finish(await doctor()))
  if (demo)
    program
      .command('demo')
      .description('a review of a small shop, from end to end')
      .action(async () => finish(await demo()))
  return program
}

interface SimulateOptions {
  readonly repo: string
  readonly warm?: boolean
  readonly format: 'text' | 'json'
}

const simulateCommand = (command: Command, simulate: Programs['simulate'], io: Io): Command =>
  command
    .description('the whole app against a simulated GitHub, from the webhook to the review; prints all that it posted')
    .argument('<base>', 'the commit that the pull request goes into')
    .argument('<head>', 'the commit that it brings')
    .requiredOption('--repo <gitdir>', 'the git directory or checkout that has both')
    .option('--warm', 'let the app review the last change of Python before it, so that it knows the repository')
    .addOption(textOrJson())
    .action(async (base: string, head: string, { repo, warm: isWarm = false, format }: SimulateOptions) => {
      const simulation = await simulate({ gitDir: await gitDirOf(io.cwd, repo), base, head, isWarm })
      const paint = paintFor(io.stdout, io.environment)
      io.stdout.write(format === 'json' ? formatSimulationJson(simulation) : formatSimulationText(simulation, paint))
    })

const setupCommand = (command: Command, setup: Programs['setup']): Command =>
  command
    .description('creates the GitHub App in your browser, and keeps its credentials in .env')
    .argument('<url>', 'where GitHub will reach the app, such as https://review.example.com', parseWebAddress)
    .option('--organization <name>', 'the organization that shall own the App; you, if it is left out')
    .action((publicUrl: string, { organization }: { organization?: string }) => setup({ publicUrl, organization }))

const reviewCommand = (command: Command): Command =>
  command
    .addOption(
      new Option('--format <format>', 'how the findings are printed').choices(Object.keys(formats)).default('text'),
    )
    .option('--repo <gitdir>', 'read commits from this git directory or checkout; no checkout is needed')
    .option(
      '--select <rules>',
      'run these rules only: names of rules or of reference documents, with commas',
      parseNames,
    )
    .option('--ignore <rules>', 'do not run these rules', parseNames)
    .option('--preview', 'run the rules in preview too')
    .addOption(severityOption('--severity <level>', 'show findings of this severity or worse').default('info'))
    .addOption(severityOption('--fail-on <level>', 'exit with 1 from this severity on').default('warning'))
    .option('--config <file>', "use this configuration instead of the project's .github/celery-review.yml")
    .addOption(
      new Option(
        '--explain-silence <file:line>',
        'say why this place was not reported, instead of the findings',
      ).argParser(parsePlace),
    )
    .option('--no-cache', 'neither use nor keep what is known of files from earlier runs')

const textOrJson = () => new Option('--format <format>', 'how it is printed').choices(['text', 'json']).default('text')

const severityOption = (flags: string, description: string) => new Option(flags, description).choices(severities)

function parseWebAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('It must be an address such as https://review.example.com.')
  }
  return text.replace(/\/+$/, '')
}

function parsePlace(place: string): Place {
  const [, path, line] = /^(?:\.\/)?(.+):(\d+)$/.exec(place) ?? []
  if (!path || !line) throw new InvalidArgumentError('It must be the path of a file, a colon and a line.')
  return { path, line: Number(line) }
}

function parseNames(list: string, before: readonly string[] = []): string[] {
  const names = list.split(',').map((name) => name.trim())
  if (names.includes('')) throw new InvalidArgumentError('It must be a list of names with commas between them.')
  return [...before, ...names]
}
