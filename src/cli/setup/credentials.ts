/** Owns keeping the credentials of a new App on disk, where nobody but their owner may read them. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { NewApp } from '../../github/convert-manifest.ts'

const environmentFile = '.env'
const keyFile = 'private-key.pem'

/** @throws UserError when there are credentials already: they may be the only copy. */
export function refuseToOverwrite(directory: string): void {
  for (const name of [environmentFile, keyFile]) {
    if (existsSync(join(directory, name))) {
      throw new UserError(`${join(directory, name)}: exists already; move it away, or run setup in another directory`)
    }
  }
}

/** Writes `.env` and the private key. Throws when a file exists. */
export function writeCredentials(directory: string, app: NewApp, apiUrl: string, publicUrl: string): void {
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text, { mode: 0o600, flag: 'wx' })
  write(keyFile, app.privateKey)
  const lines = [
    `APP_ID=${app.id}`,
    `PRIVATE_KEY_PATH=${join(directory, keyFile)}`,
    `WEBHOOK_SECRET=${app.webhookSecret}`,
    `REFERENCES_URL=${publicUrl}/references`,
    ...(apiUrl === 'https://api.github.com' ? [] : [`GITHUB_API_URL=${apiUrl}`]),
  ]
  write(environmentFile, `${lines.join('\n')}\n`)
}
