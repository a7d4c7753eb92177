/** Owns the command line as a program of its own, transpiled once into a temporary directory, and running it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

export class BuiltProgram {
  readonly #directory = mkdtempSync(join(tmpdir(), 'celery-review-build-'))

  /** Types are left to the type check: stripping them is what takes no time. */
  constructor() {
    for (const name of ['package.json', 'node_modules', 'references'])
      symlinkSync(join(root, name), join(this.#directory, name))
    for (const folder of ['src', 'rules', 'test/processes']) {
      for (const path of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
        if (path.endsWith('.ts')) this.#transpile(join(folder, path))
      }
    }
  }

  #transpile(path: string): void {
    const { outputText } = ts.transpileModule(readFileSync(join(root, path), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    })
    const place = resolve(this.#directory, 'dist', path.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, outputText)
  }

  start(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
    return this.startScript('src/cli/main.js', args, cwd, environment)
  }

  /** Starts a module that is no part of the product, such as one of `test/processes`. */
  startScript(path: string, args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const script = join(this.#directory, 'dist', path)
    const env = { PATH: process.env.PATH, HOME: this.#directory, ...environment }
    return spawn(process.execPath, [script, ...args], { cwd, env, stdio: 'pipe' })
  }

  async run(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}) {
    const child = this.start(args, cwd, environment)
    const written = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) child[name]!.on('data', (chunk) => (written[name] += chunk))
    const exitCode = await new Promise<number | null>((done) => child.on('close', done))
    return { exitCode, ...written }
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true })
  }
}
