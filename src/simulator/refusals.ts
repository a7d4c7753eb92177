/** Owns the ways in which GitHub says no: status, message and shape of each. When to say it is left to the routes. */

const documentation = 'https://docs.github.com/rest'

/** An answer other than success, thrown by whoever decides on it. */
export class Refusal extends Error {
  override name = 'Refusal'

  constructor(
    readonly status: number,
    message: string,
    readonly errors?: readonly unknown[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }

  get body() {
    return {
      message: this.message,
      ...(this.errors ? { errors: this.errors } : {}),
      documentation_url: documentation,
      status: String(this.status),
    }
  }
}

export const badCredentials = () => new Refusal(401, 'Bad credentials')
export const badToken = () => new Refusal(401, 'A JSON web token could not be decoded')
export const notFound = () => new Refusal(404, 'Not Found')
export const suspended = () => new Refusal(403, 'This installation has been suspended')
export const archived = () => new Refusal(403, 'Repository was archived so is read-only.')
export const locked = () => new Refusal(403, 'Unable to create comment because issue is locked.')

/** `accepted` as GitHub writes it: commas between permissions of one set, semicolons between sets. */
export const missingPermission = (accepted: string) =>
  new Refusal(403, 'Resource not accessible by integration', undefined, { 'X-Accepted-GitHub-Permissions': accepted })

/** A body that does not fit the endpoint's schema; `detail` is GitHub's sentence on what does not fit. */
export const invalidRequest = (detail: string) => new Refusal(422, `Invalid request.\n\n${detail}`)

/** A review that cannot be created as it is: one bad comment refuses them all, and which one is not said. */
export const unprocessable = (...errors: string[]) => new Refusal(422, 'Unprocessable Entity', errors)

interface FieldError {
  readonly resource: string
  readonly code: 'custom' | 'invalid' | 'missing_field' | 'unprocessable'
  readonly field: string
  readonly message?: string
}

export const validationFailed = (...errors: FieldError[]) => new Refusal(422, 'Validation Failed', errors)

export const bodyTooLong = (resource: string) =>
  validationFailed({
    resource,
    code: 'unprocessable',
    field: 'data',
    message: `Body is too long (maximum is ${longestBody} characters)`,
  })

/** In characters, of every comment and review. */
export const longestBody = 65_536

/** Characters as GitHub counts them: code points, not UTF-16 units. */
export const characters = (text: string): number => [...text].length
