/** Owns the environment of the app: which variables it reads, and what is wrong with them, said before anything starts. */
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { UserError } from '../core/errors.ts'

export interface Environment {
  readonly appId: number
  /** PEM. */
  readonly privateKey: string
  readonly webhookSecret: string
  readonly host: string
  readonly port: number
  /** Where GitHub's REST interface is: another one for GitHub Enterprise Server and for the simulator. */
  readonly apiUrl: string
  /** The address below which the reference documents lie that comments link to. */
  readonly referencesUrl: string
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  readonly logFormat: 'json' | 'pretty'
}

/** Where the app keeps what must outlive it: in a PostgreSQL where one is given, in a file of its own otherwise. */
export interface StorageEnvironment {
  readonly dataDir: string
  readonly databaseUrl?: string
}

/** The variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What Probot uses where no secret is set, and so what anybody can sign with. */
const secretEverybodyKnows = 'development'

const webAddress = (error: string) => z.url({ protocol: /^https?$/, error }).transform((url) => url.replace(/\/+$/, ''))

const schema = z.object({
  APP_ID: z
    .string(
      'set it to the number at the top of the settings page of your GitHub App, or create one: npx celery-review setup',
    )
    .regex(/^[1-9]\d*$/, 'must be the number at the top of the settings page of your GitHub App')
    .transform(Number),
  WEBHOOK_SECRET: z
    .string('set it to the webhook secret of your GitHub App (make one with: openssl rand -hex 32)')
    .refine(
      (secret) => secret !== secretEverybodyKnows,
      `"${secretEverybodyKnows}" is no secret: make one with openssl rand -hex 32, and set it in the GitHub App too`,
    ),
  PRIVATE_KEY: z.string().optional(),
  PRIVATE_KEY_PATH: z.string().optional(),
  HOST: z.string().default('0.0.0.0'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .refine((port) => port < 65_536, 'must be a port number')
    .default(3000),
  GITHUB_API_URL: webAddress('must be an address such as https://github.example.com/api/v3').default(
    'https://api.github.com',
  ),
  REFERENCES_URL: webAddress('must be the address below which the reference documents lie').default(
    'https://github.com/celery-review/celery-review/blob/main/references',
  ),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be an address such as postgres://user@host/database' })
    .optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'must be one of trace, debug, info, warn, error, fatal')
    .default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], 'must be json or pretty').default('json'),
})

/**
 * Reads the variables; an empty one counts as not set.
 * @throws UserError with one line for each variable that is missing or wrong; it never repeats a value.
 */
export function readEnvironment(env: Variables): Environment & StorageEnvironment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  const problems = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  const key = readPrivateKey(given)
  if ('problem' in key) problems.push(key.problem)
  if (!parsed.success || 'problem' in key) throw new UserError(problems.join('\n'))
  const { APP_ID, WEBHOOK_SECRET, HOST, PORT, GITHUB_API_URL, REFERENCES_URL, LOG_LEVEL, LOG_FORMAT } = parsed.data
  const { DATA_DIR, DATABASE_URL } = parsed.data
  return {
    appId: APP_ID,
    privateKey: key.pem,
    webhookSecret: WEBHOOK_SECRET,
    host: HOST,
    port: PORT,
    apiUrl: GITHUB_API_URL,
    referencesUrl: REFERENCES_URL,
    logLevel: LOG_LEVEL,
    logFormat: LOG_FORMAT,
    dataDir: DATA_DIR,
    databaseUrl: DATABASE_URL,
  }
}

/** The key from `PRIVATE_KEY` (as it is, with its line ends written `\n`, or in base64) or from the file at `PRIVATE_KEY_PATH`. */
function readPrivateKey({ PRIVATE_KEY, PRIVATE_KEY_PATH }: Variables): { pem: string } | { problem: string } {
  let pem: string
  let source: string
  if (PRIVATE_KEY) {
    source = 'PRIVATE_KEY'
    const isPem = PRIVATE_KEY.includes('-----BEGIN')
    pem = isPem ? PRIVATE_KEY.replaceAll('\\n', '\n') : Buffer.from(PRIVATE_KEY, 'base64').toString()
  } else if (PRIVATE_KEY_PATH) {
    source = 'PRIVATE_KEY_PATH'
    try {
      pem = readFileSync(PRIVATE_KEY_PATH, 'utf8')
    } catch (error) {
      return { problem: `${source}: cannot be read (${(error as NodeJS.ErrnoException).code})` }
    }
  } else {
    return {
      problem: 'PRIVATE_KEY: set it, or PRIVATE_KEY_PATH, to the key generated on the settings page of your GitHub App',
    }
  }
  try {
    createPrivateKey(pem)
  } catch {
    return { problem: `${source}: holds no private key in PEM format` }
  }
  return { pem }
}
