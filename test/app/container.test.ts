/** Holds the Dockerfile, what may go into the image, and compose.yaml to the program that they start. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { serveHttp } from '../../src/app/serve-http.ts'
import { readEnvironment } from '../../src/config/environment.ts'
import { generatePrivateKey } from '../../src/simulator/access.ts'

const root = new URL('../../', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, root), 'utf8')
/** The Dockerfile's instructions, with those lines joined that are continued. */
const instructions = read('Dockerfile').replaceAll('\\\n', ' ').split('\n')
const compose = parse(read('compose.yaml'), { merge: true })
const given = { APP_ID: '1', WEBHOOK_SECRET: 'a secret', PRIVATE_KEY: await generatePrivateKey() }

interface Instance {
  readonly build: string
  readonly ports: readonly string[]
  readonly environment: Readonly<Record<string, string | number>>
  readonly depends_on: { readonly database: { readonly condition: string } }
}

/** What follows each instruction of a name. */
const all = (name: string) =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))

/** The command in an instruction's brackets. */
const command = (text: string): string[] => JSON.parse(text.slice(text.indexOf('[')))

test('the image is built from files that are there and may go in, and holds all that the program reads beside itself', () => {
  const allowed = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
  for (const name of allowed) expect([name, existsSync(new URL(name, root))]).toEqual([name, true])
  const { include } = JSON.parse(read('tsconfig.build.json'))
  expect(allowed).toEqual(
    expect.arrayContaining([...include, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']),
  )
  const copied = all('COPY').flatMap((text) => /^--from=build \/app\/(\S+) /.exec(text)?.[1] ?? [])
  const made = ['node_modules', 'dist']
  expect(copied).toEqual(expect.arrayContaining([...made, 'app.yml', 'package.json', 'references']))
  expect(allowed).toEqual(expect.arrayContaining(copied.filter((name) => !made.includes(name))))
})

test('the image runs on the Debian that SQLite was compiled on', () => {
  const [build, run] = all('FROM')
  expect(run).toBe(build?.replace(' AS build', '-slim'))
})

test('the image starts what npm start does, but not as root, and keeps its data where the volume is', () => {
  expect(command(all('CMD').at(-1)!).join(' ')).toBe(JSON.parse(read('package.json')).scripts.start)
  expect(all('USER')).toEqual(['node'])
  const variables = Object.fromEntries(all('ENV').map((text) => text.split('=')))
  const environment = readEnvironment({ ...given, ...variables })
  expect(all('VOLUME')).toEqual([environment.dataDir])
  expect(all('EXPOSE')).toEqual([`${environment.port}`])
})

test('the image is healthy while the app answers', async () => {
  const [program, ...args] = command(
    instructions.find((line) => line.startsWith('HEALTHCHECK '))!.replace(/^.*? CMD /, ''),
  )
  expect(program).toBe('node')
  const server = await serveHttp({ host: '127.0.0.1', port: 0, pages: new Map(), isReady: () => false })
  const look = () => promisify(execFile)(process.execPath, args, { env: { PORT: new URL(server.url).port } })
  await look()
  await server.close()
  await expect(look()).rejects.toThrow()
})

test('compose.yaml starts instances of the image on its database, listening where its ports lead', () => {
  const { database, ...instances } = compose.services
  expect(Object.keys(instances).length).toBeGreaterThan(1)
  for (const { build, ports, environment, depends_on } of Object.values<Instance>(instances)) {
    expect(build).toBe('.')
    expect(depends_on.database.condition).toBe('service_healthy')
    const variables = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, `${value}`]))
    // What `.env` says must not come between.
    const { host, port, databaseUrl } = readEnvironment({ ...given, HOST: '127.0.0.1', PORT: '8080', ...variables })
    expect(host).toBe('0.0.0.0')
    expect(ports.map((mapping) => mapping.split(':')[1])).toEqual([`${port}`])
    const { hostname, username, password, pathname } = new URL(databaseUrl!)
    expect(hostname).toBe('database')
    expect(database.environment).toEqual({
      POSTGRES_USER: username,
      POSTGRES_PASSWORD: password,
      POSTGRES_DB: pathname.slice(1),
    })
  }
})
