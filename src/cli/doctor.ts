/** Owns the command `doctor`: looks at everything that the app needs, and names the remedy for each fault. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Probot } from 'probot'
import { parse } from 'yaml'
import { type Diagnosis, diagnose, type Manifest } from '../app/doctor/diagnose.ts'
import { diagnoseStore } from '../app/doctor/diagnose-store.ts'
import { type Environment, readEnvironment, type StorageEnvironment } from '../config/environment.ts'
import { UserError } from '../core/errors.ts'
import { GitHubFailure } from '../github/failure.ts'
import { octokitClass } from '../github/octokit.ts'
import { readRegistration } from '../github/read-registration.ts'
import { withEnvFile } from './env-file.ts'
import type { Io } from './io.ts'
import { packageRoot } from './package.ts'
import { paintFor, printable } from './terminal.ts'

/** Prints what is in order and what is not. The answer is the exit code: 1 when there is a fault. */
export async function doctor(io: Io, now: () => number = Date.now): Promise<number> {
  const diagnoses = await examine(withEnvFile(io.cwd, io.environment), now)
  const paint = paintFor(io.stdout, io.environment)
  const signs = { fine: paint('green', 'ok   '), doubt: paint('yellow', 'doubt'), fault: paint('red', 'fault') }
  for (const { subject, message, state } of diagnoses) {
    io.stdout.write(`${signs[state]}  ${paint('bold', subject.padEnd(13))}  ${printable(message)}\n`)
  }
  const faults = diagnoses.filter(({ state }) => state === 'fault').length
  io.stdout.write(`\n${faults === 0 ? 'No fault found.' : `${faults} ${faults === 1 ? 'fault' : 'faults'} found.`}\n`)
  return faults === 0 ? 0 : 1
}

async function examine(variables: NodeJS.ProcessEnv, now: () => number): Promise<Diagnosis[]> {
  let environment: Environment & StorageEnvironment
  try {
    environment = readEnvironment(variables)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.message.split('\n').map((message) => ({ subject: 'environment', message, state: 'fault' }))
  }
  const environmentIsFine: Diagnosis = { subject: 'environment', message: 'is complete', state: 'fine' }
  return [
    environmentIsFine,
    ...(await diagnoseStore(environment, now)),
    ...(await examineRegistration(environment, now)),
  ]
}

async function examineRegistration(environment: Environment, now: () => number): Promise<Diagnosis[]> {
  const { appId, privateKey, apiUrl } = environment
  const probot = new Probot({
    appId,
    privateKey,
    secret: environment.webhookSecret,
    baseUrl: apiUrl,
    logLevel: 'fatal',
    Octokit: octokitClass({ isPatient: false }),
  })
  try {
    const registration = await readRegistration(await probot.auth())
    const manifest = parse(readFileSync(join(packageRoot(), 'app.yml'), 'utf8')) as Manifest
    const credentials: Diagnosis = {
      subject: 'credentials',
      message: `are those of the App ${registration.slug}`,
      state: 'fine',
    }
    return [credentials, ...diagnose(registration, manifest, now())]
  } catch (error) {
    return [{ subject: 'credentials', message: remedyOf(error, environment), state: 'fault' }]
  }
}

function remedyOf(error: unknown, { apiUrl, appId }: Environment): string {
  const unreachable = (reason: string) =>
    `${apiUrl} cannot be reached (${reason}): check GITHUB_API_URL and the network`
  if (!(error instanceof GitHubFailure)) return unreachable(error instanceof Error ? error.message : String(error))
  const { failure } = error
  if (failure.kind === 'unavailable' && failure.isUnanswered) return unreachable(failure.message)
  if (failure.kind === 'unavailable' && failure.isUnauthorized) {
    return `GitHub does not accept them: PRIVATE_KEY must be a key of the App with the number ${appId}, and this machine's clock right`
  }
  if (failure.kind === 'gone') return `${apiUrl} knows no App with the number ${appId}: check APP_ID and GITHUB_API_URL`
  return `GitHub does not answer as it should (${error.message}): try again later`
}
